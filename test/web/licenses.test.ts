import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { computePosition, getPosition } from "../../src/api/position.ts";
import { expectAccessible, expectNoSidewaysScroll, tabTo, useWeb } from "../support/web.ts";

const LATEST = { params: { positionId: "latest" } } as const;

describe("licenses", () => {
  const web = useWeb({
    async prepare({ client }) {
      await client.call(computePosition, {});
    },
  });

  it("says how many seats are in use while nobody has entered what was bought", async () => {
    const { lines } = await web.client.call(getPosition, LATEST);
    const used = lines.find(({ level }) => level === "edition");
    const page = await web.openPage({ as: "license-manager", path: "/licenses" });

    await page.getByText(`${used?.used} seats are in use. Add what you bought to see if that is enough.`).waitFor();

    assert.equal(used?.owned, null);
    assert.equal((await page.getByText("not entered").count()) > 0, true);
  });

  it("takes quantity and price, and tells the position that follows from them", async () => {
    const page = await web.openPage({ as: "license-manager", path: "/licenses", mayComplain: [/status of 4(00|22)/] });
    await page.getByRole("button", { name: "Add license" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Quantity").fill("1000");
    await dialog.getByLabel("Price of a seat and month").fill("no price");
    await dialog.getByRole("button", { name: "Add license" }).click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByLabel("Price of a seat and month").fill("100: 6.55; *: 5.10");
    await dialog.getByRole("button", { name: "Add license" }).click();
    await dialog.waitFor({ state: "detached" });

    const { lines } = await web.client.call(getPosition, LATEST);
    const line = lines.find(({ level }) => level === "edition");
    const table = page.getByRole("table", { name: "Rights owned against seats used" });
    const row = table.getByRole("row", { name: /at acme/i });
    await row.getByRole("link", { name: "1,000" }).waitFor();

    assert.deepEqual([line?.owned, line?.money[0]?.costMinor], [1000, 100 * 655 + 900 * 510]);
    await row.getByText(`${line?.free} free`).waitFor();
  });

  it("explains a line in words, and opens exactly the seats that a number counts", async () => {
    const { lines } = await web.client.call(getPosition, LATEST);
    const line = lines.find(({ level }) => level === "edition");
    const page = await web.openPage({ as: "license-manager", path: "/licenses" });
    await page.getByRole("button", { name: /^How is Standard at|^How is .* at acme/i }).click();
    await page.getByText(line?.explanation[0] ?? "").waitFor();
    await page
      .getByRole("definition")
      .getByRole("link", { name: String(line?.idle), exact: true })
      .first()
      .click();

    await page.getByRole("heading", { name: "Seats behind the number" }).waitFor();
    await page.getByText(new RegExp(`^${line?.idle} (of|rows)`)).waitFor();
    assert.match(page.url(), /part=idle/);
  });

  it("says on the overview how each number is counted, with the same numbers", async () => {
    const { lines } = await web.client.call(getPosition, LATEST);
    const product = lines.find(({ level }) => level === "product");
    const page = await web.openPage({ as: "license-manager", path: "/overview" });
    await page.getByText(`of 1,000 owned · ${product?.free} free`).waitFor();
    await page.getByRole("button", { name: "How is this counted? Seats used" }).click();

    await page.getByText("1000 are owned: the sum of all licenses in force.").waitFor();
    await expectAccessible(page);

    await page.getByRole("link", { name: "Show the rows behind it" }).click();
    await page.waitForURL(/\/seats/);
  });

  it("changes a license, and shows what it said before and what renewing would cost", async () => {
    const page = await web.openPage({ as: "license-manager", path: "/licenses?tab=licenses" });
    await page.getByRole("table").getByRole("link").first().click();
    await page.getByRole("heading", { name: "Renew for how many seats?" }).waitFor();
    await page.getByRole("button", { name: "Edit…" }).click();
    const dialog = page.getByRole("dialog", { name: /^Edit/ });
    await dialog.getByLabel("Quantity").fill("900");
    await page.keyboard.press("Control+Enter");
    await dialog.waitFor({ state: "detached" });

    await page.getByText("changed: quantity").waitFor();
    await page.goto(page.url());
    await page.getByText("changed: quantity").waitFor();
  });

  it("previews a file of licenses row by row before anything is changed", async () => {
    const page = await web.openPage({ as: "license-manager", path: "/licenses?tab=licenses&act=import" });
    const file =
      "name,sites,edition,metric,quantity,pricing,prices,currency,term start\nOdd,nowhere,standard,monthly-seats,5,bands,*: 5,USD,2026-01-01\n";
    await page
      .getByLabel("CSV file")
      .setInputFiles({ name: "bought.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
    await page.getByRole("button", { name: "Preview" }).click();

    await page.getByRole("table", { name: "Rows that are not right" }).waitFor();

    await page.getByRole("button", { name: "Cancel" }).click();
    assert.equal(await page.getByText("Odd").count(), 0);
  });

  it("tells somebody at a threshold, until the alert is removed", async () => {
    const page = await web.openPage({ as: "license-manager", path: "/licenses?tab=alerts" });
    await page.getByRole("button", { name: "Add alert" }).click();
    await page.getByRole("dialog").getByLabel("Tells").fill("sam@acme.example");
    await page.getByRole("dialog").getByRole("button", { name: "Add alert" }).click();
    await page.getByRole("cell", { name: "sam@acme.example" }).waitFor();
    await page.getByRole("button", { name: /^Remove the alert at 90%/ }).click();
    await page.getByRole("button", { name: "Remove alert" }).click();

    await page.getByText("Nobody is told when seats run out").waitFor();
  });

  it("shows what differs between two computations", async () => {
    const page = await web.openPage({ as: "license-manager", path: "/licenses?tab=computations" });
    await page.getByRole("table").getByRole("link").first().click();

    await page.getByLabel("Compared with").waitFor();
    await expectAccessible(page);
  });

  it("lets who may only read see all, and change nothing", async () => {
    const page = await web.openPage({ as: "auditor", path: "/licenses?tab=licenses" });
    await page.getByRole("table").waitFor();

    assert.equal(await page.getByRole("button", { name: "Add license" }).count(), 0);
    assert.equal(await page.getByRole("button", { name: "Import CSV…" }).count(), 0);
  });

  it("is reached by keyboard, tab by tab", async () => {
    const page = await web.openPage({ as: "license-manager", path: "/licenses" });
    await page.getByRole("table").waitFor();
    await tabTo(page, "Position");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");

    await page.waitForURL(/tab=licenses/);
  });

  it("is accessible and fits in both themes and at 320 px, on every tab", async () => {
    for (const [dark, width] of [
      [false, 1280],
      [true, 1280],
      [false, 320],
    ] as const) {
      const page = await web.openPage({ as: "license-manager", path: "/licenses", dark, width });
      for (const tab of ["position", "licenses", "computations", "trend", "cost", "alerts"]) {
        await page.goto(`/licenses?tab=${tab}`);
        await page.getByRole("tabpanel").locator("table, figure, p").first().waitFor();
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
      await page.goto("/licenses?act=add");
      await page.getByRole("dialog").getByLabel("Quantity").waitFor();
      await expectAccessible(page);
    }
  });
});
