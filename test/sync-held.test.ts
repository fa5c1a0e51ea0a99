import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { acceptHeldRun } from "../src/commands/runs/accept-held-run.ts";
import type { Context } from "../src/commands/context.ts";
import { silentLog } from "../src/lib/log.ts";
import { createSecretBox } from "../src/lib/secret-box.ts";
import { sql } from "../src/store/sql.ts";
import type { SyncContext } from "../src/sync/context.ts";
import { executeRun } from "../src/sync/run.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { smallCompany } from "../src/sync/testing/site.ts";

describe("a held difference", () => {
  let usher: SyncInstallation;
  const acme = smallCompany();
  before(async () => {
    usher = await syncInstallation();
  });
  after(() => usher.close());

  it("is closed with the run's own instant once a person accepts it, and the next run is no longer held", async () => {
    const ids = await usher.addSite();
    const [operator] = await usher.db.query<{ id: string }>(sql`select id from operators`);
    const context: SyncContext = {
      db: usher.db,
      clock: usher.clock,
      log: silentLog,
      holder: "test",
      openSite: async () => acme,
      afterRun: async () => undefined,
    };
    const ctx: Context = {
      db: usher.db,
      clock: usher.clock,
      secrets: createSecretBox([{ id: "k", key: Buffer.alloc(32) }]),
      actor: { operatorId: operator?.id ?? "", through: "api" },
    };
    const run = async (runId: string) => {
      usher.clock.moveBy(60_000);
      await executeRun(context, runId, new AbortController().signal);
      return usher.getRun(runId);
    };
    await run(await usher.request(ids));
    for (const id of [...acme.accounts.keys()].slice(0, 12)) acme.accounts.delete(id);
    for (const group of acme.groups.values()) group.members = group.members.filter((each) => acme.accounts.has(each));
    acme.description = { ...acme.description, currentAccountId: "somebody else" };
    const held = await run(await usher.request(ids));
    assert.equal(held.state, "held");

    const accepted = await acceptHeldRun(ctx, held.id);

    assert.equal(accepted.ok, true);
    const [closed] = await usher.db.query(sql`
      select count(*) as count from account_versions where valid_to = ${held.observedAt}
    `);
    assert.deepEqual(closed, { count: 12 });
    assert.deepEqual(await acceptHeldRun(ctx, held.id), { ok: false, error: "not-held" });
    const next = await run(accepted.ok ? accepted.value : "");
    assert.equal(next.state, "succeeded");
    assert.equal(next.counts.gone, 0);
  });
});
