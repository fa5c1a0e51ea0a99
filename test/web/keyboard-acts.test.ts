import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { getConnection, listConnections } from "../../src/api/connections.ts";
import { verifyJournal } from "../../src/api/journal.ts";
import { getPlan } from "../../src/api/plans.ts";
import {
  createReclamationRule,
  deleteReclamationRule,
  getReclamationRule,
  listReclamationRules,
  simulateUnsavedRule,
} from "../../src/api/reclamation-rules.ts";
import { getRun } from "../../src/api/runs.ts";
import { letAct, makePlan } from "../support/web-plans.ts";
import { tabTo, useWeb } from "../support/web.ts";

/** More than this many seats are taken only by typing their number. */
const TYPED_ABOVE = 10;

/** Every act is a key: nothing here clicks, hovers or sets a value. */
describe("with a keyboard alone one can", () => {
  const web = useWeb();

  it("simulate a rule, change it, see at once whom it would ask now, and save it", async () => {
    // What the rule of the connection found are candidates already, whom no other rule asks.
    for (const { id, revision } of (await web.client.call(listReclamationRules, { query: {} })).items) {
      await web.client.call(deleteReclamationRule, { params: { ruleId: id }, ifMatch: revision });
    }
    const condition = (days: number) => ({ is: "idle", days });
    const { id: ruleId } = await web.client.call(createReclamationRule, {
      body: { name: "Quiet seats", status: "draft", condition: condition(60) },
    });
    const wouldAsk = async (days: number) => {
      const simulated = await web.client.call(simulateUnsavedRule, { body: { condition: condition(days) } });
      return simulated.outcomes["would-take"] ?? 0;
    };
    const [of60, of30] = [await wouldAsk(60), await wouldAsk(30)];
    assert.notEqual(of60, of30, "The two rules cannot be told apart.");

    const page = await web.openPage({ as: "admin", path: `/reclaim/rules/${ruleId}` });
    await page.getByText(`Would ask ${of60}`, { exact: true }).waitFor();
    await tabTo(page, /^Days without use/);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("30");
    await page.getByText(`Would ask ${of30}`, { exact: true }).waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByText("Quiet seats is saved.").waitFor();

    const saved = await web.client.call(getReclamationRule, { params: { ruleId } });
    assert.deepEqual(saved.condition, condition(30));
  });

  it("apply a plan by typing how many seats it takes, and stay where it is followed", async () => {
    await letAct(web);
    const seats = TYPED_ABOVE + 1;
    const planId = await makePlan(web, seats);
    const page = await web.openPage({ as: "admin", path: `/reclaim/plans/${planId}` });
    await page.getByRole("button", { name: "Apply plan…" }).and(page.locator(":enabled")).waitFor();
    await tabTo(page, "Apply plan…");
    await page.keyboard.press("Enter");
    await page.getByRole("alertdialog").waitFor();
    await tabTo(page, `Type ${seats} to confirm`);
    await page.keyboard.type(String(seats));
    await tabTo(page, `Remove ${seats} seats`);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: `${seats} removed` }).waitFor({ timeout: 120_000 });

    await focused(page, `${seats} removed`);
    const plan = await web.client.call(getPlan, { params: { planId } });
    assert.deepEqual([plan.state, plan.progress.done], ["applied", seats]);
  });

  it("start a sync, go to it and watch it to its end", async () => {
    // Hundreds of requests: it does not end before the site answers at once again.
    await web.simulator.setFaults([{ kind: "latency", ms: 3000 }]);
    const page = await web.openPage({ as: "admin", path: `/connections/${await theConnection()}` });
    await page.getByRole("button", { name: "Sync now" }).waitFor();
    await tabTo(page, "Sync now");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Reading now" }).waitFor();
    await focused(page, "Reading now");
    await page.keyboard.press("Enter");
    await focused(page, "Full sync of");
    await page.getByRole("button", { name: "Cancel run…" }).waitFor();
    await tabTo(page, "Cancel run…");
    await web.simulator.setFaults([]);
    await focused(page, "Run again");

    const runId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    assert.equal((await web.client.call(getRun, { params: { runId } })).state, "succeeded");
    assert.match(await page.title(), /^Succeeded · Full sync of /);
  });

  it("verify the journal", async () => {
    const page = await web.openPage({ as: "auditor", path: "/journal" });
    await page.getByText(/Chain verified to #[\d,]+/).waitFor();
    await tabTo(page, "Verify…");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await tabTo(page, "Verify now");
    await page.keyboard.press("Enter");
    await page.getByText(/entries are as recorded\./).waitFor();

    await focused(page, "Verify…");
    assert.equal((await web.client.call(verifyJournal, {})).intact, true);
  });

  it("pause a connection and resume it, without beginning again at the top of the page", async () => {
    const connectionId = await theConnection();
    const page = await web.openPage({ as: "admin", path: `/connections/${connectionId}` });
    await page.getByRole("button", { name: "Pause…" }).waitFor();
    await tabTo(page, "Pause…");
    await page.keyboard.press("Enter");
    await page.getByRole("alertdialog").waitFor();
    await tabTo(page, "Pause connection");
    await page.keyboard.press("Enter");
    await focused(page, "Resume");
    const { state: paused } = await web.client.call(getConnection, { params: { connectionId } });
    await page.keyboard.press("Enter");
    await focused(page, "Sync now");

    const { state: resumed } = await web.client.call(getConnection, { params: { connectionId } });
    assert.deepEqual([paused, resumed], ["paused", "published"]);
  });

  async function theConnection(): Promise<string> {
    const { items } = await web.client.call(listConnections, { query: {} });
    return items[0]?.id ?? assert.fail("There is no connection.");
  }
});

/** Waits until what has the focus says this. */
function focused(page: Page, words: string): Promise<void> {
  return page.locator(":focus", { hasText: words }).waitFor();
}
