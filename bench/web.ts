// What the pages weigh and how long they take, against UX.md §10, over a company of 100,000 people made by SQL; the server
// listens on the loopback, the browser has 1440 × 900.
import { parseArgs } from "node:util";
import { createRunSignals, type RunSignals } from "../src/http/run-signals.ts";
import { startTestServer } from "../src/http/testing/server.ts";
import { systemClock } from "../src/lib/clock.ts";
import { launchChromium } from "../test/browser/chromium.ts";
import { buildWeb } from "../scripts/build-web.mjs";
import { openLookedAt } from "../scripts/looking.ts";
import { HUNDRED_THOUSAND, openCompany } from "./company.ts";
import { GRID_BUDGETS, type GridResult, measureGridOn } from "./grid.ts";
import { type Measured, report } from "./web/measured.ts";
import { measureSizes } from "./web/sizes.ts";
import { measureStream } from "./web/stream.ts";
import { measureLoads, measurePalette, measureRouteChanges, measureWork, observe } from "./web/times.ts";
import { PAGES } from "../src/web/pages.ts";

const { values } = parseArgs({ options: { people: { type: "string", default: String(HUNDRED_THOUSAND.accounts) } } });

await buildWeb();
const signals: RunSignals[] = [];
// The stream of a run waits by the clock on the wall.
const server = await startTestServer({
  clock: systemClock,
  servicesOf: async ({ db }) => {
    const runSignals = await createRunSignals(db);
    signals.push(runSignals);
    return { runSignals };
  },
});
const browser = await launchChromium();
try {
  const accounts = Number(values.people);
  await openCompany(server, { ...HUNDRED_THOUSAND, accounts });
  const baseUrl = await server.app.listen({ port: 0, host: "127.0.0.1" });
  const token = await server.makeToken(["*"]);
  const openPage = async () => {
    const look = { baseUrl, token, width: 1440, height: 900, dark: false };
    const page = await openLookedAt(browser, look, (words) => console.error(words));
    await page.addInitScript(observe);
    return page;
  };
  const paths = Object.keys(PAGES).filter((path) => !path.includes("$"));
  const sizes = await measureSizes(openPage, paths);
  const loads = [...(await measureLoads(openPage, "/overview")), ...(await measureLoads(openPage, "/people"))];
  const page = await openPage();
  const work = [...(await measureWork(page)), ...(await measureRouteChanges(page)), ...(await measurePalette(page))];
  const stream = await measureStream(page, server.db);
  await page.goto("/people");
  const grid = gridFigures(await measureGridOn(page, accounts));
  if (!report([...sizes, ...loads, ...work, ...stream, ...grid])) process.exitCode = 1;
} finally {
  await browser.close();
  for (const each of signals) await each.close();
  await server.close();
}

/** The grid by itself: frames, jumps and keys. */
function gridFigures(grid: GridResult): Measured[] {
  return [
    { what: "a frame of the grid, p95", value: grid.frameP95Ms, most: GRID_BUDGETS.frameP95Ms, unit: "ms" },
    { what: "a frame of the grid, p99", value: grid.frameP99Ms, most: GRID_BUDGETS.frameP99Ms, unit: "ms" },
    { what: "long tasks while the grid scrolls", value: grid.longTasks, most: GRID_BUDGETS.longTasks, unit: "" },
    {
      what: "percent of rows without data",
      value: grid.withoutDataPercent,
      most: GRID_BUDGETS.withoutDataPercent,
      unit: "",
    },
    { what: "jump in the grid, p95", value: grid.jumpP95Ms, most: GRID_BUDGETS.jumpP95Ms, unit: "ms" },
    { what: "key in the grid, p98", value: grid.interactionP98Ms, most: GRID_BUDGETS.interactionP98Ms, unit: "ms" },
  ];
}
