import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { getRun, listRuns, requestRun } from "../../src/api/runs.ts";
import { expectAccessible, expectNoSidewaysScroll, useWeb } from "../support/web.ts";

describe("the pages of runs", () => {
  const web = useWeb();

  async function startRun(scope: "full" | "license" = "full"): Promise<string> {
    const siteId = web.usher.siteIds[0] ?? assert.fail("No site is connected.");
    return (await web.client.call(requestRun, { body: { siteId, scope } })).id;
  }

  async function firstRun(): Promise<string> {
    const { items } = await web.client.call(listRuns, { query: { limit: 1 } });
    return items[0]?.id ?? assert.fail("Nothing was read.");
  }

  it("shows a sync live to its end, also after a reload in the middle, and says in the title how far it is", async () => {
    // Hundreds of requests: it does not end before the site answers at once again.
    await web.simulator.setFaults([{ kind: "latency", ms: 3000 }]);
    const runId = await startRun();
    const page = await web.openPage({ as: "admin", path: `/runs/${runId}` });
    await page.getByRole("heading", { level: 1, name: "Full sync of" }).waitFor();
    await page.getByRole("button", { name: "Cancel run…" }).waitFor();
    const underWay = await page.title();

    await page.reload();
    await page
      .getByRole("row", { name: /^(Groups|People) (Running|Waiting|Done)/ })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Cancel run…" }).waitFor();
    await web.simulator.setFaults([]);
    await page.getByRole("button", { name: "Run again" }).waitFor();

    assert.match(underWay, /^\d+% · Full sync of .* · Usher$/);
    assert.match(await page.title(), /^Succeeded · Full sync of /);
    assert.match((await page.locator("[data-announces]").textContent()) ?? "", /Succeeded/);
    await page.getByRole("row", { name: /^Members of groups Done/ }).waitFor();
    await page.getByText("Started a full run.").waitFor();
  });

  it("shows a clock while the site asks to slow down, and cancels after it said what stays", async () => {
    const slow = { kind: "status", status: 429, headers: { "retry-after": "20" }, path: "/membersByGroupId$" };
    await web.simulator.setFaults([slow]);
    const runId = await startRun();
    const page = await web.openPage({ as: "admin", path: `/runs/${runId}` });
    await page
      .getByText(/^The site asked Usher to slow down\. It resumes at \d\d:\d\d:\d\d; nothing is lost\.$/)
      .waitFor();
    await page.getByText(/^Running, waiting until \d\d:\d\d:\d\d$/).waitFor();
    await expectAccessible(page);

    await page.getByRole("button", { name: "Cancel run…" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByText("nothing of them is taken as gone").waitFor();
    await dialog.getByRole("button", { name: "Keep running" }).waitFor();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Cancel run" }).click();

    await page.getByRole("button", { name: "Run again" }).waitFor();
    assert.match(await page.title(), /^Canceled · /);
    assert.equal((await web.client.call(getRun, { params: { runId } })).state, "canceled");
  });

  it("finds a line of the log, whose address shows it again", async () => {
    const page = await web.openPage({ as: "auditor", path: `/runs/${await firstRun()}` });

    await page.getByRole("searchbox", { name: "Search the log" }).fill("run");
    await page.keyboard.press("Enter");
    await page.waitForURL(/line=\d+/);
    await page.reload();

    const line = new URL(page.url()).searchParams.get("line");
    await page.locator(`[data-line="${line}"][data-chosen="true"]`).waitFor();
    assert.equal(await page.getByRole("button", { name: "Run again" }).count(), 0);
  });

  it("lists what every job did, by state and job, each with its log", async () => {
    const page = await web.openPage({ as: "admin", path: "/runs?kind=refresh-site" });
    const row = page.getByRole("row", { name: /Refresh .*(Succeeded|Canceled)/ }).first();
    await row.waitFor();

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      row.getByRole("link", { name: /^Text: log of/ }).click(),
    ]);

    assert.match(download.suggestedFilename(), /^usher-refresh-site-run_.*\.log$/);
    await row.getByRole("link", { name: /^Refresh/ }).click();
    await page.waitForURL(/\/runs\/run_/);
  });

  it("is accessible and fits in both themes, at 1280 and 320 px", async () => {
    const paths = ["/runs", `/runs/${await firstRun()}`, `/runs/${await firstRun()}?tab=requests`];
    for (const dark of [false, true]) {
      for (const width of [1280, 320]) {
        for (const path of paths) {
          const page = await web.openPage({ as: "admin", path, dark, width });
          await shown(page);
          await expectAccessible(page);
          await expectNoSidewaysScroll(page);
        }
      }
    }
  });
});

async function shown(page: Page): Promise<void> {
  await page.getByRole("table").or(page.getByRole("grid")).first().waitFor();
}
