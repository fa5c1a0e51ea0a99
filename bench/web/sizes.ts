import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { settle } from "../../scripts/looking.ts";
import { FIRST_PAGE_MS } from "../../src/web/shell/prefetch.ts";
import type { Measured } from "./measured.ts";

const ASSETS = fileURLToPath(new URL("../../dist/web/assets/", import.meta.url));

/** Of drawing, which no page needs before it shows its numbers. */
const CHARTS = /^(?:charts?|seat-trend|days-chart|histogram)-/;
const GRID = /^grid-rows-/;

/** What pages weigh, packed: the files that the browser really fetched for each, in a browser without a cache. */
export async function measureSizes(openPage: () => Promise<Page>, paths: readonly string[]): Promise<Measured[]> {
  const filesOf = new Map<string, string[]>();
  for (const path of paths) {
    const page = await openPage();
    await page.goto(path);
    await settle(page);
    filesOf.set(path, await assetsOf(page));
    await page.context().close();
  }
  const all = [...new Set([...filesOf.values()].flat())];
  const packed = new Map<string, number>();
  for (const file of all) packed.set(file, gzipSync(await readFile(join(ASSETS, file)), { level: 9 }).length / 1024);
  const weigh = (files: readonly string[]) => files.reduce((sum, file) => sum + (packed.get(file) ?? 0), 0);
  const scripts = (path: string) => (filesOf.get(path) ?? []).filter((file) => file.endsWith(".js"));
  const shared = scripts(paths[0] ?? "").filter((file) => paths.every((path) => scripts(path).includes(file)));
  const ownOf = (path: string) =>
    scripts(path).filter((file) => !shared.includes(file) && !CHARTS.test(file) && !GRID.test(file));
  const isOnlyOf = (path: string) => (file: string) =>
    paths.every((other) => other === path || !scripts(other).includes(file));
  const pages = paths
    .map((path) => ({ path, kib: weigh(ownOf(path).filter(isOnlyOf(path))) }))
    .toSorted((a, b) => b.kib - a.kib);
  const heaviest = pages[0];
  const first = paths[0] ?? "";
  return [
    { what: `scripts of the shell and ${first}`, value: weigh([...shared, ...ownOf(first)]), most: 200, unit: "KiB" },
    {
      what: `scripts that only one page needs, at most (${heaviest?.path})`,
      value: heaviest?.kib ?? 0,
      most: 40,
      unit: "KiB",
    },
    { what: "scripts of the grid", value: weigh(all.filter((file) => GRID.test(file))), most: 40, unit: "KiB" },
    {
      what: "scripts of the charts",
      value: weigh(all.filter((file) => CHARTS.test(file) && file.endsWith(".js"))),
      most: 40,
      unit: "KiB",
    },
    {
      what: "styles of a page, at most",
      value: Math.max(...paths.map((path) => weigh((filesOf.get(path) ?? []).filter((file) => file.endsWith(".css"))))),
      most: 16,
      unit: "KiB",
    },
    { what: "font", value: weigh(all.filter((file) => file.endsWith(".woff2"))), most: 48, unit: "KiB" },
  ];
}

/** Without what is fetched later, while nothing happens (src/web/shell/prefetch.ts). */
function assetsOf(page: Page): Promise<string[]> {
  return page.evaluate(
    (firstPageMs) =>
      performance
        .getEntriesByType("resource")
        .filter(({ startTime }) => startTime < firstPageMs)
        .map(({ name }) => new URL(name).pathname)
        .filter((path) => path.startsWith("/assets/"))
        .map((path) => path.slice("/assets/".length)),
    FIRST_PAGE_MS,
  );
}
