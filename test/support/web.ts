import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Client } from "../../src/api/client.ts";
import { decideProductAccessGroup, listProductAccessGroups } from "../../src/api/sites.ts";
import { makeLink } from "../../src/commands/sign-in/make-link.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { Role } from "../../src/model/roles.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { ensurePerson } from "../../src/store/operators.ts";
import { testDatabase } from "../../src/store/testing/database.ts";
import { findBarriers } from "../browser/axe.ts";
import { launchChromium } from "../browser/chromium.ts";
import { type ConnectedUsher, startConnectedUsher } from "./connected-usher.ts";
import { type SimulatorProcess, startSimulator } from "./simulator-process.ts";
import { databaseUrlOf } from "./worker-process.ts";

export interface WebOptions {
  /** The simulator's sites that are connected; `acme` alone when left out. */
  sites?: readonly string[];
  /** False: connected, but nothing was read yet. */
  isSynced?: boolean;
  /** Further arguments of the simulator, such as `["--accounts", "650"]`. */
  simulator?: readonly string[];
  /** Readies more through the API before the first test. */
  prepare?: (web: Web) => Promise<void>;
}

export interface OpenOptions {
  /** Who looks: somebody with this role, signed in by a one-time link; nobody is signed in when left out. */
  as?: Role;
  path: string;
  dark?: boolean;
  /** 1280 when left out. */
  width?: number;
  /** 800 when left out. */
  height?: number;
  /** `en-XA` is the pseudo-locale. */
  lang?: string;
  reducedMotion?: boolean;
  /** What the browser may say in its console, for a test that provokes a refusal: "status of 422", say. */
  mayComplain?: readonly RegExp[];
}

/** One Usher and one browser for all tests of a file. */
export interface Web {
  readonly url: string;
  /** As the service account `setup`, which may do everything. */
  readonly client: Client;
  readonly usher: ConnectedUsher;
  readonly simulator: SimulatorProcess;
  readonly db: Database;
  /** A page in a browser of its own: no cookie and no preference of another test. */
  openPage(options: OpenOptions): Promise<Page>;
  /** A one-time link that signs in somebody with this role. */
  signInLink(role: Role): Promise<string>;
}

/**
 * Gives the tests of the `describe` it is called in a real Usher, connected to a simulator and synced, and Chromium. After
 * each test the pages that it opened are closed; it fails when one of them wrote an error or a warning to its console.
 * What was built last into dist/web is served: `npm test` builds it first.
 */
export function useWeb(options: WebOptions = {}): Web {
  let parts: Parts | undefined;
  const get = (): Parts => parts ?? assert.fail("Only inside a test is there an Usher.");
  const opened: { context: BrowserContext; complaints: string[] }[] = [];

  before(async () => {
    parts = await startParts(options);
    await options.prepare?.(web);
  });
  afterEach(async () => {
    const complaints = opened.flatMap((each) => each.complaints);
    await Promise.all(opened.splice(0).map(({ context }) => context.close()));
    assert.deepEqual(complaints, [], "The browser's console is not silent.");
  });
  after(() => parts?.stop());

  const web: Web = {
    get url() {
      return get().usher.usher.url;
    },
    get client() {
      return get().usher.client;
    },
    get usher() {
      return get().usher;
    },
    get simulator() {
      return get().simulator;
    },
    get db() {
      return get().db;
    },
    async openPage(wish) {
      const context = await get().browser.newContext({
        baseURL: web.url,
        viewport: { width: wish.width ?? 1280, height: wish.height ?? 800 },
        colorScheme: wish.dark ? "dark" : "light",
        reducedMotion: wish.reducedMotion ? "reduce" : "no-preference",
        locale: "en-US",
        timezoneId: "Europe/Amsterdam",
        permissions: ["clipboard-read", "clipboard-write"],
      });
      const complaints: string[] = [];
      opened.push({ context, complaints });
      if (wish.lang !== undefined) {
        await context.addInitScript((lang) => localStorage.setItem("usher.lang", lang), wish.lang);
      }
      if (wish.as !== undefined) await signIn(context, await web.signInLink(wish.as));
      const page = await context.newPage();
      page.setDefaultTimeout(ACT_MS_MAX);
      listen(page, complaints, wish.mayComplain ?? []);
      await page.goto(wish.path);
      return page;
    },
    async signInLink(role) {
      const person = { name: nameOf(role), email: `${role}@usher.example`, roles: [role] };
      const { code } = await get().db.transaction(async (tx) => {
        const at = new Date();
        const { id } = await ensurePerson(tx, person, at);
        return makeLink(tx, { kind: "sign-in", operatorId: id, madeBy: null, at });
      });
      return `${web.url}/sign-in/${code}`;
    },
  };
  return web;
}

