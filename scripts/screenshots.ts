// A picture of every page and of some of their states, light and dark at 1280 × 800 and in narrow windows, with a sheet of
// them all; fails when a browser's console or axe has anything to say.
//
//   npm run screenshots                                   a demo of its own
//   npm run screenshots -- --link http://localhost:7400/sign-in/… --out pictures --only people
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { findBarriers } from "../test/browser/axe.ts";
import { launchChromium } from "../test/browser/chromium.ts";
import { buildWeb } from "./build-web.mjs";
import { type LookOptions, openLookedAt, settle, signInByLink } from "./looking.ts";
import { startDemo } from "./screenshots/demo.ts";
import { sheetOf, type Taken } from "./screenshots/sheet.ts";
import { type View, viewsOf } from "./screenshots/views.ts";

const { values } = parseArgs({
  options: {
    /** A link that signs in to an Usher that runs; else one is started. */
    link: { type: "string" },
    /** Or its address and an API token, which sees the pages as a service account. */
    url: { type: "string" },
    token: { type: "string" },
    out: { type: "string" },
    /** Only views with one of these in their name. */
    only: { type: "string", multiple: true, default: [""] },
    scale: { type: "string", default: "medium" },
  },
});

interface Look extends Pick<LookOptions, "width" | "height" | "dark"> {
  how: string;
  shows: (view: View) => boolean;
}

const LOOKS: readonly Look[] = [
  { how: "1280 light", width: 1280, height: 800, dark: false, shows: () => true },
  { how: "1280 dark", width: 1280, height: 800, dark: true, shows: () => true },
  { how: "768 light", width: 768, height: 1024, dark: false, shows: ({ isWide }) => isWide === true },
  { how: "320 light", width: 320, height: 640, dark: false, shows: ({ isState }) => isState !== true },
];

const out = values.out ?? (await mkdtemp(join(tmpdir(), "usher-screenshots-")));
await mkdir(out, { recursive: true });
const demo = values.link === undefined && values.url === undefined ? await startOwnDemo() : null;
const link = values.link ?? demo?.signInUrl;
const url = new URL(values.url ?? link ?? "").origin;
const browser = await launchChromium();
try {
  const storageState = await signedInState();
  const access = { token: values.token, storageState };
  const views = (await viewsOf(ask)).filter(({ name }) => values.only.some((part) => name.includes(part)));
  const taken: Taken[] = [];
  for (const look of LOOKS) {
    taken.push(...(await takeAll(look, views)));
    // What was taken so far can be looked at, whatever comes of the rest.
    await writeFile(join(out, "index.html"), sheetOf(taken));
  }
  const found = taken.flatMap(({ view, how, complaints }) => complaints.map((words) => `${view}, ${how}: ${words}`));
  for (const words of found) console.error(words);
  console.log(
    `${taken.length} pictures of ${views.length} views, ${found.length} complaints: ${join(out, "index.html")}`,
  );
  if (found.length > 0) process.exitCode = 1;

  async function ask(path: string): Promise<unknown> {
    const context = await browser.newContext({
      storageState,
      extraHTTPHeaders: values.token === undefined ? {} : { authorization: `Bearer ${values.token}` },
    });
    const answer = await context.request.get(`${url}/api/v1${path}`);
    if (!answer.ok()) throw new Error(`${path} was answered with ${answer.status()}: ${await answer.text()}`);
    const body: unknown = await answer.json();
    await context.close();
    return body;
  }

  async function takeAll(look: Look, all: readonly View[]): Promise<Taken[]> {
    const wanted = all.filter(look.shows);
    const complaints: string[] = [];
    const pages = new Map<boolean, Page>();
    const pageFor = async (isSignedIn: boolean): Promise<Page> => {
      const page =
        pages.get(isSignedIn) ??
        (await openLookedAt(browser, { ...look, ...(isSignedIn ? access : {}) }, (words) => complaints.push(words)));
      pages.set(isSignedIn, page);
      return page;
    };
    const taken: Taken[] = [];
    for (const view of wanted) taken.push(await take(await pageFor(view.isSignedIn), view, look, complaints));
    for (const page of pages.values()) await page.context().close();
    return taken;
  }
} finally {
  await browser.close();
  await demo?.stop();
}

async function startOwnDemo(): Promise<Awaited<ReturnType<typeof startDemo>>> {
  await buildWeb();
  return startDemo(values.scale);
}

async function signedInState(): Promise<LookOptions["storageState"]> {
  if (link === undefined) return undefined;
  const page = await openLookedAt(browser, { width: 1280, height: 800, dark: false }, () => undefined);
  await signInByLink(page, link);
  const state = await page.context().storageState();
  await page.context().close();
  return state;
}

/** `complaints` is what the page says as it goes; it is emptied. */
async function take(page: Page, view: View, { how }: Look, complaints: string[]): Promise<Taken> {
  const file = `${view.name}-${how}`.replaceAll(/[^\w]+/g, "-") + ".png";
  try {
    await page.goto(`${url}${view.path}`);
    await settle(page);
    await view.act?.(page);
    await settle(page);
    await page.screenshot({ path: join(out, file) });
    for (const barrier of await findBarriers(page)) complaints.push(`axe ${barrier}`);
  } catch (error) {
    complaints.push(error instanceof Error ? error.message : String(error));
  }
  const found = complaints.splice(0).filter((words) => !view.mayComplain?.test(words));
  return { view: view.name, file, how, complaints: found };
}
