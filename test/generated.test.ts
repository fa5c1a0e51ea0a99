import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { findDrift, generateFiles } from "../scripts/generate/files.ts";

type Json = Record<string, unknown>;

describe("generated files", () => {
  let files: Map<string, string>;

  before(async () => {
    files = await generateFiles();
  });

  it("are what the code gives; `npm run generate` writes them", async () => {
    assert.deepEqual(await findDrift(files), []);
  });

  it("are the same each time", async () => {
    assert.deepEqual(await generateFiles(), files);
  });

  it("hold an OpenAPI document whose references all lead somewhere", () => {
    const document = JSON.parse(files.get("openapi.json") ?? "") as { components: { schemas: Json } };
    const references = [...(files.get("openapi.json") ?? "").matchAll(/"\$ref": "#\/components\/schemas\/([^"]+)"/g)];

    assert.ok(references.length > 0);
    assert.deepEqual(
      references.map(([, name]) => name).filter((name) => !Object.hasOwn(document.components.schemas, name ?? "")),
      [],
    );
  });
});