/** Far longer than anything takes, even on a machine that does much else. */
const ACT_MS_MAX = 30_000;

interface Parts {
  simulator: SimulatorProcess;
  usher: ConnectedUsher;
  db: Database;
  browser: Browser;
  stop(): Promise<void>;
}

async function startParts(options: WebOptions): Promise<Parts> {
  const folder = await mkdtemp(join(tmpdir(), "usher-web-"));
  const [simulator, test, browser] = await Promise.all([
    startSimulator(options.simulator ?? []),
    testDatabase(),
    launchChromium(),
  ]);
  const usher = await startConnectedUsher({
    simulator,
    sites: options.sites ?? ["acme"],
    withOrganizationKey: true,
    settings: { DATABASE_URL: databaseUrlOf(test.connection), USHER_KEYS_FILE: join(folder, "keys.json") },
  });
  const db = openDatabase(test.connection, { clock: systemClock, log: silentLog });
  if (options.isSynced ?? true) await syncAndConfirm(usher);
  return { simulator, usher, db, browser, stop };

  async function stop(): Promise<void> {
    await browser.close();
    await db.close();
    await usher.stop();
    await simulator.close();
    await test.drop();
    await rm(folder, { recursive: true });
  }
}

/** The first sync, and yes to each group that it found to give a seat. */
async function syncAndConfirm(usher: ConnectedUsher): Promise<void> {
  const { client } = usher;
  await usher.publish();
  const runs = await usher.settledRuns();
  assert.deepEqual(
    runs.filter(({ state }) => state !== "succeeded"),
    [],
  );
  for (const siteId of usher.siteIds) {
    const found = client.items(listProductAccessGroups, { params: { siteId }, query: { state: ["found"] } });
    for await (const { groupId } of found) {
      await client.call(decideProductAccessGroup, { params: { siteId, groupId }, body: { decision: "confirm" } });
    }
  }
}

/** "license-manager" is "License manager". */
function nameOf(role: Role): string {
  return role.charAt(0).toUpperCase() + role.slice(1).replaceAll("-", " ");
}

/** The session's cookie, as the page of the link would get it. */
async function signIn(context: BrowserContext, link: string): Promise<void> {
  const { origin, pathname } = new URL(link);
  const response = await context.request.post(`${origin}/api/v1/session/link`, {
    headers: { "usher-client": "web" },
    data: { code: pathname.split("/").at(-1) },
  });
  assert.equal(response.status(), 201, await response.text());
}

function listen(page: Page, complaints: string[], allowed: readonly RegExp[]): void {
  const note = (words: string) => {
    if (!allowed.some((each) => each.test(words))) complaints.push(words);
  };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      note(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => note(`page error: ${error.stack ?? error.message}`));
}

/** Answers the one-time code of a new Usher, as the first page does. */
export async function makeFirstAdmin(
  { usher, url }: Pick<Web, "usher" | "url">,
  person: { name: string; email: string; password: string },
): Promise<void> {
  const code = new URL(usher.usher.setupUrl ?? "").searchParams.get("code");
  const answer = await fetch(`${url}/api/v1/setup/admin`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code, ...person }),
  });
  assert.ok(answer.ok, await answer.text());
}

/** Nothing for axe to find on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  // What still moves or fades in has other colors for a moment.
  await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined))));
  assert.deepEqual(await findBarriers(page), [], `axe at ${page.url()}`);
}

/** Nothing of the page is reached only by scrolling sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [inner, whole] = await page.evaluate(() => [
    document.documentElement.clientWidth,
    document.documentElement.scrollWidth,
  ]);
  assert.ok((whole ?? 0) <= (inner ?? 0), `${page.url()} is ${whole} px wide in a window of ${inner}.`);
}

/** Presses Tab, if need be, until what has the focus has this name, as somebody without a mouse would. */
export async function tabTo(page: Page, name: string | RegExp, { key = "Tab", stepsMax = 80 } = {}): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < stepsMax; step += 1) {
    const words = await focusedName(page);
    if (typeof name === "string" ? words === name : name.test(words)) return;
    passed.push(words);
    await page.keyboard.press(key);
  }
  assert.fail(`${key} never reached ${String(name)}; it passed ${passed.join(" | ")}`);
}

/** How what has the focus is read aloud, near enough: its label, or its words. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "";
    const labels = "labels" in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
    const labelledBy = (element.getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent ?? "");
    const words =
      element.getAttribute("aria-label") ??
      ([...labelledBy, ...labels.map(({ textContent }) => textContent ?? "")].join(" ").trim() ||
        (element.textContent ?? ""));
    return words.trim().replaceAll(/\s+/g, " ");
  });
}
