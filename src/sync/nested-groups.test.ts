import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { silentLog } from "../lib/log.ts";
import type { RunScope } from "../model/runs.ts";
import type { RunRow } from "../store/runs.ts";
import { rawSql, sql } from "../store/sql.ts";
import { executeRun } from "./run.ts";
import { syncInstallation, type SyncInstallation } from "./testing/installation.ts";
import { failure, smallCompany, type HandmadeSite } from "./testing/site.ts";

describe("groups within groups", () => {
  let usher: SyncInstallation;
  let ids: { siteId: string; connectionId: string };
  let acme: HandmadeSite;
  beforeEach(async () => {
    usher = await syncInstallation();
    ids = await usher.addSite();
    acme = smallCompany();
    acme.abilities.listings.subgroups = null;
    nest("everybody", "team-0", "team-1");
    nest("team-0", "team-2");
    nest("team-2", "team-0");
  });
  afterEach(() => usher.close());

  function nest(outside: string, ...inside: string[]): void {
    Object.assign(acme.groups.get(outside) ?? {}, { subgroups: inside });
  }
  async function sync(scope: RunScope = "full"): Promise<RunRow> {
    usher.clock.moveBy(3_600_000);
    acme.calls.length = 0;
    const runId = await usher.request(ids, scope);
    const context = {
      db: usher.db,
      clock: usher.clock,
      log: silentLog,
      holder: "this process",
      openSite: async () => acme,
      afterRun: async () => undefined,
    };
    await executeRun(context, runId, new AbortController().signal);
    return usher.getRun(runId);
  }
  async function pairs(table: "group_nestings" | "group_closure"): Promise<string[]> {
    const rows = await usher.db.query<{ pair: string }>(sql`
      select outside.source_id || ' > ' || inside.source_id as pair
        from ${rawSql(table)} held
        join groups outside on outside.id = held.group_id
        join groups inside on inside.id = held.member_group_id
       where held.valid_to is null
       order by 1
    `);
    return rows.map((each) => each.pair);
  }

  it("are kept one level down, and at any depth, though two of them hold each other", async () => {
    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.deepEqual(await pairs("group_nestings"), [
      "everybody > team-0",
      "everybody > team-1",
      "team-0 > team-2",
      "team-2 > team-0",
    ]);
    assert.deepEqual(await pairs("group_closure"), [
      "everybody > team-0",
      "everybody > team-1",
      "everybody > team-2",
      "team-0 > team-2",
      "team-2 > team-0",
    ]);
  });

  it("end when they were looked at a second time and were not there, with what followed from them", async () => {
    await sync();
    nest("team-0");

    const run = await sync();

    assert.equal(run.counts.gone, 1);
    assert.equal(acme.calls.filter((each) => each === "subgroups team-0 start").length, 2);
    assert.deepEqual(await pairs("group_closure"), ["everybody > team-0", "everybody > team-1", "team-2 > team-0"]);
  });

  it("end with the group that held them or was within them", async () => {
    await sync();
    acme.groups.delete("team-0");
    nest("everybody", "team-1");
    nest("team-2");

    await sync();

    assert.deepEqual(await pairs("group_nestings"), ["everybody > team-1"]);
    assert.deepEqual(await pairs("group_closure"), ["everybody > team-1"]);
  });

  it("lead to what follows from them although the run failed after they were read", async () => {
    await sync();
    nest("team-0");
    nest("team-1", "team-3");
    acme.groups.delete("team-4");
    acme.interrupt = (call) => {
      if (call === "find-group team-4") throw failure("source.unauthorized");
    };

    const run = await sync();

    assert.equal(run.state, "failed");
    // What was missed closes only after a second look, which this run did not come to.
    assert.deepEqual(await pairs("group_closure"), [
      "everybody > team-0",
      "everybody > team-1",
      "everybody > team-2",
      "everybody > team-3",
      "team-0 > team-2",
      "team-1 > team-3",
      "team-2 > team-0",
    ]);
  });

  it("are looked at a second time with the roster's own credential: that it was refused ends the run", async () => {
    await sync();
    await usher.db.transaction((tx) =>
      tx.execute(sql`
        with other as (
          insert into connections (name, source, state, capabilities, settings, created_by, created_at, updated_at)
          select 'activity', source, state, '{activity}', settings, created_by, created_at, updated_at
            from connections where id = ${ids.connectionId}
          returning id
        ), link as (
          insert into connection_sites (connection_id, site_id, added_at)
          select id, ${ids.siteId}, now() from other
        )
        insert into site_capabilities (site_id, capability, connection_id, since)
        select ${ids.siteId}, 'activity', id, now() from other
      `),
    );
    nest("team-0");
    acme.interrupt = (call) => {
      const calls = acme.calls.filter((each) => each === "subgroups team-0 start").length;
      if (call === "subgroups team-0 start" && calls === 2) throw failure("source.unauthorized");
    };

    const run = await sync();

    assert.deepEqual([run.state, run.errorCode], ["failed", "source.unauthorized"]);
  });

  it("are read for those who hold a seat through them when only the license part is", async () => {
    await sync();
    acme.groups.get("team-2")!.members = ["person-029"];

    const run = await sync("license");

    assert.equal(run.state, "succeeded");
    assert.deepEqual([...new Set(acme.calls.filter((each) => each.startsWith("members")))].toSorted(), [
      "members everybody start",
      "members team-0 start",
      "members team-1 start",
      "members team-2 start",
    ]);
    assert.equal(run.counts.added, 1);
  });

  it("write nothing when they did not change", async () => {
    await sync();

    const run = await sync();

    assert.equal(run.counts.added + run.counts.changed + run.counts.gone, 0);
  });
});
