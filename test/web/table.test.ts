import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { expectAccessible, expectNoSidewaysScroll, useWeb } from "../support/web.ts";

const ROW = '[role="grid"] [data-index]';

/** Waits until every row in sight has its data. */
async function settledGrid(page: Page): Promise<void> {
  await page.locator(`${ROW}[data-pending="false"]`).first().waitFor();
  await page.waitForFunction(() => document.querySelector('[role="grid"] [data-pending="true"]') === null);
}

function activeRow(page: Page): Promise<{ index: string | null; name: string }> {
  return page.evaluate(() => {
    const row = document.activeElement;
    return { index: row?.getAttribute("data-index") ?? null, name: row?.querySelector("a")?.textContent ?? "" };
  });
}

describe("the table", () => {
  const web = useWeb({ simulator: ["--accounts", "650"] });

  it("shows many rows as a grid that says how many there are, and reads those that are scrolled to", async () => {
    const page = await web.openPage({ as: "admin", path: "/people" });
    await settledGrid(page);
    const grid = page.getByRole("grid", { name: "People and how they use Confluence" });
    const total = Number(await grid.getAttribute("aria-rowcount")) - 1;

    await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.locator(`${ROW}[data-index="${total - 1}"][data-pending="false"]`).waitFor();
    const drawn = await page.locator(ROW).count();

    assert.ok(total > 400, `${total} rows`);
    assert.ok(drawn < 80, `${drawn} of ${total} rows are drawn`);
    assert.equal(
      await page.locator(`${ROW}[data-index="${total - 1}"]`).getAttribute("aria-rowindex"),
      String(total + 1),
    );
  });

  it("moves, opens, selects and copies by keys alone", async () => {
    const page = await web.openPage({ as: "admin", path: "/people" });
    await settledGrid(page);

    await page.keyboard.press("j");
    await page.keyboard.press("j");
    const second = await activeRow(page);
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-pending") === "false");
    const last = await activeRow(page);
    await page.keyboard.press("Home");
    await page.keyboard.press("x");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await page.getByText("3 selected").waitFor();
    await page.keyboard.press("c");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Summary" }).waitFor();

    assert.equal(second.index, "1");
    assert.ok(Number(last.index) > 400);
    assert.match(copied, /^person_/);
    assert.equal(new URL(page.url()).searchParams.get("open"), copied);
  });

  it("selects all that match, also those that were not read", async () => {
    const page = await web.openPage({ as: "admin", path: "/people?class=licensed" });
    await settledGrid(page);
    const total = Number(await page.getByRole("grid").getAttribute("aria-rowcount")) - 1;

    await page.keyboard.press("j");
    await page.keyboard.press("Control+a");

    await page.getByText(`All ${total} matching selected, including those not loaded`).waitFor();
  });

  it("filters by chips with counts, and by what is typed", async () => {
    const page = await web.openPage({ as: "admin", path: "/people" });
    await settledGrid(page);

    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByRole("button", { name: "Status", exact: true }).click();
    const never = page.getByRole("checkbox", { name: /Never used\s*\d/ });
    const count = Number((await never.locator("xpath=..").innerText()).replaceAll(/\D/g, ""));
    await never.check();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Status: Never used", exact: true }).waitFor();
    await page.getByText(new RegExp(`^${count} of \\d+$`)).waitFor();
    assert.equal(new URL(page.url()).search, "?status=never-used");

    await page.getByRole("searchbox").fill("status:idle");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Status: Idle", exact: true }).waitFor();
    await page.getByRole("searchbox").fill("status:asleep");
    await page.keyboard.press("Enter");
    await page.getByText("Status has no value asleep").waitFor();
    assert.equal(new URL(page.url()).search, "?status=idle");
  });

  it("says that nothing matches, and how many there are without the filters", async () => {
    const page = await web.openPage({ as: "admin", path: "/people?q=nobody-is-called-so" });

    await page.getByText("Nothing matches these filters.").waitFor();
    await page.getByText(/Without them there are \d+ rows\./).waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Clear all" }).click();
    await settledGrid(page);
  });

  it("keeps chosen, ordered and sized columns, and forgets them again", async () => {
    const page = await web.openPage({ as: "admin", path: "/people" });
    await settledGrid(page);
    const heads = () => page.getByRole("columnheader").allInnerTexts();
    const before = await heads();

    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Department" }).uncheck();
    await page.getByRole("checkbox", { name: "Job title" }).check();
    await page.getByRole("button", { name: "Move Last activity up" }).click();
    await page.getByRole("button", { name: "Make Person wider" }).click();
    await expectAccessible(page);
    await page.reload();
    await settledGrid(page);
    const after = await heads();
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("button", { name: "Reset columns" }).click();

    assert.ok(!after.includes("Department") && after.includes("Job title"));
    assert.ok(after.indexOf("Last activity") < after.indexOf("Status"));
    assert.deepEqual(await heads(), before);
  });

  it("saves a view, says when it is modified, and goes back to it", async () => {
    const page = await web.openPage({ as: "admin", path: "/people?status=active&sort=-spaces" });
    await settledGrid(page);

    await page.getByRole("button", { name: "Save view…" }).click();
    await page.getByLabel("Name").fill("Busiest");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const view = page.getByRole("link", { name: "Busiest" });
    await view.waitFor();
    await page.getByRole("button", { name: "Spaces" }).click();
    await page.getByText("Modified").waitFor();
    await page.getByRole("button", { name: "Reset", exact: true }).click();
    await page.waitForURL((url) => url.searchParams.get("sort") === "-spaces");

    const another = await web.openPage({ as: "auditor", path: "/people" });
    await settledGrid(another);
    assert.equal(await another.getByRole("link", { name: "Busiest" }).count(), 0);
    assert.notEqual(await view.getAttribute("aria-current"), null);
  });

  it("is for everybody: in both themes and at 320 pixels, many rows and few", async () => {
    for (const options of [{}, { dark: true }, { width: 320 }]) {
      const page = await web.openPage({ as: "admin", path: "/people", ...options });
      await settledGrid(page);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await page.goto("/people?isAdmin=true");
      await page.getByRole("table").waitFor();
      await expectAccessible(page);
      await page.keyboard.press("j");
      await page.keyboard.press("x");
      await page.getByText("1 selected").waitFor();
      await expectAccessible(page);
    }
  });
});
