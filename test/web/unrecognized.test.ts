import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listAccounts } from "../../src/api/accounts.ts";
import { applyPeopleImport, previewPeopleImport } from "../../src/api/imports.ts";
import { expectAccessible, expectNoSidewaysScroll, useWeb } from "../support/web.ts";

/** Somebody whose account has another e-mail than the file says: only a name can propose them. */
const NAMESAKE_EMAIL = "namesake@hr.example";

describe("what is not recognized", () => {
  const web = useWeb({
    async prepare({ client }) {
      const { items } = await client.call(listAccounts, { query: { class: ["licensed"], limit: 2 } });
      const [first, second] = items.map(({ displayName }) => displayName);
      const csv = `email,display name\n${NAMESAKE_EMAIL},${first}\nother@hr.example,${second}\n`;
      const preview = await client.call(previewPeopleImport, { csv, query: {} });
      await client.call(applyPeopleImport, { params: { importId: preview.id }, body: {} });
    },
  });

  it("says so when every edition is known, and shows those that are", async () => {
    const page = await web.openPage({ as: "admin", path: "/unrecognized" });
    await page.getByText("Everything is matched").waitFor();

    await page.goto("/unrecognized?state=recognized");

    await page.getByRole("table", { name: "Names of editions that nobody knows" }).waitFor();
  });

  it("accepts the person whom a rule proposes, and takes it back", async () => {
    const page = await web.openPage({ as: "admin", path: "/unrecognized?tab=accounts" });
    const accept = page.getByRole("button", { name: /^Accept that/ }).first();
    const label = (await accept.getAttribute("aria-label")) ?? "";
    await accept.click();
    await page.getByRole("button", { name: "Accept match" }).click();
    await page.getByText(/account now\.$/).waitFor();
    await page.getByRole("button", { name: label }).waitFor({ state: "detached" });

    const decided = await web.client.call(listAccounts, { query: { situation: ["matched"], limit: 200 } });
    assert.equal(decided.items.filter(({ match }) => match?.method === "manual").length, 1);
  });

  it("makes an account nobody's, and leaves it to the rules again", async () => {
    const page = await web.openPage({ as: "admin", path: "/unrecognized?tab=accounts" });
    await page
      .getByRole("button", { name: /is nobody’s…$/ })
      .first()
      .click();
    await page.getByRole("button", { name: "Decide so" }).click();
    await page.getByText(/is nobody’s account now\.$/).waitFor();
    await page.goto("/unrecognized?tab=accounts&situation=ignored");
    await page
      .getByRole("button", { name: /^Leave .* to the rules…$/ })
      .first()
      .click();
    await page.getByRole("button", { name: "Leave it to the rules", exact: true }).click();

    await page.getByRole("alertdialog").waitFor({ state: "detached" });
  });

  it("tells what a match rule would do before it is saved", async () => {
    const page = await web.openPage({ as: "admin", path: "/unrecognized?tab=rules" });
    await page.getByRole("button", { name: "Add match rule" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("Same name, for certain");
    await dialog.getByRole("button", { name: "Preview what it would do" }).click();

    await dialog.getByText(/would be matched/).waitFor();

    await dialog.getByRole("button", { name: "Add match rule" }).click();
    await page.getByRole("rowheader", { name: "Same name, for certain" }).waitFor();
  });

  it("is accessible and fits in both themes and at 320 px", async () => {
    for (const [dark, width] of [
      [false, 1280],
      [true, 1280],
      [false, 320],
    ] as const) {
      const page = await web.openPage({ as: "admin", path: "/unrecognized", dark, width });
      for (const tab of ["editions", "accounts", "rules"]) {
        await page.goto(`/unrecognized?tab=${tab}`);
        await page.getByRole("tabpanel").locator("table, p").last().waitFor();
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
    }
  });
});
