import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { startUsher, type Usher } from "../../src/app.ts";
import { silentLog } from "../../src/lib/log.ts";
import { readSettings } from "../../src/lib/settings.ts";
import { testDatabase } from "../../src/store/testing/database.ts";
import { launchChromium } from "../browser/chromium.ts";
import { type SimulatorProcess, startSimulator } from "../support/simulator-process.ts";
import { expectAccessible, expectNoSidewaysScroll, tabTo } from "../support/web.ts";
import { databaseUrlOf } from "../support/worker-process.ts";

/** Far longer than anything takes, even on a machine that does much else. */
const ACT_MS_MAX = 30_000;
const SAMPLE_MS_MAX = 90_000;

/** An Usher that nobody has set up, a pretend Atlassian, and a browser that visits for the first time. */
describe("setting up Usher", () => {
  let simulator: SimulatorProcess;
  let browser: Browser;
  const complaints: string[] = [];
  const closing: (() => Promise<unknown>)[] = [];

  before(async () => {
    [simulator, browser] = await Promise.all([startSimulator(), launchChromium()]);
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    assert.deepEqual(complaints.splice(0), [], "The browser's console is not silent.");
  });
  after(async () => {
    await browser.close();
    await simulator.close();
  });

  async function startNewUsher(): Promise<Usher> {
    const database = await testDatabase();
    const folder = await mkdtemp(join(tmpdir(), "usher-setup-"));
    const usher = await startUsher({
      settings: readSettings({ USHER_DATA: folder, USHER_PORT: "0", DATABASE_URL: databaseUrlOf(database.connection) }),
      log: silentLog,
      environment: simulator.environment,
    });
    closing.push(
      () => rm(folder, { recursive: true }),
      () => database.drop(),
      () => usher.stop(),
    );
    await simulator.allowCallbacks([`${usher.url}/oauth/callback`]);
    return usher;
  }

  async function firstVisit(usher: Usher): Promise<Page> {
    const context: BrowserContext = await browser.newContext({
      baseURL: usher.url,
      viewport: { width: 1280, height: 800 },
    });
    closing.push(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(ACT_MS_MAX);
    page.on("console", (message) => {
      // That nobody is signed in yet is what a first visit finds.
      if (message.text().includes("status of 401")) return;
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
    await page.goto(usher.setupUrl ?? assert.fail("There is an admin already."));
    return page;
  }

  async function becomeAdmin(page: Page): Promise<void> {
    await type(page, "Your name", "Petra Admin");
    await type(page, "E-mail", "petra@acme.example");
    await type(page, "Password", "four words do not belong");
    await press(page, "Create account and continue");
    await heading(page, "Your account");
  }

  it("leads by the keyboard alone from the first visit to the first run", async () => {
    const usher = await startNewUsher();
    const page = await firstVisit(usher);
    await becomeAdmin(page);
    await expectGood(page);

    await press(page, "Connect Confluence");
    await heading(page, "What Usher should do");
    await page.getByText("OAuth app (3LO)").waitFor();
    await expectGood(page);
    await press(page, "Continue");

    await heading(page, "Connect");
    await type(page, "Site", "https://acme.atlassian.net/wiki/spaces/ENG/overview");
    await page.getByText("Understood as the Confluence Cloud site acme").waitFor();
    await press(page, "Add site");
    await page.getByText("waits for a credential that reaches it").waitFor();
    await type(page, "Client ID", "sim-client-usher");
    await type(page, "Client secret", "sim-client-secret-usher");
    await expectGood(page);
    await press(page, "Save and consent at Atlassian");

    await page.getByLabel("Acme Labs").check();
    await page.getByRole("button", { name: "Accept" }).click();
    await page.waitForURL(/\/setup\?.*step=sites.*outcome=/);

    await page.getByText("Consent given").waitFor();
    await page.getByRole("checkbox").first().waitFor();
    await expectGood(page);
    await press(page, "Continue");

    await heading(page, "Groups that give a seat");
    await page.getByRole("checkbox", { name: "Everyone at Acme" }).waitFor();
    assert.deepEqual(await page.getByRole("checkbox", { checked: false }).count(), 0);
    await expectGood(page);
    await press(page, "Continue");

    await heading(page, "Check");
    await page.getByText(/It works\.|Everything works\./).waitFor();
    await expectGood(page);
    await press(page, "Continue to publish");

    await heading(page, "Check your answers");
    await page.getByText("Observe only. Nothing is written").waitFor();
    assert.equal(await page.getByLabel("Owners").inputValue(), "petra@acme.example");
    await expectGood(page);
    await press(page, "Publish and start first sync");
    await page.waitForURL(/\/runs\/run_/);

    assert.deepEqual(await decidedGroups(page), [true, true, true, true]);
  });

  it("keeps what was chosen: a draft is gone on with where it stopped, and Back loses nothing", async () => {
    const usher = await startNewUsher();
    const page = await firstVisit(usher);
    await becomeAdmin(page);
    await page.goto("/setup?step=capabilities");
    await page.getByLabel("Take back and give seats").check();
    await page.getByRole("button", { name: "Continue" }).click();
    await heading(page, "Connect");

    await page.getByRole("link", { name: "Back" }).click();
    await heading(page, "What Usher should do");
    const wasKept = await page.getByLabel("Take back and give seats").isChecked();
    await page.goto("/setup");
    await page.getByRole("link", { name: "New connection" }).click();
    await heading(page, "Connect");
    await page.getByRole("button", { name: "Continue" }).click();

    assert.equal(wasKept, true);
    await page.getByText("Enter a credential first").waitFor();
  });

  it("lets one look around in a pretend company first, marks it, and removes it", async () => {
    const usher = await startNewUsher();
    const page = await firstVisit(usher);
    await becomeAdmin(page);
    await page.getByLabel("How large").selectOption("tiny");
    await press(page, "Look around first");
    await page.getByText("The sample company is here.").waitFor({ timeout: SAMPLE_MS_MAX });
    await press(page, "Look around");
    await page.waitForURL(/\/overview/);
    await page.getByText("This is a pretend company").waitFor();
    await page.goto("/connections");
    await page.getByRole("table").getByText("Sample", { exact: true }).first().waitFor();
    await expectGood(page);

    await press(page, "Remove the sample…");
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove the sample" }).click();
    await page.getByText("No connection yet").waitFor({ timeout: SAMPLE_MS_MAX });

    assert.equal(await page.getByText("This is a pretend company").count(), 0);
  });
});

async function heading(page: Page, name: string): Promise<void> {
  await page.getByRole("heading", { name, level: 2, exact: true }).waitFor();
}

async function type(page: Page, name: string, words: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.insertText(words);
}

async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press("Enter");
}

/** In both themes, and where there is little room. */
async function expectGood(page: Page): Promise<void> {
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 800 });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Of each group that gives a seat, whether somebody decided about it. */
async function decidedGroups(page: Page): Promise<boolean[]> {
  const sites = (await (await page.request.get("/api/v1/sites")).json()) as { items: { id: string }[] };
  const groups = await page.request.get(`/api/v1/sites/${sites.items[0]?.id}/product-access-groups`);
  const { items } = (await groups.json()) as { items: { decidedBy: string | null }[] };
  return items.map(({ decidedBy }) => decidedBy !== null);
}
