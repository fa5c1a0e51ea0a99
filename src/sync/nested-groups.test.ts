import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { silentLog } from "../lib/log.ts";
import type { RunRow } from "../store/runs.ts";
import { rawSql, sql } from "../store/sql.ts";
import { executeRun } from "./run.ts";
import { syncInstallation, type SyncInstallation } from "./testing/installation.ts";
import { smallCompany, type HandmadeSite } from "./testing/site.ts";

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
  async function sync(): Promise<RunRow> {
    usher.clock.moveBy(3_600_000);
    const runId = await usher.request(ids);
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
    assert.equal(acme.calls.filter((each) => each === "subgroups team-0 start").length, 3);
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

  it("write nothing when they did not change", async () => {
    await sync();

    const run = await sync();

    assert.equal(run.counts.added + run.counts.changed + run.counts.gone, 0);
  });
});
