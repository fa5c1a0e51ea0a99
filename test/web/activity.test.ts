import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listActivity } from "../../src/api/activity.ts";
import { expectAccessible, expectNoSidewaysScroll, tabTo, useWeb } from "../support/web.ts";

describe("the page of activity", () => {
  const web = useWeb();

  it("counts events by day and lists them, both with the filters of the address", async () => {
    const { items, total } = await web.client.call(listActivity, { query: { type: ["comment"], total: true } });
    assert.ok(items.length > 0);
    const page = await web.openPage({ as: "auditor", path: "/activity?type=comment" });

    await page
      .getByRole("heading", { name: new RegExp(`^${(total ?? 0).toLocaleString("en-US")} events? from`) })
      .waitFor();
    await page
      .getByText(`${total} rows`)
      .or(page.getByText(new RegExp(`^${total?.toLocaleString("en-US")} of`)))
      .waitFor();
    await page.getByRole("button", { name: "Show as table" }).click();

    await page.getByRole("columnheader", { name: "Events" }).waitFor();
  });

  it("leads to the object in Confluence, in a window that knows nothing of this one", async () => {
    const page = await web.openPage({ as: "auditor", path: "/activity?type=page" });
    const link = page.getByRole("link", { name: /^Open in Confluence/ }).first();
    await link.waitFor();

    assert.match((await link.getAttribute("rel")) ?? "", /noopener/);
    assert.match((await link.getAttribute("href")) ?? "", /^http/);
  });

  it("says of each site what is seen, and reads the days aloud by arrow keys", async () => {
    const page = await web.openPage({ as: "auditor", path: "/activity" });
    await page.getByText("What is seen here, and what is not").click();
    await page.getByText(/Acme: .*edits and comments \(Content search/).waitFor();

    await page.getByRole("application").waitFor();
    await tabTo(page, "Events by day; arrow keys go from day to day", { key: "Shift+Tab" });
    await page.keyboard.press("ArrowLeft");

    await page.getByText(/\d{4}: \d+ events?$/).waitFor();
  });

  it("is accessible and fits in both themes and at 320 px", async () => {
    for (const [dark, width] of [
      [false, 1280],
      [true, 320],
    ] as const) {
      const page = await web.openPage({ as: "auditor", path: "/activity", dark, width });
      await page.getByRole("application").waitFor();
      await page.getByRole("table").or(page.getByRole("grid")).first().waitFor();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    }
  });
});
