import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { silentLog } from "../lib/log.ts";
import type { AuditChange, AuditObject } from "../model/facts.ts";
import type { RunScope } from "../model/runs.ts";
import { findDataAsOf } from "../store/freshness.ts";
import { findEvidenceWindow } from "../store/merge/activity.ts";
import type { RunRow } from "../store/runs.ts";
import { rawSql, sql } from "../store/sql.ts";
import { afterRun } from "./after-run.ts";
import type { AfterRunContext } from "./context.ts";
import { executeRun } from "./run.ts";
import { syncInstallation, type SyncInstallation } from "./testing/installation.ts";
import { failure, type HandmadeSite, smallCompany } from "./testing/site.ts";

const HOUR_MS = 3_600_000;

describe("a delta run", () => {
  let usher: SyncInstallation;
  let ids: { siteId: string; connectionId: string };
  let acme: HandmadeSite;
  beforeEach(async () => {
    usher = await syncInstallation();
    ids = await usher.addSite();
    acme = smallCompany(250);
    for (const group of acme.groups.values()) group.members = [...group.members];
  });
  afterEach(() => usher.close());

  async function sync(scope: RunScope = "delta"): Promise<RunRow> {
    usher.clock.moveBy(HOUR_MS);
    acme.calls.length = 0;
    const runId = await usher.request(ids, scope);
    const context = {
      db: usher.db,
      clock: usher.clock,
      log: silentLog,
      holder: "this process",
      openSite: async (_run: unknown, observe: HandmadeSite["observe"]) => Object.assign(acme, { observe }),
      afterRun: ({ db }: { db: SyncInstallation["db"] }, run: AfterRunContext) => afterRun(db, run),
    };
    await executeRun(context, runId, new AbortController().signal);
    return usher.getRun(runId);
  }
  function record(change: AuditChange, ...objects: AuditObject[]): void {
    usher.clock.moveBy(60_000);
    const occurredAt = usher.clock.now();
    acme.audit.unshift({
      eventId: `event-${acme.audit.length}`,
      occurredAt,
      authorSourceId: "person-001",
      change,
      summary: "Something was changed",
      objects,
    });
  }
  const group = (id: string): AuditObject => ({ type: "group", sourceId: id, name: id });
  const account = (name: string, id: string | null = null): AuditObject => ({ type: "account", sourceId: id, name });
  const space = (name: string): AuditObject => ({ type: "space", sourceId: null, name });
  const asked = () => acme.calls.filter((each) => each !== "describe" && !each.startsWith("audit"));
  async function count(table: string, where = "valid_to is null"): Promise<number> {
    const [row] = await usher.db.query<{ count: number }>(
      sql`select count(*) as count from ${rawSql(table)} where ${rawSql(where)}`,
    );
    return row?.count ?? 0;
  }
  async function events(runId: string): Promise<string[]> {
    const rows = await usher.db.query<{ event: string }>(
      sql`select event from run_events where run_id = ${runId} order by seq`,
    );
    return rows.map((each) => each.event);
  }
  const health = async () =>
    (await usher.db.query<{ health: string }>(sql`select health from sites where id = ${ids.siteId}`))[0]?.health;

  it("asks for nothing where the log names nothing, and closes nothing", async () => {
    await sync("full");
    acme.groups.delete("team-4");

    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.deepEqual(asked(), []);
    assert.deepEqual({ ...run.counts, read: 0 }, { read: 0, added: 0, changed: 0, gone: 0, notVisible: 0, errors: 0 });
    assert.equal(await count("group_versions"), 6);
    assert.ok((await events(run.id)).includes("delta.looked-again"));
  });

  it("lists the members of a small group that it names, with the run's one instant", async () => {
    await sync("full");
    acme.groups.get("team-1")!.members = ["person-004", "person-005", "person-006", "person-099"];
    record("member-added", group("team-1"), account("Name of person-099"));
    record("member-removed", group("team-1"), account("Name of person-007"));

    const run = await sync();

    assert.deepEqual(asked(), ["members team-1 start", "groups-of person-007 start"]);
    // Beside the membership the two records themselves are new.
    assert.deepEqual([run.counts.added, run.counts.gone], [3, 1]);
    assert.equal(await count("memberships", `valid_from = '${run.observedAt!.toISOString()}'`), 1);
    assert.equal(await count("memberships", `valid_to = '${run.observedAt!.toISOString()}'`), 1);
  });

  it("asks for the groups of the account where the group is large", async () => {
    await sync("full");
    acme.groups.get("everybody")!.members = acme.groups.get("everybody")!.members.filter((id) => id !== "person-200");
    record("member-removed", group("everybody"), account("Name of person-200"));

    const run = await sync();

    assert.deepEqual(asked(), ["groups-of person-200 start", "groups-of person-200 start"]);
    assert.equal(run.counts.gone, 1);
  });

  it("keeps a membership that the first look did not show and the second one does", async () => {
    await sync("full");
    record("member-removed", group("team-1"), account("Name of person-004"));
    const members = acme.groups.get("team-1")!.members;
    acme.interrupt = (call) => {
      acme.groups.get("team-1")!.members = call.startsWith("members team-1") ? members.slice(1) : members;
    };

    const run = await sync();

    assert.equal(run.counts.gone, 0);
    assert.equal(await count("memberships"), 270);
  });

  it("meets a new account in a small group, and then knows who was added to the large one", async () => {
    await sync("full");
    acme.accounts.set("newcomer", { name: "Newcomer", status: "active", inSearch: true });
    for (const id of ["everybody", "team-0"]) {
      acme.groups.get(id)!.members.push("newcomer");
      record("member-added", group(id), account("Newcomer"));
    }

    const run = await sync();

    assert.deepEqual(asked().toSorted(), [
      "accounts-by-id newcomer",
      "groups-of newcomer start",
      "members team-0 start",
    ]);
    assert.equal(await count("memberships"), 272);
    assert.equal(await count("account_versions", "display_name = 'Newcomer' and status = 'active'"), 1);
    assert.equal((await events(run.id)).includes("delta.unknown-account"), false);
  });

  it("leaves to the next full run who was added to a large group under an unknown name, and says so", async () => {
    await sync("full");
    acme.accounts.set("newcomer", { name: "Newcomer", status: "active", inSearch: true });
    acme.groups.get("everybody")!.members.push("newcomer");
    record("member-added", group("everybody"), account("Newcomer"));

    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.deepEqual(asked(), []);
    assert.ok((await events(run.id)).includes("delta.unknown-account"));
  });

  it("takes up a new group with its members, and closes one that is gone with everything on it", async () => {
    await sync("full");
    acme.groups.set("new", { name: "New", members: ["person-001"] });
    acme.groups.delete("team-4");
    acme.groups.get("team-0")!.name = "Renamed";
    record("group-added", group("new"));
    record("group-removed", group("team-4"));
    record("group-changed", group("team-0"));

    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.equal(await count("group_versions", "valid_to is null and name in ('New', 'Renamed')"), 2);
    assert.equal(await count("group_versions"), 6);
    assert.equal(await count("memberships"), 250 + 16 + 1);
    assert.equal(asked().includes("members team-0 start"), false);
  });

  it("reads the rights of spaces that it names, and those of a new one", async () => {
    await sync("full");
    acme.spaces.get("space-0")!.permissions.push(["user", "person-042", "read"]);
    acme.spaces.set("space-9", { key: "S9", name: "Space 9", permissions: [["group", "everybody", "read"]] });
    acme.spaces.get("space-1")!.name = "Renamed";
    record("space-rights", space("Space 0"));
    record("space-added", space("Space 9"));
    record("space-changed", space("Renamed"), space("Space 1"));

    await sync();

    assert.deepEqual(asked().toSorted(), ["permissions space-0 start", "permissions space-9 start", "spaces start"]);
    assert.equal(await count("space_permissions"), 12);
    assert.equal(await count("space_versions", "valid_to is null and name in ('Renamed', 'Space 9')"), 2);
  });

  it("closes a space only when the audit log records that it was deleted", async () => {
    await sync("full");
    for (const key of ["space-2", "space-3"]) {
      acme.spaces.delete(key);
      record("space-removed", space(`Space ${key.at(-1)}`));
    }
    acme.deletedSpaces = new Set(["S2"]);

    const run = await sync();

    assert.equal(run.counts.notVisible, 1);
    assert.equal(await count("space_versions"), 4);
  });

  it("asks everybody's status where the log does not say who was deactivated", async () => {
    await sync("full");
    acme.accounts.get("person-123")!.status = "inactive";
    record("account-changed");

    await sync();

    assert.equal(asked().filter((each) => each.startsWith("accounts-by-id")).length, 3);
    assert.equal(await count("account_versions", "valid_to is null and status = 'inactive'"), 1);
  });

  it("holds what the safeguard would hold of a full run", async () => {
    await sync("full");
    acme.description = { ...acme.description, currentAccountId: "somebody weaker" };
    acme.groups.get("team-1")!.members.pop();
    record("member-removed", group("team-1"), account("Name of person-007"));

    const run = await sync();

    assert.equal(run.state, "held");
    assert.equal(run.held?.kinds.memberships?.reason, "credential-changed");
    assert.equal(await count("memberships"), 270);
  });

  describe("where groups hold groups", () => {
    beforeEach(() => {
      acme.abilities.listings.subgroups = null;
      acme.groups.set("outer", { name: "Outer", members: [], subgroups: ["everybody"] });
    });
    const closure = () => count("group_closure");

    it("makes nobody an own member of a group that holds the one they were added to", async () => {
      const everybody = acme.groups.get("everybody")!;
      const members = everybody.members;
      everybody.members = members.slice(1);
      await sync("full");
      everybody.members = members;
      record("member-added", group("everybody"), account("Name of person-000"));
      const { readGroupsOfAccount } = acme;
      // As a source tells them that counts whoever is in a group through another one.
      acme.readGroupsOfAccount = async (id, cursor, signal) => {
        const page = await readGroupsOfAccount(id, cursor, signal);
        const isWithin = page.rows.some((each) => each.sourceId === "everybody");
        return isWithin ? { ...page, rows: [...page.rows, (await acme.findGroup("outer", signal))!] } : page;
      };

      const run = await sync();

      assert.ok(asked().includes("groups-of person-000 start"));
      const at = `valid_from = '${run.observedAt!.toISOString()}'`;
      assert.equal(await count("memberships", at), 1);
      assert.equal(
        await count("memberships", `${at} and group_id in (select id from groups where source_id = 'outer')`),
        0,
      );
    });

    it("reads the groups within one that it names, and within one that is new", async () => {
      await sync("full");
      assert.equal(await closure(), 1);
      acme.groups.get("team-1")!.subgroups = ["team-2"];
      acme.groups.set("new", { name: "New", members: [], subgroups: ["team-3"] });
      record("member-added", group("team-1"), group("team-2"));
      record("group-added", group("new"));

      await sync();

      assert.ok(asked().includes("subgroups team-1 start") && asked().includes("subgroups new start"));
      assert.equal(await closure(), 3);
    });
  });

  it("lists the members of a group that it learns of by the product that the group gives", async () => {
    await sync("full");
    acme.groups.set("sellers", { name: "Sellers", members: ["person-001", "person-002"], access: "user" });
    record("product-access", group("sellers"));

    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.ok(asked().includes("members sellers start"));
    assert.equal(await count("memberships"), 272);
  });

  it("leaves what a full run held to wait as a whole, and closes what was missed since", async () => {
    await sync("full");
    acme.groups.get("everybody")!.members = acme.groups.get("everybody")!.members.slice(100);
    acme.groups.get("team-1")!.members = [];
    const full = await sync("full");
    acme.groups.get("team-2")!.members.pop();
    record("member-removed", group("team-1"), account("Name of person-007"));
    record("member-removed", group("team-2"), account("Name of person-011"));

    const run = await sync();

    assert.deepEqual([full.state, full.held?.kinds.memberships?.gone], ["held", 104]);
    assert.deepEqual([run.state, run.counts.gone], ["succeeded", 1]);
    assert.equal(await count("memberships"), 269);
    assert.equal(await count("unseen", `run_id = '${full.id}' and verdict = 'gone'`), 104);
    assert.equal(await health(), "degraded");
  });

  it("does nothing, and is no error, where there is no audit log", async () => {
    acme.lose("audit", "source.edition-lacks");
    const full = await sync("full");
    acme.groups.get("team-1")!.members.pop();

    const run = await sync();

    assert.deepEqual([full.state, run.state], ["succeeded", "succeeded"]);
    assert.deepEqual(acme.calls, ["describe"]);
    assert.ok((await events(run.id)).includes("delta.no-audit-log"));
    assert.equal(await health(), "connected");
  });

  it("does nothing, and is no error, where the log is refused when it is asked", async () => {
    await sync("full");
    acme.interrupt = (call) => {
      if (call.startsWith("audit")) throw failure("source.missing-role", "activity");
    };

    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.equal(await health(), "connected");
    assert.ok((await events(run.id)).includes("delta.no-audit-log"));
  });

  it("does nothing before there was a full run", async () => {
    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.deepEqual(acme.calls, ["describe"]);
    assert.ok((await events(run.id)).includes("delta.nothing-known"));
  });

  it("reads no audit log where activity is off", async () => {
    await usher.db.transaction((tx) => tx.execute(sql`update connections set capabilities = '{roster}'`));
    await sync("full");

    const run = await sync();

    assert.deepEqual(acme.calls, ["describe"]);
    assert.ok((await events(run.id)).includes("delta.not-followed"));
  });

  it("is named again what could not be looked at, until it was", async () => {
    await sync("full");
    acme.groups.get("team-1")!.members.pop();
    record("member-removed", group("team-1"), account("Name of person-007"));
    acme.interrupt = (call) => {
      if (call.startsWith("members")) throw failure("source.unreachable");
    };
    const first = await sync();
    acme.interrupt = () => undefined;

    const second = await sync();
    const third = await sync();

    assert.deepEqual([first.state, second.state, third.state], ["partial", "succeeded", "succeeded"]);
    assert.deepEqual([first.counts.gone, second.counts.gone], [0, 1]);
    assert.deepEqual(asked(), []);
    assert.equal(await health(), "connected");
  });

  it("leaves the age of what it did not look at, and a site as ill as the last full run found it", async () => {
    acme.interrupt = (call) => {
      if (call.startsWith("roles") || call.startsWith("spaces")) throw failure("source.missing-scope", "permissions");
    };
    const full = await sync("full");
    acme.interrupt = () => undefined;
    record("member-removed", group("team-1"), account("Name of person-007"));

    await sync();

    assert.deepEqual(await findDataAsOf(usher.db, ["memberships"]), full.observedAt);
    const [site] = await usher.db.query<{ at: Date }>(sql`select last_synced_at as at from sites`);
    assert.deepEqual(site?.at, full.observedAt);
    assert.equal(await health(), "degraded");
  });

  it("goes on with what the log shows of use, without a gap", async () => {
    await sync("full");
    record("other", space("Space 0"));

    const run = await sync();

    const window = await findEvidenceWindow(usher.db, ids.siteId, "administered", "audit-log");
    assert.deepEqual(window?.knownSince, new Date("2026-08-23T00:00:00Z"));
    assert.deepEqual(window?.knownUntil, run.observedAt);
    assert.equal(await count("evidence", "kind = 'administered'"), 1);
    assert.equal(await count("account_summaries", "last_activity_summary = 'Something was changed: Space 0'"), 1);
  });
});
