import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { listJobOutcomes } from "../../src/api/job-results.ts";
import { listJobs } from "../../src/api/jobs.ts";
import { expectAccessible, expectNoSidewaysScroll, tabTo, useWeb } from "../support/web.ts";

describe("the pages of jobs", () => {
  const web = useWeb();

  async function jobOf(kind: string) {
    const { items } = await web.client.call(listJobs, { query: { kind: [kind] } });
    return items[0] ?? assert.fail(`There is no job of the kind ${kind}.`);
  }

  /** What followed the first sync has ended: a job that is under way is refused a second time. */
  async function untilRested(jobId: string): Promise<void> {
    for (let tries = 0; tries < 300; tries += 1) {
      const { items } = await web.client.call(listJobOutcomes, { query: { jobId, limit: 5 } });
      if (items.length > 0 && items.every(({ finishedAt }) => finishedAt !== null)) return;
      await setTimeout(100);
    }
    assert.fail(`The job ${jobId} did not come to rest.`);
  }

  it("runs a job now by keyboard, and its page shows how it ended", async () => {
    const job = await jobOf("compute-position");
    const page = await web.openPage({ as: "admin", path: `/jobs/${job.id}` });
    await page.getByRole("heading", { level: 1, name: job.name }).waitFor();
    await untilRested(job.id);

    await tabTo(page, `Run now: ${job.name}`);
    await page.keyboard.press("Enter");
    await page.getByText(`${job.name} has begun.`).waitFor();

    const row = page.getByRole("row", { name: /Person/ }).first();
    await row.getByText(/Succeeded|Partial/).waitFor();
    await row.getByRole("link", { name: job.name, exact: true }).click();
    await page.waitForURL(/\/runs\/result_/);
    await page.getByRole("heading", { name: "Log" }).waitFor();
    await expectAccessible(page);
  });

  it("moves a job to another time, and says which field is wrong when it cannot", async () => {
    const job = await jobOf("housekeeping");
    const page = await web.openPage({ as: "admin", path: "/jobs?q=house", mayComplain: [/status of 4\d\d/] });

    await page.getByRole("button", { name: `Move…: ${job.name}` }).click();
    const field = page.getByRole("textbox", { name: /^Minute, hour/ });
    await field.fill("99 99 * * *");
    await page.keyboard.press("Control+Enter");
    await page.getByText("One field is wrong").waitFor();
    await expectAccessible(page);
    await field.fill("5 4 * * *");
    await page.keyboard.press("Control+Enter");

    await page.getByRole("row", { name: /every day at 04:05 UTC/ }).waitFor();
    assert.equal((await jobOf("housekeeping")).cron, "5 4 * * *");
  });

  it("switches a job off after asking, and on again", async () => {
    const job = await jobOf("send-digests");
    const page = await web.openPage({ as: "admin", path: `/jobs/${job.id}` });

    await page.getByRole("button", { name: `Switch off…: ${job.name}` }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Switch off" }).click();
    await page.getByText(`${job.name} is off.`).waitFor();
    const off = await jobOf("send-digests");
    await page.getByRole("button", { name: `Switch on: ${job.name}` }).click();
    await page.getByText(`${job.name} is on.`).waitFor();

    assert.equal(off.enabled, false);
    assert.equal((await jobOf("send-digests")).enabled, true);
  });

  it("offers nothing to whoever may only look, and is accessible and fits in both themes and at 320 px", async () => {
    for (const dark of [false, true]) {
      for (const width of [1280, 320]) {
        const page = await web.openPage({ as: "auditor", path: "/jobs", dark, width });
        await page
          .getByRole("row", { name: /every day at/ })
          .first()
          .waitFor();
        assert.equal(await page.getByRole("button", { name: /^Run now/ }).count(), 0);
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
    }
  });
});
