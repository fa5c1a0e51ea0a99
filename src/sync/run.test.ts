import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { silentLog } from "../lib/log.ts";
import type { RunScope } from "../model/runs.ts";
import { findHeldRun, requestCancel, requestRun, type RunRow } from "../store/runs.ts";
import { sql } from "../store/sql.ts";
import type { SyncContext } from "./context.ts";
import { executeRun } from "./run.ts";
import { recoverRuns } from "./testing/recover-runs.ts";
import { syncInstallation, type SyncInstallation } from "./testing/installation.ts";
import { failure, smallCompany, type HandmadeSite } from "./testing/site.ts";

describe("a run", () => {
  let usher: SyncInstallation;
  let ids: { siteId: string; connectionId: string };
  let acme: HandmadeSite;
  beforeEach(async () => {
    usher = await syncInstallation();
    ids = await usher.addSite();
    acme = smallCompany();
  });
  afterEach(() => usher.close());

  function context(more: Partial<SyncContext> = {}): SyncContext {
    return {
      db: usher.db,
      clock: usher.clock,
      log: silentLog,
      holder: "this process",
      openSite: async (_run, observe) => Object.assign(acme, { observe }),
      afterRun: async () => undefined,
      ...more,
    };
  }
  async function sync(options: { scope?: RunScope; context?: Partial<SyncContext> } = {}): Promise<RunRow> {
    usher.clock.moveBy(3_600_000);
    const runId = await usher.request(ids, options.scope);
    await executeRun(context(options.context), runId, new AbortController().signal);
    acme.calls.splice(0, acme.calls.length - 1000);
    return usher.getRun(runId);
  }
  async function count(table: string, where = "valid_to is null"): Promise<number> {
    const [row] = await usher.db.query<{ count: number }>({
      text: `select count(*) as count from ${table} where ${where}`,
      values: [],
    });
    return row?.count ?? 0;
  }
  async function listing(runId: string, key: string) {
    const [row] = await usher.db.query<{ state: string; restarts: number; error: { code: string } | null }>(sql`
      select state, restarts, error from listings where run_id = ${runId} and key = ${key}
    `);
    return row;
  }
  async function events(runId: string): Promise<string[]> {
    const rows = await usher.db.query<{ event: string }>(
      sql`select event from run_events where run_id = ${runId} order by seq`,
    );
    return rows.map((each) => each.event);
  }
  const removeFromSearchAndSite = (...accounts: string[]) => {
    for (const id of accounts) {
      acme.accounts.delete(id);
      for (const group of acme.groups.values()) group.members = group.members.filter((each) => each !== id);
    }
  };

  it("says at its start until when it goes on, when it needs more than a share of an hour's points", async () => {
    const forecast = JSON.stringify({ requests: 900, points: 120_000 });
    await usher.db.query(sql`update connection_sites set forecast = ${forecast}::jsonb`);

    const run = await sync({
      context: {
        openSite: async (_run, observe) => {
          const untilAt = new Date(usher.clock.now().getTime() + 60_000);
          observe({ kind: "wait", reason: "hour-share", quota: "OAuth client acme", untilAt, waitMs: 60_000 });
          return Object.assign(acme, { observe });
        },
      },
    });

    const told = await usher.db.query<{ event: string; message: string }>(sql`
      select event, message from run_events where run_id = ${run.id} and event like 'run.spread%' order by seq
    `);
    assert.deepEqual(
      told.map((each) => each.event),
      ["run.spreads", "run.spread"],
    );
    assert.match(told[0]?.message ?? "", /spreads over 3 hours.*2026-11-21 15:00 UTC/);
    assert.match(told[1]?.message ?? "", /goes on at 2026-11-21T13:01:00/);
  });

  it("copies accounts, groups, memberships, spaces and permissions", async () => {
    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.equal(await count("account_versions"), 30);
    assert.equal(await count("group_versions"), 6);
    assert.equal(await count("memberships"), 50);
    assert.equal(await count("product_access"), 1);
    assert.equal(await count("space_permissions"), 10);
    assert.equal(await count("space_permissions", "valid_to is null and can_administer"), 5);
    assert.equal(await count("people", "true"), 30);
    assert.equal(run.requests, acme.calls.length);
  });

  it("keeps what changed beside what was, from one run's instant to the next one's", async () => {
    const first = await sync();
    acme.groups.get("team-0")!.name = "Renamed";
    acme.accounts.get("person-000")!.status = "inactive";

    const second = await sync();

    const names = await usher.db.query(sql`
      select v.name, v.valid_from = ${first.observedAt} as "fromFirst", v.valid_to
        from group_versions v join groups g on g.id = v.group_id
       where g.source_id = 'team-0' order by v.valid_from
    `);
    assert.deepEqual(names, [
      { name: "Team 0", fromFirst: true, valid_to: second.observedAt },
      { name: "Renamed", fromFirst: false, valid_to: null },
    ]);
    assert.equal(await count("account_versions", "valid_to is null and status = 'inactive'"), 1);
    assert.equal(second.counts.changed, 2);
  });

  it("closes a membership that a second look does not find either", async () => {
    await sync();
    acme.groups.get("team-0")!.members = ["person-000", "person-001", "person-002"];

    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.equal(run.counts.gone, 1);
    assert.equal(await count("memberships", "valid_to is not null"), 1);
    assert.ok(acme.calls.includes("groups-of person-003 start"));
  });

  it("keeps a membership that its listing left out but a second look finds", async () => {
    await sync();
    let reads = 0;
    const members = acme.groups.get("team-0")!.members;
    acme.interrupt = (call) => {
      if (!call.startsWith("members team-0")) return;
      reads += 1;
      acme.groups.get("team-0")!.members = members.slice(reads === 1 ? 1 : 0);
    };
    const memberOf = acme.readGroupsOfAccount;
    acme.readGroupsOfAccount = (...args) => {
      acme.groups.get("team-0")!.members = members;
      return memberOf(...args);
    };

    const run = await sync();

    assert.equal(run.counts.gone, 0);
    assert.equal(await count("memberships"), 50);
    assert.equal(await count("unseen", "true"), 0);
  });

  it("closes an account with its memberships only when asked for by id it is unknown", async () => {
    await sync();
    removeFromSearchAndSite("person-029");
    acme.accounts.get("person-028")!.inSearch = false;

    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.equal(await count("account_versions"), 29);
    assert.equal(await count("memberships", "valid_to is not null"), 1);
  });

  it("closes a group that is gone with all that hangs on it", async () => {
    await sync();
    acme.groups.delete("team-4");

    const run = await sync();

    assert.equal(await count("group_versions"), 5);
    assert.equal(await count("memberships"), 46);
    assert.equal(run.counts.gone, 5);
  });

  it("closes a space whose deletion is recorded, and only says so of one that merely cannot be seen", async () => {
    await sync();
    acme.spaces.delete("space-0");
    acme.spaces.delete("space-1");
    acme.deletedSpaces = new Set(["S0"]);

    const run = await sync();

    assert.equal(await count("space_versions"), 4);
    assert.equal(await count("space_permissions"), 8);
    assert.equal(run.counts.notVisible, 1);
    assert.ok((await events(run.id)).includes("not-visible"));
    assert.equal(await count("unseen", "verdict = 'not-visible'"), 1);

    acme.spaces.set("space-1", { key: "S1", name: "Space 1", permissions: [["group", "everybody", "read"]] });
    await sync();

    assert.equal(await count("unseen", "true"), 0);
  });

  it("is held when too much of a kind is gone, and closes nothing of it until a run finds it again", async () => {
    await sync();
    const before = [...acme.accounts];
    removeFromSearchAndSite(...before.slice(0, 12).map(([id]) => id));

    const held = await sync();

    assert.equal(held.state, "held");
    assert.deepEqual(held.held?.kinds.accounts, { known: 30, gone: 12, reason: "too-many-gone" });
    assert.equal(await count("account_versions"), 30);
    assert.equal(await count("memberships"), 50);
    assert.equal((await findHeldRun(usher.db, ids.siteId))?.id, held.id);

    acme.accounts = new Map(before);
    acme.groups = smallCompany().groups;
    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.equal(await count("unseen", "true"), 0);
    assert.equal(await findHeldRun(usher.db, ids.siteId), null);
  });

  it("is held after the account behind the credential changed, whatever little is gone", async () => {
    await sync();
    acme.description = { ...acme.description, currentAccountId: "somebody else" };
    acme.groups.delete("team-4");

    const run = await sync();

    assert.equal(run.state, "held");
    assert.equal(run.held?.kinds.groups?.reason, "credential-changed");
    assert.equal(await count("group_versions"), 6);
  });

  it("removes nothing because of a listing that failed, and ends partial", async () => {
    await sync();
    acme.groups.get("team-0")!.members = [];
    acme.interrupt = (call) => {
      if (call.startsWith("members team-0")) throw failure("source.unexpected-answer");
    };

    const run = await sync();

    assert.equal(run.state, "partial");
    assert.equal(run.counts.errors, 1);
    assert.equal(await count("memberships"), 50);
    assert.equal((await listing(run.id, "memberships/team-0"))?.state, "failed");
  });

  it("goes on without what it may not read, partial only if that was not known before", async () => {
    acme.lose("spaces");
    const known = await sync();
    acme.abilities.listings.spaces = null;
    acme.interrupt = (call) => {
      if (call.startsWith("permissions")) throw failure("source.missing-role", "permissions");
    };
    const news = await sync();

    assert.equal(known.state, "succeeded");
    assert.equal((await listing(known.id, "spaces"))?.state, "not-allowed");
    assert.equal(news.state, "partial");
    assert.equal((await listing(news.id, "space-permissions/space-0"))?.error?.code, "source.missing-role");
    assert.equal(await count("account_versions"), 30);
  });

  it("fails, and asks for a new authorization, when the credential is refused", async () => {
    acme.interrupt = (call) => {
      if (call.startsWith("groups")) throw failure("source.unauthorized");
    };

    const run = await sync();

    assert.equal(run.state, "failed");
    assert.equal(run.errorCode, "source.unauthorized");
    const [site] = await usher.db.query(sql`select health from sites where id = ${ids.siteId}`);
    assert.deepEqual(site, { health: "needs-reauthorization" });
  });

  it("reads a listing again whose rows moved, and gives it up after five times", async () => {
    acme.rowsPerPage = 10;
    let drifts = 2;
    acme.interrupt = (call) => {
      if (call === "accounts 10" && drifts-- > 0) throw failure("source.listing-drifted");
      if (call.startsWith("members team-0")) throw failure("source.cursor-expired");
    };

    const run = await sync();

    assert.equal((await listing(run.id, "accounts"))?.restarts, 2);
    assert.equal((await listing(run.id, "accounts"))?.state, "complete");
    assert.deepEqual(await listing(run.id, "memberships/team-0").then((each) => [each?.state, each?.restarts]), [
      "failed",
      5,
    ]);
    assert.equal(await count("staged_rows", "true"), 0);
    assert.equal(await count("account_versions"), 30);
  });

  it("closes a group that vanished while it was read", async () => {
    await sync();
    acme.interrupt = (call) => {
      if (!call.startsWith("members team-0")) return;
      acme.groups.delete("team-0");
      throw failure("source.not-found");
    };

    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.equal(await count("group_versions"), 5);
    assert.equal(await count("memberships"), 46);
  });

  it("stops when it is canceled and keeps what is complete", async () => {
    usher.clock.moveBy(1);
    const runId = await usher.request(ids);
    acme.interrupt = async (call) => {
      if (!call.startsWith("members team-0")) return;
      await usher.db.transaction((tx) => requestCancel(tx, runId, usher.clock.now()));
      await new Promise((resolve) => setTimeout(resolve, 2000));
    };

    const state = await executeRun(context(), runId, new AbortController().signal);

    assert.equal(state, "canceled");
    assert.equal(await count("group_versions"), 6);
    assert.equal(await count("staged_rows", "true"), 0);
  });

  it("resumes where it was, with the same instant, and reads no complete listing again", async () => {
    acme.rowsPerPage = 10;
    const runId = await usher.request(ids);
    const shutdown = new AbortController();
    acme.interrupt = (call) => {
      if (call !== "members everybody 20") return;
      shutdown.abort();
      throw shutdown.signal.reason;
    };
    assert.equal(await executeRun(context(), runId, shutdown.signal), "running");
    const interrupted = await usher.getRun(runId);
    const readBefore = new Set(acme.calls);
    acme.calls.length = 0;
    acme.interrupt = () => undefined;
    usher.clock.moveBy(60_000);

    const resumed = await recoverRuns(context({ holder: "another process" }), new AbortController().signal);

    assert.deepEqual(resumed, [{ runId, state: "succeeded" }]);
    const run = await usher.getRun(runId);
    assert.deepEqual(run.observedAt, interrupted.observedAt);
    assert.equal(run.resumed, 1);
    assert.ok(readBefore.has("members everybody 10"));
    assert.deepEqual(
      acme.calls.filter((each) => each.startsWith("members everybody")),
      ["members everybody 20"],
    );
    assert.ok(!acme.calls.includes("accounts start"));
    assert.equal(await count("memberships"), 50);
  });

  it("ends partial when a listing failed before it was interrupted", async () => {
    acme.rowsPerPage = 10;
    const runId = await usher.request(ids);
    const shutdown = new AbortController();
    acme.interrupt = async (call) => {
      if (call.startsWith("members team-0")) throw failure("source.unexpected-answer");
      if (call !== "members everybody 20") return;
      while ((await listing(runId, "memberships/team-0"))?.state !== "failed") await new Promise(setImmediate);
      shutdown.abort();
      throw shutdown.signal.reason;
    };
    await executeRun(context(), runId, shutdown.signal);
    acme.interrupt = () => undefined;

    const resumed = await recoverRuns(context(), new AbortController().signal);

    assert.deepEqual(resumed, [{ runId, state: "partial" }]);
  });

  it("begins a listing again that was staged more than 15 minutes ago", async () => {
    acme.rowsPerPage = 10;
    const runId = await usher.request(ids);
    const shutdown = new AbortController();
    acme.interrupt = (call) => {
      if (call !== "members everybody 20") return;
      shutdown.abort();
      throw shutdown.signal.reason;
    };
    await executeRun(context(), runId, shutdown.signal);
    acme.calls.length = 0;
    acme.interrupt = () => undefined;
    usher.clock.moveBy(16 * 60_000);

    await recoverRuns(context(), new AbortController().signal);

    assert.equal(acme.calls.filter((each) => each.startsWith("members everybody")).length, 3);
    assert.equal(await count("memberships"), 50);
  });

  it("is not begun while another process holds the site", async () => {
    const runId = await usher.request(ids);
    await usher.db.transaction((tx) =>
      tx.execute(
        sql`insert into leases (name, holder, until) values (${`site/${ids.siteId}`}, 'other', now() + interval '30 seconds')`,
      ),
    );

    await assert.rejects(executeRun(context(), runId, new AbortController().signal), { code: "run.site-held" });
    assert.equal((await usher.getRun(runId)).state, "queued");
  });

  it("is refused in words while another run of the site is under way", async () => {
    const runId = await usher.request(ids);

    const second = await usher.db.transaction((tx) =>
      requestRun(tx, { ...ids, scope: "full", trigger: "person", requestedBy: "test", requestedAt: usher.clock.now() }),
    );

    assert.equal(second.ok, false);
    assert.equal(!second.ok && second.error.runId, runId);
  });

  it("reads only what decides about seats when its scope is license", async () => {
    const run = await sync({ scope: "license" });

    assert.equal(run.state, "succeeded");
    assert.deepEqual(acme.calls.map((each) => each.split(" ").slice(0, 2).join(" ")).toSorted(), [
      "accounts start",
      "describe",
      "members everybody",
      "product-access admin",
      "product-access user",
    ]);
    assert.equal(await count("memberships"), 30);
  });

  it("takes accounts beyond the search's limit from members, and none of them for gone", async () => {
    acme.abilities.searchLimit = 20;
    for (const [id, each] of acme.accounts) each.inSearch = id < "person-020";

    await sync();
    const run = await sync();

    assert.equal(await count("account_versions"), 30);
    assert.equal(run.counts.gone, 0);
    assert.ok((await events(run.id)).includes("accounts.search-cut"));
  });

  it("keeps each version of content once, and describes authors it met there by their id", async () => {
    acme.accounts.set("author", { name: "Former Author", status: "closed", inSearch: false });
    const change = (eventId: string, accountSourceId: string, day: number) => ({
      eventId,
      accountSourceId,
      type: "page" as const,
      summary: `edited "${eventId}"`,
      occurredAt: new Date(Date.UTC(2026, 10, day)),
      spaceKey: "S0",
      contentId: eventId,
      path: null,
    });
    acme.content = [change("1.1", "person-000", 19), change("1.2", "author", 20)];

    await sync();
    await sync();

    assert.equal(await count("activity_events", "true"), 2);
    assert.equal(await count("evidence", "kind = 'contributed'"), 2);
    assert.equal(await count("account_versions", "display_name = 'Former Author' and valid_to = valid_from"), 1);
    assert.equal(acme.calls.filter((each) => each.includes("author")).length, 1);
  });
});
