import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { listPlanRows } from "../../src/api/plans.ts";
import { sql } from "../../src/store/sql.ts";
import { letAct, makePlan } from "../support/web-plans.ts";
import { expectAccessible, expectNoSidewaysScroll, tabTo, useWeb, type Web } from "../support/web.ts";

async function observeOnly(web: Web): Promise<void> {
  await web.db.transaction((tx) => tx.execute(sql`update sites set mode = 'observe'`));
}

const idOf = (page: Page) => new URL(page.url()).pathname.split("/").at(-1) ?? "";

describe("reclaiming in the browser", () => {
  const web = useWeb();

  it("goes from a rule with its simulation to candidates, to a plan that is applied, and back by undo", async () => {
    await letAct(web);
    const page = await web.openPage({ as: "admin", path: "/reclaim?tab=rules" });
    await page.getByRole("link", { name: "New reclamation rule" }).click();
    await page.getByRole("button", { name: "90 days no view" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Quiet for 70 days");
    await page.getByLabel("Days without use").fill("70");
    await page.getByText(/^Would ask \d+/).waitFor();
    await page.getByText(/No evidence \d+, never selected/).waitFor();
    await page.getByRole("button", { name: "Save, report only" }).click();
    await page.getByRole("heading", { name: "Quiet for 70 days", level: 1 }).waitFor();

    await page.goto("/reclaim");
    for (const row of [1, 2, 3]) await page.getByRole("row").nth(row).getByRole("checkbox").check();
    await page.getByRole("button", { name: "Approve…" }).click();
    await page.getByRole("button", { name: "Approve 3 seats" }).click();
    await page.getByText("3 candidates decided.").waitFor();
    await page.getByRole("button", { name: "Make a plan…" }).click();
    await page.getByRole("textbox", { name: "Why" }).fill("Nobody used them for 70 days.");
    await page.getByRole("button", { name: "Plan 3 seats" }).click();
    await page.getByRole("heading", { name: "Plan to take seats back" }).waitFor();
    const planId = idOf(page);
    const { items } = await web.client.call(listPlanRows, {
      params: { planId },
      query: { state: ["planned"], limit: 200 },
    });
    const seats = items.length;
    assert.ok(seats > 0, "The plan takes no seat.");

    await page.getByRole("button", { name: "Apply plan…" }).click();
    const typed = page.getByLabel(`Type ${seats} to confirm`);
    if (seats > 10) await typed.fill(String(seats));
    await page.getByText(`usher reclaim apply ${planId} --confirm ${seats}`).waitFor();
    await page.getByRole("button", { name: new RegExp(`^Remove ${seats} seats?$`) }).click();
    await page.getByRole("heading", { name: "Outcome" }).waitFor({ timeout: 120_000 });
    await page.getByRole("link", { name: /^\d+ removed$/ }).waitFor();

    await page.getByRole("button", { name: "Undo all…" }).click();
    await page.getByRole("textbox", { name: "Why" }).fill("Wrong rule.");
    await page.getByRole("button", { name: "Plan to give back" }).click();
    await page.getByRole("heading", { name: "Plan to give seats back" }).waitFor();
    await page.getByRole("button", { name: "Give back…" }).click();
    await page.getByRole("button", { name: /^Give back \d+ seats?$/ }).click();
    await page.getByRole("link", { name: /^\d+ given back$/ }).waitFor({ timeout: 120_000 });
  });

  it("says where the site is set to act while Usher only observes it, and keeps the plan from being applied", async () => {
    await observeOnly(web);
    const planId = await makePlan(web, 1);
    const page = await web.openPage({ as: "admin", path: `/reclaim/plans/${planId}` });
    await page.getByText(/Usher only observes .+, so nothing can be applied/).waitFor();

    const link = page.getByRole("link", { name: "Set it to Act" });
    assert.match((await link.getAttribute("href")) ?? "", /^\/connections\/connection_/);
    assert.ok(await page.getByRole("button", { name: "Apply plan…" }).isDisabled());
  });

  it("says at the expression what is wrong with it, and where", async () => {
    const page = await web.openPage({ as: "admin", path: "/reclaim/rules/new", mayComplain: [/status of 422/] });
    await page.getByLabel("Condition 1", { exact: true }).selectOption("expression");
    await page.getByLabel("Expression in CEL").fill("person.foo == 1");
    await page
      .getByText(/At character 8: No such key: foo/)
      .first()
      .waitFor();

    assert.equal(await page.getByLabel("Expression in CEL").getAttribute("aria-invalid"), "true");
  });

  it("tells that somebody else changed the rule, and loses nothing that was typed", async () => {
    const path = "/reclaim/rules/new";
    const page = await web.openPage({ as: "admin", path, mayComplain: [/status of 412/] });
    await page.getByLabel("Name", { exact: true }).fill("Changed twice");
    await page.getByRole("button", { name: "Save draft" }).click();
    await page.getByRole("heading", { name: "Changed twice", level: 1 }).waitFor();
    await web.db.transaction((tx) =>
      tx.execute(sql`update reclamation_rules set revision = revision + 1 where name = 'Changed twice'`),
    );

    await page.getByLabel("Days to answer").fill("9");
    await page.getByRole("button", { name: "Save", exact: true }).click();

    await page.getByText("Somebody else changed the rule meanwhile").waitFor();
    assert.equal(await page.getByLabel("Days to answer").inputValue(), "9");
  });

  it("turns a rule on by keyboard alone", async () => {
    const page = await web.openPage({ as: "admin", path: "/reclaim/rules/new" });
    await page.getByLabel("Name", { exact: true }).fill("By keyboard");
    await page.getByLabel("E-mail of whoever decides").fill("petra@acme.example");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("heading", { name: "By keyboard", level: 1 }).waitFor();

    await tabTo(page, "Turn on…");
    await page.keyboard.press("Enter");
    await page.getByRole("alertdialog").waitFor();
    await tabTo(page, "Turn on");
    await page.keyboard.press("Enter");

    await page.getByText("By keyboard is on.").waitFor();
  });

  it("applies a plan by keyboard alone", async () => {
    await letAct(web);
    const planId = await makePlan(web, 1);
    const page = await web.openPage({ as: "admin", path: `/reclaim/plans/${planId}` });
    await page.getByRole("button", { name: "Apply plan…" }).and(page.locator(":enabled")).waitFor();

    await tabTo(page, "Apply plan…");
    await page.keyboard.press("Enter");
    await page.getByRole("alertdialog").waitFor();
    await tabTo(page, "Remove 1 seat");
    await page.keyboard.press("Enter");

    await page.getByRole("heading", { name: "Outcome" }).waitFor({ timeout: 120_000 });
  });

  it("is what its address says: tab, filter, and the candidate that is open", async () => {
    const page = await web.openPage({ as: "admin", path: "/reclaim?tab=plans&state=ready" });
    assert.equal(await page.getByRole("tab", { name: "Plans" }).getAttribute("aria-selected"), "true");
    await page.getByRole("tab", { name: "Candidates" }).click();
    await page.waitForURL((url) => url.pathname === "/reclaim" && url.search === "");
    await page.goBack();
    await page.waitForURL(/tab=plans&state=ready/);
  });

  it("is open to everybody, in both themes and on a narrow screen", async () => {
    const planId = await makePlan(web, 1);
    const paths = [
      "/reclaim",
      "/reclaim?tab=rules",
      "/reclaim?tab=plans",
      "/reclaim?tab=ledger",
      "/reclaim/rules/new",
      `/reclaim/plans/${planId}`,
    ];
    for (const look of [{}, { dark: true }, { width: 320 }]) {
      for (const path of paths) {
        const page = await web.openPage({ as: "admin", path, ...look });
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.waitForLoadState("networkidle");
        await expectAccessible(page);
        if ("width" in look) await expectNoSidewaysScroll(page);
        await page.close();
      }
    }
  });
});
