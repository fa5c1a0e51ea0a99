import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { confirmCopy } from "../commands/restore/confirm-copy.ts";
import { settleRestored } from "../commands/restore/settle-restored.ts";
import { silentLog } from "../lib/log.ts";
import type { Plan } from "../model/plans.ts";
import { DEFAULT_RECLAMATION_SETTINGS } from "../model/reclamation.ts";
import { queueMessage } from "../store/messages.ts";
import { sql } from "../store/sql.ts";
import type { JobKind } from "./kinds.ts";
import { checkIns } from "./kinds/check-ins.ts";
import { executeActions } from "./kinds/execute-actions.ts";
import { planScheduledCandidates } from "./kinds/plan-candidates.ts";
import { sendMessages } from "./kinds/send-messages.ts";
import { jobParts } from "./testing/parts.ts";
import { type Reclaiming, reclaiming } from "./testing/reclaiming.ts";

const ACTING = [checkIns, planScheduledCandidates, executeActions, sendMessages];

describe("a restored copy", () => {
  let parts: Reclaiming;
  let plan: Plan;
  beforeEach(async () => {
    parts = await reclaiming();
    const { db, clock, context } = parts.world;
    const at = clock.now();
    await db.query(sql`
      insert into reclamation_rules (name, status, condition, settings, created_at, updated_at)
      select status, status, '{"is":"idle","days":60}', ${JSON.stringify(DEFAULT_RECLAMATION_SETTINGS)}, ${at}, ${at}
        from unnest('{active,draft,report-only}'::text[]) as status
    `);
    plan = await parts.applied();
    const draft = { subjectId: null, data: {}, dedupeKey: null, at };
    await db.transaction(async (tx) => {
      await queueMessage(tx, { ...draft, channel: "mail", kind: "digest", recipient: "ann@acme.example" });
      await queueMessage(tx, { ...draft, channel: "webhook", kind: "run-failed", recipient: "webhook_a" });
    });
    await settleRestored(context, {
      version: "0.1.0",
      madeAt: "2026-05-01T00:00:00.000Z",
      systemIdentifier: "1",
      journal: { seq: 1, hash: "h" },
    } as Parameters<typeof settleRestored>[1]);
  });
  afterEach(() => parts.world.close());

  const works = (kind: JobKind) => kind.hasWork?.(jobParts({ ...parts.world, log: silentLog }));
  const execute = (kind: JobKind) =>
    kind.execute(jobParts({ ...parts.world, log: silentLog }), {} as never, new AbortController().signal);

  it("asks nobody, takes nothing and sends nothing before a person confirms it", async () => {
    const states = [];
    for (const kind of ACTING) states.push((await execute(kind)).state, (await works(kind)) ?? false);

    assert.deepEqual(
      states,
      ACTING.flatMap(() => ["skipped", false]),
    );
    assert.deepEqual(parts.site.made, []);
    assert.deepEqual(await parts.world.db.query(sql`select distinct state, attempts from messages`), [
      { state: "waiting", attempts: 0 },
    ]);
  });

  it("pauses the rules that acted, and no other", async () => {
    const rules = await parts.world.db.query(sql`
      select name, status, paused ->> 'by' as by from reclamation_rules order by name
    `);

    assert.deepEqual(rules, [
      { name: "active", status: "paused", by: "person" },
      { name: "draft", status: "draft", by: null },
      { name: "report-only", status: "report-only", by: null },
    ]);
  });

  it("does not go on with a plan when it is confirmed: a person resumes it", async () => {
    const confirmed = await confirmCopy(parts.world.context);
    await parts.execute();

    const after = await parts.outcome(plan);
    assert.ok(confirmed.ok);
    assert.deepEqual([after.plan?.state, after.plan?.paused?.by], ["applying", "person"]);
    assert.match(after.plan?.paused?.message ?? "", /restored from a backup/);
    assert.deepEqual(parts.site.made, []);
    assert.equal(await works(sendMessages), true);
  });
});
