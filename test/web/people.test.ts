import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { listPeople } from "../../src/api/people.ts";
import { expectAccessible, expectNoSidewaysScroll, useWeb } from "../support/web.ts";

const TABS = ["Summary", "Activity", "Groups", "Spaces", "Why", "History"];

async function listed(page: Page): Promise<void> {
  await page.locator("[data-rows] [data-index]").first().waitFor();
}

describe("the page of people", () => {
  const web = useWeb();

  async function idlePerson() {
    const { items } = await web.client.call(listPeople, { query: { status: ["idle"], sort: "name", limit: 5 } });
    return items[0] ?? assert.fail("Nobody is idle.");
  }

  it("answers who has a seat, whether they use it and what it costs", async () => {
    const idle = await idlePerson();
    const page = await web.openPage({ as: "admin", path: "/people?status=idle" });
    await listed(page);
    const row = page.getByRole("row", { name: new RegExp(idle.name) }).first();
    const words = await row.innerText();

    assert.match(words, /Idle/);
    assert.match(words, /days ago/);
    assert.match(words, /\$\d+\.\d\d list/, "Nobody entered a license, so the price is the list's.");
    assert.equal(await page.title(), "People · Usher");
  });

  it("opens a person beside the list, with a tab for each question, as the address says", async () => {
    const idle = await idlePerson();
    const page = await web.openPage({ as: "admin", path: "/people?status=idle" });
    await listed(page);
    await page
      .getByRole("link", { name: new RegExp(idle.name) })
      .first()
      .click();
    const slideOut = page.getByRole("dialog", { name: idle.name });
    await slideOut
      .getByText(idle.because ?? "")
      .first()
      .waitFor();
    for (const tab of TABS) {
      await slideOut.getByRole("tab", { name: tab }).click();
      await page.waitForLoadState("networkidle");
      await expectAccessible(page);
    }

    const again = await web.openPage({ as: "admin", path: `/people${new URL(page.url()).search}` });
    await again.getByRole("tab", { name: "History", selected: true }).waitFor();
    await again.getByText("Ever licensed?").waitFor();
    assert.equal(new URL(page.url()).searchParams.get("open"), idle.personId);
  });

  it("steps through the rows by j and k, keeps the tab, and closes by Esc", async () => {
    const page = await web.openPage({ as: "admin", path: "/people" });
    await listed(page);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Groups" }).click();
    const first = new URL(page.url()).searchParams.get("open");

    await page.keyboard.press("j");
    await page.waitForURL((url) => url.searchParams.get("open") !== first);
    await page.getByRole("tab", { name: "Groups", selected: true }).waitFor();
    await page.keyboard.press("k");
    await page.waitForURL((url) => url.searchParams.get("open") === first);
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => url.search === "");
  });

  it("says what would go with a group before anybody is taken out of it", async () => {
    const idle = await idlePerson();
    const page = await web.openPage({ as: "admin", path: `/people/${idle.personId}?tab=why` });
    await page
      .getByText(/The seat on .+ comes from/)
      .first()
      .waitFor();

    await page.getByLabel("What if removed from").selectOption({ index: 1 });
    await page.getByText(/The seat on the site would end|The seat stays|No seat is lost/).waitFor();
    await expectAccessible(page);
  });

  it("proposes and excludes those who are selected", async () => {
    // Those who are idle are candidates already: a rule found them.
    const page = await web.openPage({ as: "admin", path: "/people?status=active" });
    await listed(page);
    await page.keyboard.press("j");
    await page.keyboard.press("x");

    await page.getByRole("button", { name: "Propose reclamation…" }).click();
    await page.getByText("1 seat would be proposed.").waitFor();
    await expectAccessible(page);
    await page.getByLabel("Why").fill("Nobody used it since spring.");
    await page.getByRole("button", { name: "Propose 1 seat" }).click();
    await page.getByText("1 seat is a candidate now.").waitFor();

    await page.getByRole("button", { name: "Exclude…" }).click();
    await page.getByLabel("Name").fill("The board");
    await page.getByLabel("Reason").fill("They decide themselves.");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Exclude 1 person" }).click();
    await page.getByText("The board is in effect.").waitFor();
    await page.goto("/people?excluded=true");
    await listed(page);
  });

  it("offers whoever only reads nothing to change", async () => {
    const page = await web.openPage({ as: "auditor", path: "/people" });
    await listed(page);

    assert.equal(await page.getByRole("checkbox").count(), 0);
  });

  it("says that an earlier day was not known, and leads back to now", async () => {
    const page = await web.openPage({
      as: "admin",
      path: "/people?asof=2020-01-01&status=idle",
      mayComplain: [/status of 422/],
    });
    await page.getByText("As of Jan 1, 2020").first().waitFor();
    await page.getByText("Not filtered by Status: no history is kept of it.").waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Back to now" }).first().click();
    await listed(page);
    assert.equal(new URL(page.url()).searchParams.get("asof"), null);
  });

  it("is for everybody: in both themes and at 320 pixels", async () => {
    const idle = await idlePerson();
    for (const options of [{ dark: true }, { width: 320 }]) {
      const page = await web.openPage({ as: "admin", path: "/people?status=idle", ...options });
      await listed(page);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await page.goto(`/people?open=${idle.personId}`);
      await page.getByRole("tab", { name: "Summary" }).waitFor();
      await expectAccessible(page);
      await page.goto(`/people/${idle.personId}`);
      await page.getByRole("tab", { name: "Summary" }).waitFor();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    }
  });
});
