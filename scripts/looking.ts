import type { Browser, BrowserContext, Page } from "playwright-core";

export interface LookOptions {
  /** What paths are of; none where whole addresses are opened. */
  baseUrl?: string;
  width: number;
  height: number;
  dark: boolean;
  /** An API token that every request carries. */
  token?: string;
  /** `en-XA` is the pseudo-locale. */
  lang?: string;
  /** Cookies of somebody who has signed in. */
  storageState?: Awaited<ReturnType<BrowserContext["storageState"]>>;
}

/** A page as a person would have it, with what it says in its console told line by line. */
export async function openLookedAt(
  browser: Browser,
  { baseUrl, width, height, dark, token, lang, storageState }: LookOptions,
  onComplaint: (words: string) => void,
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: baseUrl,
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    extraHTTPHeaders: token === undefined ? {} : { authorization: `Bearer ${token}` },
    storageState,
  });
  if (lang !== undefined) await context.addInitScript((value) => localStorage.setItem("usher.lang", value), lang);
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      onComplaint(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => onComplaint(`page error: ${error.message}`));
  return page;
}

/** Opens a one-time link, and waits until it has led into the pages. */
export async function signInByLink(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

/** What is still read after this long is shown as it is: a page that follows a run never ends. */
const SETTLED_MS_MAX = 10_000;
const QUIET_MS = 400;

/** Until nothing on the page waits for an answer or moves. */
export async function settle(page: Page): Promise<void> {
  await page
    .waitForFunction(isSettled, undefined, { timeout: SETTLED_MS_MAX, polling: 100 })
    // Seen in the picture.
    .catch(() => undefined);
  await page.waitForTimeout(QUIET_MS);
  await page.waitForFunction(isSettled, undefined, { timeout: SETTLED_MS_MAX, polling: 100 }).catch(() => undefined);
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(ending.map((each) => each.finished.catch(() => undefined)));
  });
}

function isSettled(): boolean {
  const waits = document.querySelector('[role="status"][data-shown], [aria-busy="true"]');
  return document.querySelector("h1") !== null && waits === null && document.fonts.status === "loaded";
}
