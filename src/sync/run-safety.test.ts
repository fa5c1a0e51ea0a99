import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { acceptHeldRun } from "../commands/runs/accept-held-run.ts";
import { createSecretBox } from "../lib/secret-box.ts";
import { silentLog } from "../lib/log.ts";
import type { RunScope } from "../model/runs.ts";
import { StoreFailure, WATCH_NAME } from "../store/database.ts";
import { findDataAsOf, PERMISSION_KINDS, ROSTER_KINDS } from "../store/freshness.ts";
import { findEvidenceWindow } from "../store/merge/activity.ts";
import { beginRun, findHeldRun, requestCancel, type RunRow } from "../store/runs.ts";
import { sql } from "../store/sql.ts";
import type { ObservedOrganizationAccount } from "../sources/source.ts";
import { afterRun } from "./after-run.ts";
import type { AfterRunContext } from "./context.ts";
import { executeRun } from "./run.ts";
import { recoverRuns } from "./testing/recover-runs.ts";
import { syncInstallation, type SyncInstallation } from "./testing/installation.ts";
import { failure, smallCompany, type HandmadeSite } from "./testing/site.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe("runs of one site, one after the other,", () => {
  let usher: SyncInstallation;
  let ids: { siteId: string; connectionId: string };
  let acme: HandmadeSite;
  beforeEach(async () => {
    usher = await syncInstallation();
    ids = await usher.addSite();
    acme = smallCompany();
  });
  afterEach(() => usher.close());

  const context = (holder = "this process") => ({
    db: usher.db,
    clock: usher.clock,
    log: silentLog,
    holder,
    openSite: async (_run: unknown, observe: HandmadeSite["observe"]) => Object.assign(acme, { observe }),
    afterRun: ({ db }: { db: SyncInstallation["db"] }, run: AfterRunContext) => afterRun(db, run),
  });
  async function sync(scope: RunScope = "full", after = HOUR_MS): Promise<RunRow> {
    usher.clock.moveBy(after);
    acme.calls.length = 0;
    const runId = await usher.request(ids, scope);
    await executeRun(context(), runId, new AbortController().signal);
    return usher.getRun(runId);
  }
  async function one<Row>(query: ReturnType<typeof sql>): Promise<Row | undefined> {
    return (await usher.db.query<Row>(query))[0];
  }
  const openGroups = async () =>
    (await one<{ count: number }>(sql`select count(*) as count from group_versions where valid_to is null`))?.count;
  const health = () =>
    one<{ health: string; capability: string | null }>(sql`
      select health, health_detail ->> 'capability' as capability from sites where id = ${ids.siteId}
    `);
  const statusOf = (id: string) =>
    one<{ status: string; origin: string | null; suspended: boolean | null }>(sql`
      select v.status, v.origins ->> 'status' as origin, v.is_suspended as suspended
        from account_versions v
        join accounts a on a.id = v.account_id
       where a.source_id = ${id} and v.valid_to is null
    `);
  const moveActivityStart = (since: Date) =>
    usher.db.transaction((tx) =>
      tx.execute(sql`
        update connections
           set settings = settings || jsonb_build_object('analyzeActivitySince', ${since.toISOString()}::text)
         where id = ${ids.connectionId}
      `),
    );
  /** The directory of an organization that knows everybody of the small company. */
  function listDirectory(change: (id: string) => Partial<ObservedOrganizationAccount> = () => ({})): void {
    acme.abilities.listings["organization-accounts"] = null;
    acme.abilities.listings["organization-groups"] = null;
    const groups = [...acme.groups];
    const accounts = [...acme.accounts].map(([id, each]): ObservedOrganizationAccount => ({
      sourceId: id,
      accountType: "atlassian",
      status: "active",
      isSuspended: false,
      isManaged: true,
      name: each.name,
      email: null,
      department: null,
      jobTitle: null,
      location: null,
      addedAt: null,
      groupSourceIds: groups.filter(([, group]) => group.members.includes(id)).map(([groupId]) => groupId),
      productAccess: { lastActiveAt: null },
      ...change(id),
    }));
    acme.directory = {
      accounts,
      groups: groups.map(([id, { name, members }]) => ({
        sourceId: id,
        name,
        managedBy: null,
        memberCount: members.length,
      })),
    };
  }

  it("count as use what content showed, though the run failed afterwards", async () => {
    const at = new Date(usher.clock.now().getTime() - DAY_MS);
    const item = {
      eventId: "1.1",
      accountSourceId: "person-000",
      type: "page" as const,
      summary: "created",
      occurredAt: at,
    };
    acme.content = [{ ...item, spaceKey: null, contentId: "1", path: null }];
    acme.interrupt = async (call) => {
      if (call !== "members everybody start") return;
      while (!(await one(sql`select 1 as seen from activity_events`))) await new Promise(setImmediate);
      throw failure("source.unauthorized");
    };

    const run = await sync();

    assert.equal(run.state, "failed");
    assert.deepEqual(await one(sql`select kind, last_at as "lastAt" from evidence`), {
      kind: "contributed",
      lastAt: at,
    });
  });

  it("write nothing more once the database's server went away, and go on from what it says when it is back", async () => {
    const runId = await usher.request(ids);
    acme.interrupt = async (call) => {
      if (call !== "members everybody start") return;
      acme.interrupt = () => undefined;
      await usher.db.query(sql`
        select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = ${WATCH_NAME} and datname = current_database()
      `);
      await isInterrupted;
    };
    let told = () => {};
    const isInterrupted = new Promise<void>((resolve) => {
      told = resolve;
    });
    const watched = {
      ...usher.db,
      watch: (lost: () => void) =>
        usher.db.watch(() => {
          lost();
          told();
        }),
    };

    const state = await executeRun({ ...context(), db: watched }, runId, new AbortController().signal);

    assert.equal(state, "running");
    assert.equal((await one<{ rows: number }>(sql`select count(*) as rows from memberships`))?.rows, 0);
    await recoverRuns(context("another process"), new AbortController().signal);
    assert.equal((await usher.getRun(runId)).state, "succeeded");
    assert.equal((await one<{ rows: number }>(sql`select count(*) as rows from memberships`))?.rows, 50);
  });

  it("keep a difference held, and its new account unaccepted, through a run of the license part", async () => {
    await sync();
    acme.description = { ...acme.description, currentAccountId: "somebody weaker" };
    acme.groups.delete("team-4");
    const held = await sync();

    const license = await sync("license");

    assert.equal(license.state, "succeeded");
    assert.equal((await findHeldRun(usher.db, ids.siteId))?.id, held.id);
    assert.equal((await health())?.health, "degraded");
    const next = await sync();
    assert.equal(next.held?.kinds.groups?.reason, "credential-changed");
    assert.equal(await openGroups(), 6);
  });

  it("do not accept a new account by a run that could not read everything", async () => {
    await sync();
    acme.description = { ...acme.description, currentAccountId: "somebody weaker" };
    acme.interrupt = (call) => {
      if (call.startsWith("groups")) throw failure("source.missing-role");
    };
    assert.equal((await sync()).state, "partial");
    acme.interrupt = () => undefined;
    acme.groups.delete("team-4");

    const run = await sync();

    assert.equal(run.held?.kinds.groups?.reason, "credential-changed");
  });

  it("hold what is gone when the credential no longer tells whose it is, until a person accepts that", async () => {
    await sync();
    acme.description = { ...acme.description, currentAccountId: null };
    acme.groups.delete("team-4");

    const held = await sync();

    assert.equal(held.state, "held");
    assert.equal(await openGroups(), 6);
    await accept(held);
    assert.equal(await openGroups(), 5);
  });

  it("close nothing of a held difference that a later run opened", async () => {
    await sync();
    acme.description = { ...acme.description, currentAccountId: "somebody else" };
    acme.accounts.delete("person-029");
    acme.groups.get("everybody")!.members.splice(29, 1);
    const held = await sync();
    acme.description = { ...acme.description, currentAccountId: "petra" };
    acme.groups.set("new", { name: "New", members: ["person-029"], access: "user" });
    acme.interrupt = (call) => {
      if (call.startsWith("accounts")) throw failure("source.unexpected-answer");
    };
    const later = await sync("license");

    assert.equal((await accept(held)).ok, true);

    const memberships = await usher.db.query(sql`
      select g.source_id as group, m.valid_to as until, m.valid_to < m.valid_from as backwards
        from memberships m
        join groups g on g.id = m.group_id
        join accounts a on a.id = m.account_id
       where a.source_id = 'person-029'
       order by g.source_id
    `);
    assert.deepEqual(memberships, [
      { group: "everybody", until: later.observedAt, backwards: false },
      { group: "new", until: null, backwards: null },
    ]);
  });

  it("ask for each account by its id again once the organization's key is gone and its word is stale", async () => {
    listDirectory((id) => (id === "person-001" ? { isSuspended: true } : {}));
    await sync();
    assert.deepEqual(await statusOf("person-000"), { status: "active", origin: "organization", suspended: false });
    acme.lose("organization-accounts", "source.missing-credential");
    acme.lose("organization-groups", "source.missing-credential");
    acme.accounts.get("person-000")!.status = "inactive";

    await sync();
    assert.equal((await statusOf("person-000"))?.origin, "organization", "fresh: another connection may still read it");
    await sync("full", 2 * DAY_MS);

    assert.deepEqual(await statusOf("person-000"), { status: "inactive", origin: "users-bulk", suspended: null });
    assert.equal((await statusOf("person-001"))?.suspended, null);
  });

  it("go on by the site's own listings when the organization's key is refused", async () => {
    listDirectory();
    await sync();
    acme.accounts.get("person-000")!.status = "inactive";
    acme.interrupt = (call) => {
      if (call.startsWith("directory")) throw failure("source.unauthorized");
    };

    const run = await sync("full", 2 * DAY_MS);

    assert.equal(run.state, "partial");
    assert.equal((await statusOf("person-000"))?.status, "inactive");
    assert.equal(run.counts.gone, 0);
    assert.deepEqual(await health(), { health: "degraded", capability: "roster" });
  });

  it("prove no silence of who was first seen after the organization's directory was read", async () => {
    listDirectory();
    // The directory counts one member more than it names, so that the group is read for itself.
    acme.directory!.groups.find((each) => each.sourceId === "everybody")!.memberCount! += 1;
    acme.groups.get("everybody")!.members.push("stranger");
    acme.accounts.set("stranger", { name: "A stranger", status: "active", inSearch: false });

    await sync();

    const told = await usher.db.query(sql`
      select e.is_told as "isTold", s.seat_status as status
        from accounts a
        join account_summaries s on s.site_id = a.site_id and s.account_id = a.id
        left join evidence e on e.site_id = a.site_id and e.account_id = a.id and e.source = 'organization'
       where a.source_id in ('stranger', 'person-000')
       order by a.source_id
    `);
    assert.deepEqual(told, [
      { isTold: true, status: "never-used" },
      { isTold: false, status: "no-evidence" },
    ]);
  });

  it("claim to know what was written only from where they began to read, gaps left out", async () => {
    await sync();
    const late = new Date(usher.clock.now().getTime() + 30 * DAY_MS);
    await moveActivityStart(late);

    const run = await sync("full", 31 * DAY_MS);

    const window = await findEvidenceWindow(usher.db, ids.siteId, "contributed", "content-search");
    assert.deepEqual(window?.knownSince, late);
    assert.deepEqual(window?.knownUntil, new Date(run.observedAt!.getTime() - 600_000));
  });

  it("claim no more of what was written when the start is moved back while one is interrupted", async () => {
    const begun = new Date(usher.clock.now().getTime() - 90 * DAY_MS);
    await moveActivityStart(begun);
    const runId = await usher.request(ids);
    const shutdown = new AbortController();
    acme.interrupt = (call) => {
      if (!call.startsWith("groups")) return;
      shutdown.abort();
      throw shutdown.signal.reason;
    };
    await executeRun(context(), runId, shutdown.signal);
    acme.interrupt = () => undefined;
    await moveActivityStart(new Date(begun.getTime() - 300 * DAY_MS));

    await recoverRuns(context(), new AbortController().signal);

    assert.deepEqual(
      (await findEvidenceWindow(usher.db, ids.siteId, "contributed", "content-search"))?.knownSince,
      begun,
    );
  });

  it("tell memberships as of the directory that gave them, and rights as of the model in use", async () => {
    await sync();
    acme.description = { ...acme.description, roleMode: "roles" };
    acme.roles = [{ sourceId: "r", name: "Viewer", description: null, isCustom: false, permissions: ["read/space"] }];
    acme.assignments.set("space-0", [{ principalType: "group", principalId: "everybody", roleSourceId: "r" }]);
    listDirectory();

    const run = await sync();

    assert.equal((await listings(run.id)).includes("memberships"), false);
    assert.deepEqual(await findDataAsOf(usher.db, ROSTER_KINDS, [ids.siteId]), run.observedAt);
    assert.deepEqual(await findDataAsOf(usher.db, PERMISSION_KINDS, [ids.siteId]), run.observedAt);
  });

  it("never begin after they were canceled while they waited", async () => {
    const runId = await usher.request(ids);
    await usher.db.transaction((tx) => requestCancel(tx, runId, usher.clock.now()));

    assert.equal(await usher.db.transaction((tx) => beginRun(tx, runId, usher.clock.now())), null);
    assert.equal(await executeRun(context(), runId, new AbortController().signal), "canceled");
    assert.equal((await usher.getRun(runId)).state, "canceled");
  });

  it("leave the site's health as it was when one is canceled", async () => {
    acme.interrupt = (call) => {
      if (call.startsWith("groups")) throw failure("source.unauthorized");
    };
    await sync();
    const runId = await usher.request(ids);
    acme.interrupt = async () => {
      await usher.db.transaction((tx) => requestCancel(tx, runId, usher.clock.now()));
      await new Promise((resolve) => setTimeout(resolve, 2000));
    };

    assert.equal(await executeRun(context(), runId, new AbortController().signal), "canceled");

    assert.equal((await health())?.health, "needs-reauthorization");
  });

  it("are resumed, not failed, when the database went down for a moment", async () => {
    for (const code of ["57P01", "EPIPE"]) {
      usher.clock.moveBy(HOUR_MS);
      const runId = await usher.request(ids);
      const lost = new StoreFailure(Object.assign(new Error("The connection ended."), { code }), "commit");
      acme.interrupt = (call) => {
        if (call.startsWith("groups")) throw lost;
      };

      await assert.rejects(executeRun(context(), runId, new AbortController().signal), lost);

      assert.equal((await usher.getRun(runId)).state, "running");
      acme.interrupt = () => undefined;
      const resumed = await recoverRuns(context(), new AbortController().signal);
      assert.deepEqual(resumed, [{ runId, state: "succeeded" }]);
    }
  });

  it("leave a run to whoever took the site over, and write nothing more for it", async () => {
    const runId = await usher.request(ids);
    acme.interrupt = async (call) => {
      if (!call.startsWith("groups")) return;
      await usher.db.transaction((tx) => tx.execute(sql`update leases set holder = 'another process'`));
      throw failure("source.unauthorized");
    };

    assert.equal(await executeRun(context(), runId, new AbortController().signal), "running");

    assert.equal((await usher.getRun(runId)).state, "running");
  });

  it("still say what was lost when one is resumed after the loss", async () => {
    const runId = await usher.request(ids);
    const shutdown = new AbortController();
    acme.interrupt = async (call) => {
      if (call.startsWith("spaces")) throw failure("source.missing-role", "permissions");
      if (!call.startsWith("members everybody")) return;
      while (!(await one(sql`select 1 from listings where run_id = ${runId} and state = 'not-allowed'`)))
        await new Promise(setImmediate);
      shutdown.abort();
      throw shutdown.signal.reason;
    };
    await executeRun(context(), runId, shutdown.signal);
    acme.interrupt = () => undefined;

    await recoverRuns(context(), new AbortController().signal);

    assert.deepEqual(await health(), { health: "degraded", capability: "permissions" });
  });

  it("carry the forecast of the last check, unless only the license part is read", async () => {
    await usher.db.transaction((tx) =>
      tx.execute(sql`update connection_sites set forecast = '{"requests": 2600, "points": 585000}'`),
    );

    const full = await sync();
    const license = await sync("license");

    assert.deepEqual([full.forecastRequests, full.forecastPoints], [2600, 585_000]);
    assert.deepEqual([license.forecastRequests, license.forecastPoints], [null, null]);
  });

  it("know what a role may do however its permissions are spelled", async () => {
    acme.description = { ...acme.description, roleMode: "roles" };
    const role = (sourceId: string, ...permissions: string[]) => ({
      sourceId,
      name: sourceId,
      description: null,
      isCustom: false,
      permissions,
    });
    acme.roles = [
      role("viewer", "READ_SPACE"),
      role("manager", "view:content", "manage-access"),
      role("other", "export"),
    ];

    await sync();

    const rows = await usher.db.query(sql`
      select name, can_read as read, can_administer as administer from space_role_versions order by name
    `);
    assert.deepEqual(rows, [
      { name: "manager", read: true, administer: true },
      { name: "other", read: false, administer: false },
      { name: "viewer", read: true, administer: false },
    ]);
  });

  async function listings(runId: string): Promise<string[]> {
    const rows = await usher.db.query<{ kind: string }>(
      sql`select distinct kind from listings where run_id = ${runId}`,
    );
    return rows.map(({ kind }) => kind);
  }
  async function accept(run: RunRow) {
    const actor = { operatorId: "petra", through: "api" } as const;
    const secrets = createSecretBox([{ id: "key", key: Buffer.alloc(32) }]);
    const accepted = await acceptHeldRun({ db: usher.db, clock: usher.clock, secrets, actor }, run.id, null);
    if (accepted.ok) await executeRun(context(), accepted.value, new AbortController().signal);
    return accepted;
  }
});
