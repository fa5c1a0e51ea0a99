import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { listSpaces } from "../../src/api/spaces.ts";
import { expectNoSidewaysScroll, focusedName, makeFirstAdmin, tabTo, useWeb } from "../support/web.ts";

const NOOR = { name: "Noor Haddad", email: "noor@usher.example", password: "four words nobody guesses" };

async function listed(page: Page): Promise<void> {
  await page.locator('[data-rows] [data-index]:not([data-pending="true"])').first().waitFor();
}

/** Every act is a key: nothing here clicks, hovers or sets a value. */
describe("with a keyboard alone one can", () => {
  const web = useWeb({ prepare: (started) => makeFirstAdmin(started, NOOR) });

  it("sign in", async () => {
    const page = await web.openPage({ path: "/people", mayComplain: [/status of 401/] });
    await page.getByRole("heading", { name: "Sign in to Usher" }).waitFor();
    await tabTo(page, /^E-mail/);
    await page.keyboard.type(NOOR.email);
    await tabTo(page, /^Password/);
    await page.keyboard.type(NOOR.password);
    await page.keyboard.press("Enter");

    await page.getByRole("heading", { name: "People", level: 1 }).waitFor();
  });

  it("go from page to page, also in a narrow window", async () => {
    for (const width of [1440, 768, 320]) {
      const page = await web.openPage({ as: "admin", path: "/people", width });
      await listed(page);
      await page.keyboard.press("g");
      await page.keyboard.press("s");
      await page.getByRole("heading", { name: "Spaces", level: 1 }).waitFor();
      await page.keyboard.press("g");
      await page.keyboard.press("o");
      await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
      assert.equal(await focusedName(page), "Overview");
      await expectNoSidewaysScroll(page);
    }
  });

  it("find somebody by name in the palette and open them", async () => {
    const page = await web.openPage({ as: "admin", path: "/spaces" });
    await listed(page);
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("petra");
    await page.getByRole("option", { name: /Petra/ }).first().waitFor();
    await chooseOption(page, /Petra/);

    await page.waitForURL(/\/people\/person_|open=person_/);
  });

  it("narrow a list down by words and by a filter that is typed", async () => {
    const page = await web.openPage({ as: "admin", path: "/people" });
    await listed(page);
    await page.keyboard.press("/");
    await page.keyboard.type("status:idle");
    await page.keyboard.press("Enter");
    await page.waitForURL(/status=idle/);
  });

  it("sort a list", async () => {
    const page = await web.openPage({ as: "admin", path: "/people" });
    await listed(page);
    await tabTo(page, /^Last activity/);
    await page.keyboard.press("Enter");

    await page.waitForURL(/sort=-?lastActivityAt/);
  });

  it("walk a list, open a row beside it, step on and close", async () => {
    const page = await web.openPage({ as: "admin", path: "/people?status=idle" });
    await listed(page);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/open=person_/);
    const first = page.url();
    await page.keyboard.press("j");
    await page.waitForURL((url) => url.href !== first);
    await page.keyboard.press("Escape");

    await page.waitForURL((url) => !url.searchParams.has("open"));
  });

  it("select people and leave them out of reclaiming", async () => {
    const page = await web.openPage({ as: "admin", path: "/people?status=active" });
    await listed(page);
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.keyboard.press("Shift+ArrowDown");
    await page.getByText("2 selected").waitFor();
    await page.keyboard.press(".");
    await tabTo(page, "Exclude…");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await tabTo(page, /^Name/);
    await page.keyboard.type("The two of them");
    await tabTo(page, /^Reason/);
    await page.keyboard.type("They decide about their own seats.");
    await page.keyboard.press("Control+Enter");

    await page.getByText("The two of them is in effect.").waitFor();
  });

  it("propose seats", async () => {
    // Whoever is idle is a candidate already, and the first ones are excluded by now.
    const page = await web.openPage({ as: "admin", path: "/people?status=active" });
    await listed(page);
    await page.keyboard.press("j");
    await page.keyboard.press("End");
    await page.keyboard.press("x");
    await page.getByText("1 selected").waitFor();
    await page.keyboard.press(".");
    await tabTo(page, "Propose reclamation…");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await tabTo(page, /^Why/);
    await page.keyboard.type("Moves to another product.");
    await page.keyboard.press("Control+Enter");

    await page.getByText(/seats? (?:is a candidate|are candidates) now\./).waitFor();
  });

  it("walk the matrix of a space and have a cell explained", async () => {
    const { items } = await web.client.call(listSpaces, { query: { type: ["global"], limit: 1 } });
    const page = await web.openPage({
      as: "admin",
      path: `/spaces/${items[0]?.spaceId}?tab=matrix&rights=direct`,
    });
    await page.getByRole("gridcell").first().waitFor();
    await tabTo(page, /, View: |, .*: (?:direct|no|through|as) ?/);
    const first = await focusedName(page);
    await page.keyboard.press("ArrowRight");
    const second = await focusedName(page);
    await page.keyboard.press("Control+End");
    const last = await focusedName(page);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });

    assert.equal(new Set([first, second, last]).size, 3);
    assert.equal(await focusedName(page), last);
  });

  it("save how a list is looked at", async () => {
    const page = await web.openPage({ as: "admin", path: "/people?status=active&sort=-spaces" });
    await page.getByRole("button", { name: "Save view…" }).waitFor();
    await tabTo(page, "Save view…");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await tabTo(page, /^Name/);
    await page.keyboard.type("Unknown use");
    await page.keyboard.press("Control+Enter");

    await page.getByText("The view Unknown use was saved.").waitFor();
  });

  it("see which keys there are", async () => {
    const page = await web.openPage({ as: "admin", path: "/people" });
    await listed(page);
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("Search", { exact: false }).first().waitFor();
    await page.keyboard.press("Escape");

    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });

  it("sign out", async () => {
    const page = await web.openPage({ as: "auditor", path: "/people", mayComplain: [/status of 401/] });
    await listed(page);
    await page.locator("h1").focus();
    await tabTo(page, "Auditor", { key: "Shift+Tab" });
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");

    await page.waitForURL(/\/sign-in/);
  });
});

/** Moves through the options by arrows, as the palette says which one is meant, and takes it. */
async function chooseOption(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 20; step += 1) {
    const chosen = page.locator('[role="option"][data-highlighted], [role="option"][aria-selected="true"]').first();
    if ((await chosen.count()) > 0 && name.test(await chosen.innerText())) return page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
  }
  assert.fail(`No option ${String(name)} was reached.`);
}
