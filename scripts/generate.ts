// Makes the files that follow from the code: openapi.json, schema.sql, docs/reference.
//
//   npm run generate              writes them
//   npm run generate -- --check   says which ones are out of date, and ends with 1 if any is
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { releaseTestCluster } from "../src/store/testing/cluster.ts";
import { fileOf, findDrift, generateFiles } from "./generate/files.ts";

const { values } = parseArgs({ options: { check: { type: "boolean" }, write: { type: "boolean" } } });

const files = await generateFiles();
await releaseTestCluster();
const stale = await findDrift(files);
if (values.check) {
  for (const name of stale) console.log(`${name} is out of date: run \`npm run generate\``);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const name of stale) {
    await mkdir(dirname(fileOf(name)), { recursive: true });
    await writeFile(fileOf(name), files.get(name) ?? "");
    console.log(`wrote ${name}`);
  }
}
