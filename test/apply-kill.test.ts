import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import { verifyJournal } from "../src/store/journal.ts";
import { findPlan } from "../src/store/plans/plans.ts";
import { listPlanRows } from "../src/store/plans/rows.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import type { KilledApply } from "./support/apply-until-killed.ts";
import { reclaimableSite } from "./support/reclaimable-site.ts";
import { hastyClock, syncedSite } from "./support/synced-site.ts";

const SEATS = 200;
/** In turns a life for each kind of checkpoint, ended by so many of it; all together they pass the whole plan. */
const LIVES: readonly (readonly [dies: string, checkpoints: number])[] = [
  ["before a change", 3],
  ["while a change is under way", 5],
  ["after a change", 7],
  ["after a read", 13],
  ["before a commit", 29],
  ["after a commit", 41],
  ["before a transaction", 23],
];
const LIVES_MAX = 100;
const CHILD = fileURLToPath(new URL("support/apply-until-killed.ts", import.meta.url));
const CACHE = mkdtempSync(join(tmpdir(), "usher-lives-"));
process.once("exit", () => rmSync(CACHE, { recursive: true, force: true }));

interface Write {
  write: string;
  group: string | null;
  account: string | null;
  effect: string;
}

describe("a plan of 200 seats whose process is killed again and again", () => {
  let simulator: Simulator;
  let installation: SyncInstallation;
  before(async () => {
    simulator = await startSimulator({ scale: "small", accounts: 400, limits: "off" });
    installation = await syncInstallation(new Date());
  });
  after(async () => {
    await installation.close();
    await simulator.close();
  });

  it("changes each seat once, with its journal entry before, and finishes", { timeout: 280_000 }, async () => {
    const { db } = installation;
    const clock = hastyClock();
    const simulated = await syncedSite(simulator.url, { clock });
    const site = await reclaimableSite(installation, simulated, { name: "acme" });
    const plan = await site.applied(SEATS);

    const deaths: string[] = [];
    for (let life = 0; life < LIVES_MAX; life += 1) {
      const end = await live(`life ${life}`, ...(LIVES[life % LIVES.length] ?? LIVES[0]!));
      // The time after which the lease of a dead process lapses, and that a change has to show.
      await db.transaction((tx) => tx.execute(sql`update leases set until = now() - interval '1 second'`));
      if (end.code === 0) break;
      assert.equal(end.signal, "SIGKILL", end.errors);
      deaths.push(end.output.trim());
    }

    assert.deepEqual(new Set(deaths), new Set(LIVES.map(([dies]) => dies)));
    assert.equal((await findPlan(db, plan.id))?.state, "applied", `${deaths.length} deaths`);
    const rows = await listPlanRows(db, plan.id);
    assert.deepEqual([...new Set(rows.map((row) => row.state))], ["done"]);
    await assertTruth(rows);
    assert.equal((await verifyJournal(db)).intact, true);
  });

  /** Every membership was taken once and no other, and each seat has its entries: sent before, ended once. */
  async function assertTruth(rows: Awaited<ReturnType<typeof listPlanRows>>): Promise<void> {
    const writes = (await (await fetch(`${simulator.url}/__sim/writes`)).json()) as Write[] | { writes: Write[] };
    const changed = (Array.isArray(writes) ? writes : writes.writes).filter((each) => each.effect === "changed");
    const keyOf = (group: string | null, account: string | null) => `${account} ${group}`;
    const wanted = rows.flatMap((row) => row.memberships.map((each) => keyOf(each.groupSourceId, row.accountSourceId)));
    assert.deepEqual(changed.map((each) => keyOf(each.group, each.account)).toSorted(), wanted.toSorted());
    const entries = await installation.db.query<{ entry: string; subjectId: string; count: number }>(sql`
      select entry, subject_id as "subjectId", count(*) as count
        from journal_entries
       where entry in ('seat.reclaim-sent', 'seat.reclaimed')
       group by entry, subject_id
    `);
    for (const row of rows) {
      const of = (entry: string) => entries.find((each) => each.entry === entry && each.subjectId === row.accountId);
      assert.ok((of("seat.reclaim-sent")?.count ?? 0) >= 1, `nothing says that ${row.accountId} was sent`);
      assert.equal(of("seat.reclaimed")?.count, 1);
    }
  }

  function live(
    holder: string,
    dies: string,
    checkpoints: number,
  ): Promise<{ code: number | null; signal: string | null; output: string; errors: string }> {
    const { host, port, user, database } = installation.test.connection;
    const connection = { host: host ?? "", port: port ?? 0, user: user ?? "", database };
    const told: KilledApply = { simulatorUrl: simulator.url, connection, site: {}, holder, dies, checkpoints };
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [CHILD, JSON.stringify(told)],
        { timeout: 120_000, env: { ...process.env, NODE_COMPILE_CACHE: CACHE } },
        (_error, output, errors) => resolve({ code: child.exitCode, signal: child.signalCode, output, errors }),
      );
    });
  }
});
