import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { acceptHeldRun } from "../src/commands/runs/accept-held-run.ts";
import { discardHeldRun } from "../src/commands/runs/discard-held-run.ts";
import type { Context } from "../src/commands/context.ts";
import { silentLog } from "../src/lib/log.ts";
import { createSecretBox } from "../src/lib/secret-box.ts";
import { differenceList, differenceTotalsList, type DifferenceRow } from "../src/store/held-difference.ts";
import { pageSql } from "../src/store/paging.ts";
import { requestCancel, type RunRow } from "../src/store/runs.ts";
import { rawSql, sql } from "../src/store/sql.ts";
import type { SyncContext } from "../src/sync/context.ts";
import { executeRun } from "../src/sync/run.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { smallCompany, type HandmadeSite } from "../src/sync/testing/site.ts";

describe("a held difference", () => {
  let usher: SyncInstallation;
  let acme: HandmadeSite;
  let ids: { siteId: string; connectionId: string };
  let context: SyncContext;
  let ctx: Context;
  let sites = 0;
  before(async () => {
    usher = await syncInstallation();
  });
  after(() => usher.close());
  beforeEach(async () => {
    acme = smallCompany();
    ids = await usher.addSite({ name: `site-${(sites += 1)}` });
    const [operator] = await usher.db.query<{ id: string }>(sql`select id from operators`);
    const { db, clock } = usher;
    context = {
      db,
      clock,
      log: silentLog,
      holder: "test",
      openSite: async () => acme,
      afterRun: async () => undefined,
    };
    const secrets = createSecretBox([{ id: "k", key: Buffer.alloc(32) }]);
    ctx = { db, clock, secrets, actor: { operatorId: operator?.id ?? "", through: "api" } };
  });

  async function execute(runId: string): Promise<RunRow> {
    usher.clock.moveBy(60_000);
    await executeRun(context, runId, new AbortController().signal);
    return usher.getRun(runId);
  }
  const sync = async () => execute(await usher.request(ids));

  /** Read once whole, then with twelve people, a team and what hangs on them missing, by another account. */
  async function holdRun(): Promise<RunRow & { observedAt: Date }> {
    await sync();
    for (const id of [...acme.accounts.keys()].slice(0, 12)) acme.accounts.delete(id);
    for (const group of acme.groups.values()) group.members = group.members.filter((each) => acme.accounts.has(each));
    acme.groups.delete("team-4");
    for (const group of acme.groups.values())
      group.subgroups = (group.subgroups ?? []).filter((each) => acme.groups.has(each));
    acme.description = { ...acme.description, currentAccountId: "somebody else" };
    const run = await sync();
    assert.equal(run.state, "held");
    assert.ok(run.observedAt);
    return { ...run, observedAt: run.observedAt };
  }

  async function closedAt(at: Date): Promise<number> {
    const [row] = await usher.db.query<{ count: number }>(sql`
      select count(*) as count from account_versions where site_id = ${ids.siteId} and valid_to = ${at}
    `);
    return row?.count ?? 0;
  }

  async function siteNow() {
    const [row] = await usher.db.query<{
      health: string;
      reason: string | null;
      accounts: string[];
      unseen: number;
    }>(sql`
      select health, health_detail ->> 'reason' as reason, last_account_ids as accounts,
             (select count(*) from unseen where site_id = sites.id) as unseen
        from sites where id = ${ids.siteId}
    `);
    assert.ok(row);
    return row;
  }

  async function difference(run: RunRow & { observedAt: Date }, filters: object = {}): Promise<DifferenceRow[]> {
    const source = { siteId: ids.siteId, runId: run.id, observedAt: run.observedAt };
    const list = differenceList(source, { kinds: null, missingFrom: null, verdicts: null, ...filters });
    const page = pageSql({ column: list.sorts.kind, tie: list.tie, descends: false, after: null, limit: null });
    return usher.db.query<DifferenceRow>(list.select(page));
  }

  it("is closed with the run's own instant once a person accepts it, by the run that reads the site anew", async () => {
    const held = await holdRun();

    const accepted = await acceptHeldRun(ctx, held.id, "the leavers of October");

    assert.equal(await closedAt(held.observedAt), 0);
    assert.deepEqual(
      [(await usher.getRun(held.id)).state, (await usher.getRun(held.id)).heldDecision],
      ["held", "accepted"],
    );
    const next = await execute(accepted.ok ? accepted.value : "");
    assert.equal(await closedAt(held.observedAt), 12);
    assert.deepEqual([next.state, next.counts.gone], ["succeeded", 0]);
    const decided = await usher.getRun(held.id);
    assert.equal(decided.state, "succeeded");
    assert.equal(
      decided.counts.gone,
      Object.values(decided.held?.kinds ?? {}).reduce((sum, each) => sum + each.gone, 0),
    );
    assert.deepEqual(await acceptHeldRun(ctx, held.id, null), { ok: false, error: "not-held" });
  });

  it("ends what followed from groups within groups with the instant that ended them", async () => {
    acme.abilities.listings.subgroups = null;
    acme.groups.get("team-0")!.subgroups = ["team-1"];
    acme.groups.get("team-1")!.subgroups = ["team-4"];
    const held = await holdRun();
    const accepted = await acceptHeldRun(ctx, held.id, null);

    await execute(accepted.ok ? accepted.value : "");

    const ended = async (table: string) =>
      usher.db.query<{ count: number }>(sql`
        select count(*) as count from ${rawSql(table)} where site_id = ${ids.siteId} and valid_to = ${held.observedAt}
      `);
    assert.deepEqual(await ended("group_nestings"), [{ count: 1 }]);
    assert.deepEqual(await ended("group_closure"), [{ count: 2 }]);
  });

  it("makes the account behind the credential accepted, so that its next loss is judged like any other", async () => {
    const held = await holdRun();
    const accepted = await acceptHeldRun(ctx, held.id, null);
    await execute(accepted.ok ? accepted.value : "");
    acme.groups.delete("team-3");

    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.deepEqual((await siteNow()).accounts, ["somebody else"]);
  });

  it("stays accepted when the run that was to close it is canceled, and the next one closes it", async () => {
    const held = await holdRun();
    const accepted = await acceptHeldRun(ctx, held.id, null);
    assert.deepEqual(await acceptHeldRun(ctx, held.id, null), { ok: false, error: "already-accepted" });
    await usher.db.transaction((tx) => requestCancel(tx, accepted.ok ? accepted.value : "", usher.clock.now()));
    assert.deepEqual(await discardHeldRun(ctx, held.id, "changed my mind"), { ok: false, error: "already-accepted" });

    await sync();

    assert.equal(await closedAt(held.observedAt), 12);
    assert.equal((await usher.getRun(held.id)).state, "succeeded");
  });

  it("is closed even if the run that closes it cannot read the site", async () => {
    const held = await holdRun();
    const accepted = await acceptHeldRun(ctx, held.id, null);
    acme.interrupt = () => {
      throw new Error("The source is out of order.");
    };

    const next = await execute(accepted.ok ? accepted.value : "");

    assert.equal(next.state, "failed");
    assert.equal(await closedAt(held.observedAt), 12);
  });

  it("is discarded with a reason: nothing is closed, the site is well, and the same found again is held again", async () => {
    const held = await holdRun();
    assert.equal((await siteNow()).health, "degraded");

    const discarded = await discardHeldRun(ctx, held.id, "the token lost its group");

    assert.deepEqual(discarded.ok && [discarded.value.state, discarded.value.held, discarded.value.heldDecision], [
      "partial",
      null,
      "discarded",
    ]);
    assert.deepEqual(await siteNow(), { health: "connected", reason: null, accounts: ["petra"], unseen: 0 });
    assert.deepEqual(await discardHeldRun(ctx, held.id, "again"), { ok: false, error: "not-held" });
    const again = await sync();
    assert.deepEqual([again.state, again.held?.kinds], ["held", held.held?.kinds]);
    assert.equal(await closedAt(held.observedAt), 0);
  });

  it("is not decided while a run is under way, nor when a later run replaced it", async () => {
    const held = await holdRun();
    const later = await usher.request(ids);
    assert.deepEqual(
      [await acceptHeldRun(ctx, held.id, null), await discardHeldRun(ctx, held.id, "why not")],
      [
        { ok: false, error: "run-under-way" },
        { ok: false, error: "run-under-way" },
      ],
    );
    await execute(later);

    const decisions = [await acceptHeldRun(ctx, held.id, null), await discardHeldRun(ctx, held.id, "why not")];

    assert.deepEqual(decisions, [
      { ok: false, error: "superseded" },
      { ok: false, error: "superseded" },
    ]);
  });

  it("is told row by row, as many of each kind as accepting closes, with what was missing from what", async () => {
    const held = await holdRun();

    const rows = await difference(held);

    const counts: Record<string, number> = {};
    for (const { kind, verdict } of rows) if (verdict === "gone") counts[kind] = (counts[kind] ?? 0) + 1;
    assert.deepEqual(
      counts,
      Object.fromEntries(Object.entries(held.held?.kinds ?? {}).map(([kind, { gone }]) => [kind, gone])),
    );
    const ofFirst = rows.find(
      (each) =>
        each.kind === "memberships" && each.missingFromName === "Team 0" && each.subjectName === "Name of person-000",
    );
    assert.deepEqual(
      [ofFirst?.subjectType, ofFirst?.verdict, ofFirst?.missingSince],
      ["account", "gone", held.observedAt],
    );
    const ofTeam = await difference(held, { missingFrom: "Team 4", verdicts: ["gone"] });
    assert.deepEqual(
      ofTeam.map(({ kind, reason }) => `${kind}: ${reason}`),
      [
        "groups: The source says that there is no such group.",
        ...Array.from({ length: 4 }, () => "memberships: The group is gone."),
      ],
    );
  });

  it("names who lost which right in which space, in either model, and what went with a space", async () => {
    const role = { sourceId: "r", name: "Viewer", description: null, isCustom: false, permissions: ["read/space"] };
    acme.roles = [role, { ...role, sourceId: "x", name: "Partner", isCustom: true }];
    for (const id of acme.spaces.keys()) {
      acme.assignments.set(id, [
        { principalType: "group", principalId: "team-0", roleSourceId: "x" },
        { principalType: "access-class", principalId: "all-licensed-users", roleSourceId: "r" },
      ]);
    }
    acme.description = { ...acme.description, roleMode: "transition" };
    await sync();
    acme.spaces.get("space-1")!.permissions.pop();
    acme.assignments.set("space-2", []);
    acme.spaces.delete("space-3");
    acme.deletedSpaces = new Set(["S3"]);
    acme.description = { ...acme.description, currentAccountId: "somebody else" };
    const held = await sync();
    assert.ok(held.observedAt);

    const rows = await difference({ ...held, observedAt: held.observedAt });

    const told = rows.map((each) => [each.kind, each.subjectType, each.subjectName, each.missingFromName, each.detail]);
    assert.deepEqual(told.map((each) => each.join(" | ")).toSorted(), [
      "role-assignments | access-class | all-licensed-users | Space 2 | Viewer",
      "role-assignments | access-class | all-licensed-users | Space 3 | Viewer",
      "role-assignments | group | Team 0 | Space 2 | Partner",
      "role-assignments | group | Team 0 | Space 3 | Partner",
      "space-permissions | account | Name of person-001 | Space 1 | administer/space, read/space",
      "space-permissions | account | Name of person-003 | Space 3 | administer/space, read/space",
      "space-permissions | group | confluence-users | Space 3 | read/space",
      "spaces | space | Space 3 |  | S3",
    ]);
    assert.ok(rows.every((each) => each.verdict === "gone" && each.reason !== null));
  });

  it("is counted by kind and by what it was missing from", async () => {
    const held = await holdRun();
    const list = differenceTotalsList(
      { siteId: ids.siteId, runId: held.id, observedAt: held.observedAt },
      { kinds: ["memberships"], missingFrom: null },
    );

    const rows = await usher.db.query<{ missingFromName: string; gone: number; kept: number }>(
      list.select(pageSql({ column: list.sorts.gone, tie: list.tie, descends: true, after: null, limit: null })),
    );

    assert.deepEqual([rows[0]?.missingFromName, rows[0]?.gone, rows[0]?.kept], ["confluence-users", 12, 0]);
    assert.equal(
      rows.reduce((sum, each) => sum + each.gone, 0),
      held.held?.kinds.memberships?.gone,
    );
  });
});
