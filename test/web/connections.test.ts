import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { listConnections } from "../../src/api/connections.ts";
import { getSite } from "../../src/api/sites.ts";
import { expectAccessible, expectNoSidewaysScroll, tabTo, useWeb } from "../support/web.ts";

describe("the pages of connections", () => {
  const web = useWeb();

  async function connectionId(): Promise<string> {
    const { items } = await web.client.call(listConnections, { query: {} });
    return items[0]?.id ?? assert.fail("There is no connection.");
  }
  async function openConnection(query = "", as: "admin" | "auditor" = "admin"): Promise<Page> {
    return web.openPage({ as, path: `/connections/${await connectionId()}${query}` });
  }

  it("list each with how fresh and complete it is, and *Mine* leaves out others'", async () => {
    const page = await web.openPage({ as: "admin", path: "/connections" });
    const row = page.getByRole("row", { name: /Acme/ });

    await row.getByText("Published").waitFor();
    await row.getByText("Observe only").waitFor();
    await row.getByText("petra@acme.example").waitFor();
    await row.getByRole("button", { name: "Sync now: Acme" }).waitFor();
    await page
      .getByRole("link", { name: "Mine" })
      .or(page.getByRole("button", { name: "Mine" }))
      .first()
      .click();
    await page.waitForURL(/mine=true/);
    await page.getByText("petra@acme.example").waitFor({ state: "detached" });
  });

  it("tell how a site is in words, and keep the tab in the address", async () => {
    const page = await openConnection();
    await page.getByText("User search").waitFor();

    await tabTo(page, "Status");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL(/tab=timeline/);
    await page.getByText("Full sync").first().waitFor();
    await page.reload();

    await page.getByText("Published", { exact: true }).first().waitFor();
    assert.equal(await page.getByRole("tab", { selected: true }).textContent(), "Timeline");
  });

  it("let a person set a site to Act by typing its name, and back with one press", async () => {
    const page = await openConnection();
    await page.getByRole("button", { name: "Set to Act…" }).click();
    const dialog = page.getByRole("alertdialog");
    const act = dialog.getByRole("button", { name: "Set to Act" });
    const wasOpen = await act.isDisabled();
    await dialog.getByRole("textbox").fill("Acme");
    await act.click();
    await page.getByText("Plans that somebody applies are carried out on this site.").waitFor();
    const { mode } = await web.client.call(getSite, { params: { siteId: web.usher.siteIds[0] ?? "" } });
    await page.getByRole("button", { name: "Back to Observe only" }).click();
    await page.getByText("Usher writes nothing to this site.").waitFor();

    assert.equal(wasOpen, true);
    assert.equal(mode, "act");
  });

  it("keep a change of what runs unpublished until it is checked, and discard it", async () => {
    const page = await openConnection("?tab=settings");
    await page.getByLabel("Idle after days without use").fill("45");
    await page.getByRole("button", { name: "Save" }).nth(1).click();
    await page.getByText("the published version keeps running").waitFor();
    await page.getByRole("button", { name: "Check changes" }).click();
    await page.getByRole("button", { name: /Publish (changes|with these warnings)/ }).waitFor();
    await page.getByRole("button", { name: "Discard…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Discard changes" }).click();

    await page.getByText("the published version keeps running").waitFor({ state: "detached" });
  });

  it("offer an auditor nothing to change", async () => {
    const page = await openConnection("", "auditor");
    await page.getByText("User search").waitFor();

    assert.equal(await page.getByRole("button", { name: /Set to Act|Archive|Pause|Check now|Sync now/ }).count(), 0);
  });

  it("can be used by everybody, in both themes and where there is little room", async () => {
    for (const tab of ["status", "timeline", "capabilities", "groups", "settings"]) {
      const page = await openConnection(`?tab=${tab}`);
      await page.getByRole("tabpanel").getByRole("heading").or(page.getByRole("table")).first().waitFor();
      await expectAccessible(page);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.setViewportSize({ width: 320, height: 800 });
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
});
