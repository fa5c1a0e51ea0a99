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
  dynamicImports?: string[];
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

/** The two parts that many pages share and that have budgets of their own (UX.md §10). */
const GRID = onlyChunk("_table-");
const CHARTS = onlyChunk("_charts-");

function onlyChunk(prefix: string): string {
  const names = Object.keys(CHUNKS).filter((name) => name.startsWith(prefix) && name.endsWith(".js"));
  assert.equal(names.length, 1, `${prefix}: ${names.join(", ")}`);
  return names[0] ?? "";
}

/** What is loaded later: by whom it is asked for, and what it adds to that and to the shell, in KiB of packed JavaScript. */
const ADDED = Object.entries(CHUNKS).flatMap(([asker, { dynamicImports = [] }]) =>
  dynamicImports.map((name) => {
    const there = withImports(asker, new Set(SHELL));
    return { asker, name, added: [...withImports(name)].filter((each) => !there.has(each)) };
  }),
);

describe("what the pages weigh", () => {
  it("is at most 200 KiB packed for the shell with any first page", (context) => {
    const pages = ADDED.filter(({ name }) => name.startsWith("pages/")).map(({ name, added }) => ({
      name,
      kib: kibOf(added),
    }));
    const largest = pages.reduce((one, other) => (other.kib > one.kib ? other : one));
    const kib = kibOf(SHELL) + largest.kib;

    context.diagnostic(
      `shell ${kibOf(SHELL).toFixed(1)} KiB; largest page ${largest.name} ${largest.kib.toFixed(1)} KiB`,
    );
    assert.ok(kib <= 200, `The shell and ${largest.name} weigh ${kib.toFixed(1)} KiB.`);
  });

  it("is at most 40 KiB for each page beside the grid and the charts, and 48 for what opens later", () => {
    const pages = new Set(Object.keys(CHUNKS).filter((name) => /^pages\/.*page\.tsx$/.test(name)));
    const heavy = ADDED.map(({ asker, name, added }) => ({
      what: `${name} (asked for by ${asker})`,
      most: pages.has(name) ? 40 : 48,
      kib: kibOf(added.filter((each) => each !== GRID && each !== CHARTS)),
    })).filter(({ kib, most }) => kib > most);

    assert.deepEqual(heavy, []);
  });

  it("is at most 40 KiB for the grid, and for the charts", () => {
    for (const name of [GRID, CHARTS]) {
      const kib = kibOf([...withImports(name)].filter((each) => !SHELL.has(each)));
      assert.ok(kib <= 40, `${name} weighs ${kib.toFixed(1)} KiB.`);
    }
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
