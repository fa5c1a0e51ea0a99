import type { Page } from "playwright-core";
import { settle } from "../../scripts/looking.ts";
import { median, percentile } from "../statistics.ts";
import type { Measured } from "./measured.ts";

const LOADS = 7;
const ROUTE_CHANGES = 20;

interface Seen {
  lcp: number;
  shift: number;
  events: number[];
  longTasks: number[];
}

/** Put into every page before its own scripts: what the browser itself notes. */
export function observe(): void {
  const seen: Seen = { lcp: 0, shift: 0, events: [], longTasks: [] };
  (globalThis as unknown as { seen: Seen }).seen = seen;
  type Noted = PerformanceEntry & { value?: number; hadRecentInput?: boolean; interactionId?: number };
  const watch = (type: string, note: (entry: Noted) => void, more: object = {}) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) note(entry);
    }).observe({ type, buffered: true, ...more });
  watch("largest-contentful-paint", ({ startTime }) => (seen.lcp = startTime));
  watch("layout-shift", ({ value = 0, hadRecentInput }) => (seen.shift += hadRecentInput ? 0 : value));
  watch("event", ({ duration, interactionId = 0 }) => interactionId > 0 && seen.events.push(duration), {
    durationThreshold: 16,
  });
  watch("longtask", ({ duration }) => seen.longTasks.push(duration));
}

const seenOn = (page: Page): Promise<Seen> => page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);

/** Each time in a browser without a cache. */
export async function measureLoads(openPage: () => Promise<Page>, path: string): Promise<Measured[]> {
  const paints: number[] = [];
  let shift = 0;
  for (let load = 0; load < LOADS; load += 1) {
    const page = await openPage();
    await page.goto(path);
    await settle(page);
    const seen = await seenOn(page);
    paints.push(seen.lcp);
    shift = Math.max(shift, seen.shift);
    await page.context().close();
  }
  return [
    { what: `largest paint of ${path}, cold, median of ${LOADS}`, value: median(paints), most: 600, unit: "ms" },
    { what: `largest paint of ${path}, cold, slowest`, value: Math.max(...paints), most: 900, unit: "ms" },
    { what: `layout shift of ${path}`, value: shift, most: 0.02, unit: "" },
  ];
}

/** Somebody works with the list of people: types, filters, walks, opens, scrolls. */
export async function measureWork(page: Page): Promise<Measured[]> {
  await page.goto("/people");
  await settle(page);
  const before = (await seenOn(page)).longTasks.length;
  await work(page);
  await settle(page);
  const { events, longTasks } = await seenOn(page);
  const during = longTasks.slice(before);
  return [
    {
      what: `events while working on /people, p98 of ${events.length}`,
      value: percentile(events, 0.98),
      most: 100,
      unit: "ms",
    },
    { what: "longest task while typing and scrolling", value: Math.max(0, ...during), most: 100, unit: "ms" },
  ];
}

async function work(page: Page): Promise<void> {
  await page.keyboard.press("/");
  await page.keyboard.type("amara", { delay: 60 });
  await settle(page);
  for (let letter = 0; letter < 5; letter += 1) await page.keyboard.press("Backspace", { delay: 20 });
  await settle(page);
  await page.getByRole("link", { name: "Idle over 60 days" }).click();
  await settle(page);
  await page.getByRole("columnheader", { name: "Person" }).getByRole("button").first().click();
  await settle(page);
  await page.getByRole("row").nth(2).click();
  await settle(page);
  for (let step = 0; step < 10; step += 1) await page.keyboard.press("j", { delay: 80 });
  await settle(page);
  await page.keyboard.press("Escape");
  await page.mouse.move(700, 500);
  for (let turn = 0; turn < 40; turn += 1) await page.mouse.wheel(0, 300);
  await settle(page);
}

/** Pages that were shown before, from click to heading, within the page itself. */
export async function measureRouteChanges(page: Page): Promise<Measured[]> {
  const stops = ["People", "Groups", "Spaces", "Activity"];
  await page.goto("/people");
  await settle(page);
  const times: number[] = [];
  for (let change = 0; change < stops.length + ROUTE_CHANGES; change += 1) {
    const name = stops[(change + 1) % stops.length] ?? "";
    const took = await page.evaluate(clickAndWait, name);
    // The first time round fetches the scripts and the rows.
    if (change >= stops.length) times.push(took);
    await settle(page);
  }
  return [
    {
      what: `change to a page that was shown, p95 of ${times.length}`,
      value: percentile(times, 0.95),
      most: 100,
      unit: "ms",
    },
  ];
}

/** Milliseconds until the page has its heading and rows, and the browser has drawn them. */
function clickAndWait(name: string): Promise<number> {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("nav a")];
  const link = links.find(({ textContent }) => textContent?.trim() === name);
  const began = performance.now();
  link?.click();
  return new Promise((resolve) => {
    const look = () => {
      const isThere =
        document.querySelector("h1")?.textContent === name && document.querySelector("[role=row], tr") !== null;
      requestAnimationFrame(isThere ? () => resolve(performance.now() - began) : look);
    };
    look();
  });
}

/** From the palette's question to the whole answer, letter by letter. */
export async function measurePalette(page: Page): Promise<Measured[]> {
  await page.goto("/people");
  await settle(page);
  for (const words of ["amara", "engineering", "team 12", "weber"]) {
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type(words, { delay: 150 });
    await settle(page);
    await page.keyboard.press("Escape");
    await settle(page);
  }
  const times = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => new URL(name).pathname === "/api/v1/search")
      .map(({ duration }) => duration),
  );
  return [
    { what: `answer to the palette, p95 of ${times.length}`, value: percentile(times, 0.95), most: 100, unit: "ms" },
  ];
}
