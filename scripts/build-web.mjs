// Builds the pages of src/web into dist/web, unless what is there was built from the same sources and packages. Takes 2 s.
//
//   npm run build
import { createHash } from "node:crypto";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const packBrotli = promisify(brotliCompress);
const packGzip = promisify(gzip);

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));
const BUILT = join(CHECKOUT, "dist/web");
const STAMP = ".built-from";
const CONFIG = join(CHECKOUT, "src/web/vite.config.ts");

/** Resolves when dist/web is what the sources say; `false` when it was so already. */
export async function buildWeb() {
  const sources = hashOfSources();
  const stamp = join(BUILT, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return false;
  const { build } = await import("vite");
  // Built beside and renamed, so that what is there is whole.
  mkdirSync(join(CHECKOUT, "dist"), { recursive: true });
  const draft = mkdtempSync(join(CHECKOUT, "dist/web-"));
  await build({ configFile: CONFIG, mode: "production", logLevel: "warn", build: { outDir: draft } });
  await compressFiles(join(draft, "assets"));
  writeFileSync(join(draft, STAMP), sources);
  rmSync(BUILT, { recursive: true, force: true });
  renameSync(draft, BUILT);
  return true;
}

/** Writes a brotli and a gzip file beside each that gains by it, so that no request waits for packing. */
async function compressFiles(folder) {
  const files = readdirSync(folder).filter((name) => /\.(?:js|css|svg)$/.test(name));
  await Promise.all(
    files.map(async (name) => {
      const bytes = readFileSync(join(folder, name));
      const size = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      const packed = { br: await packBrotli(bytes, { params: size }), gz: await packGzip(bytes, { level: 9 }) };
      for (const [ending, content] of Object.entries(packed)) {
        if (content.length < bytes.length) writeFileSync(join(folder, `${name}.${ending}`), content);
      }
    }),
  );
}

function hashOfSources() {
  const hash = createHash("sha256");
  const files = globSync("src/web/**/*", { cwd: CHECKOUT }).filter((file) => statSync(join(CHECKOUT, file)).isFile());
  for (const file of ["package-lock.json", "scripts/build-web.mjs", ...files.sort()]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(CHECKOUT, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWeb();
