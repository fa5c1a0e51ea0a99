import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** What was built, as `npm test` does first. */
const BUILT = fileURLToPath(new URL("../dist/web/", import.meta.url));
const KIB = 1024;

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
  assets?: string[];
  isDynamicEntry?: boolean;
}

const CHUNKS = JSON.parse(readFileSync(join(BUILT, ".vite/manifest.json"), "utf8")) as Record<string, Chunk>;

/** A chunk and all that it needs before it can run. */
function withImports(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const each of CHUNKS[name]?.imports ?? []) withImports(each, found);
  return found;
}

function packed(file: string): number {
  return gzipSync(readFileSync(join(BUILT, file)), { level: 9 }).length;
}

function kibOf(names: Iterable<string>): number {
  const files = [...names].map((name) => CHUNKS[name]?.file ?? "");
  return files.reduce((sum, file) => sum + packed(file), 0) / KIB;
}

const SHELL = withImports("index.html");

/** What a lazily loaded chunk adds to the shell, in KiB of packed JavaScript. */
const ADDED = Object.entries(CHUNKS)
  .filter(([, { isDynamicEntry }]) => isDynamicEntry)
  .map(([name]) => ({ name, kib: kibOf([...withImports(name)].filter((each) => !SHELL.has(each))) }));

/** What most people have by then: the shell, and the page that they begin on. */
const BEGUN = withImports("pages/overview/page.tsx", new Set(SHELL));

/** What a page, or a part that comes later, adds to that. */
const tooLarge = (kibMax: number) =>
  ADDED.map(({ name }) => ({ name, kib: kibOf([...withImports(name)].filter((each) => !BEGUN.has(each))) }))
    .filter(({ kib }) => kib > kibMax)
    .map(({ name, kib }) => `${name}: ${kib.toFixed(1)} KiB`);

describe("what the pages weigh", () => {
  it("is at most 200 KiB packed for the shell with any first page", (context) => {
    const pages = ADDED.filter(({ name }) => name.endsWith("/page.tsx"));
    const largest = pages.reduce((one, other) => (other.kib > one.kib ? other : one));
    const kib = kibOf(SHELL) + largest.kib;

    context.diagnostic(
      `shell ${kibOf(SHELL).toFixed(1)} KiB; largest page ${largest.name} ${largest.kib.toFixed(1)} KiB`,
    );
    assert.ok(kib <= 200, `The shell and ${largest.name} weigh ${kib.toFixed(1)} KiB.`);
  });

  it("is at most 40 KiB for each page, and each part of one that is loaded later", () => {
    assert.deepEqual(tooLarge(40), []);
  });

  it("is at most 16 KiB of styles for any page, and 48 KiB for the font", () => {
    const styles = ADDED.map(({ name }) => {
      const files = new Set([...withImports(name), ...SHELL].flatMap((each) => CHUNKS[each]?.css ?? []));
      return { name, kib: [...files].reduce((sum, file) => sum + packed(file), 0) / KIB };
    });
    const fonts = Object.values(CHUNKS).flatMap(({ file, assets = [] }) =>
      [file, ...assets].filter((each) => each.endsWith(".woff2")),
    );

    assert.deepEqual(
      styles.filter(({ kib }) => kib > 16),
      [],
    );
    assert.equal(new Set(fonts).size, 1);
    assert.ok(statSync(join(BUILT, fonts[0] ?? "")).size <= 48 * KIB);
  });
});
