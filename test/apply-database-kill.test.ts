import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { writableSite } from "../src/actions/testing/site-writer.ts";
import { applyPlan } from "../src/commands/plans/apply-plan.ts";
import { createPlan } from "../src/commands/plans/create-plan.ts";
import { actSite } from "../src/commands/plans/testing/act-site.ts";
import { systemClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import { type Database, StoreFailure } from "../src/store/database.ts";
import { startEmbeddedPostgres } from "../src/store/embedded/supervisor.ts";
import { verifyJournal } from "../src/store/journal.ts";
import { migrate } from "../src/store/migrate.ts";
import { findPlan } from "../src/store/plans/plans.ts";
import { sql } from "../src/store/sql.ts";
import { executeDue } from "./support/reclaimable-site.ts";
import type { SyncedSite } from "./support/synced-site.ts";

/** Where PostgreSQL is killed, the how-manieth time something comes there. */
const DEATHS: readonly (readonly [where: string, times: number])[] = [
  ["before a change", 3],
  ["after a change", 7],
  ["before a read", 11],
  ["before a commit", 31],
  ["after a commit", 37],
  ["before a transaction", 41],
  ["after a change", 2],
];
/** The supervisor brings a server back five times in ten minutes at most; a start of its own begins to count anew. */
const DEATHS_A_START = 4;
const PEOPLE = Array.from({ length: 200 }, (_, index) => `person-${index}`);

describe("a plan of 200 seats whose PostgreSQL is killed at each step", () => {
  it("changes each seat once, and finishes", { timeout: 200_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "usher-killed-database-"));
    // PostgreSQL runs as another user, who must be able to pass through.
    await chmod(folder, 0o711);
    const start = () => startEmbeddedPostgres({ dataDir: join(folder, "data"), log: silentLog });
    let postgres = await start();
    after(async () => {
      await postgres.stop();
      await rm(folder, { recursive: true });
    });
    await migrate(postgres.connection);
    const given = { connection: postgres.connection, drop: async () => {} };
    const world = await actSite({}, given);
    after(() => world.close());
    // What was written is the system's, which lives on: only a power cut would take it, and a busy disk proves nothing.
    await world.db.query(sql`alter system set fsync = off`);
    await world.db.query(sql`select pg_reload_conf()`);
    const site = writableSite(world.clock);
    for (const name of PEOPLE) {
      await world.site.account(name);
      site.accounts.set(name, { groups: new Set(["users"]), isActive: true, isSuspended: false, products: [] });
    }
    await world.site.group("users", { gives: "user", members: PEOPLE });
    await world.settle();
    const seats = await world.seats(...PEOPLE);
    const wish = { kind: "reclaim", seats, reason: "Idle.", ruleId: null, isUnattended: false } as const;
    const made = await createPlan(world.context, wish);
    assert.ok(made.ok);
    // Neither a second person nor a first batch: it is the changes that are tried here.
    await world.db.transaction((tx) => tx.execute(sql`update plans set approvals_needed = 0, canary_size = 0`));
    const { id: planId, hash } = made.value;
    const applied = await applyPlan(world.context, { planId, hash, confirmCount: PEOPLE.length });
    assert.ok(applied.ok, JSON.stringify(applied));

    for (const [index, [where, times]] of DEATHS.entries()) {
      if (index > 0 && index % DEATHS_A_START === 0) {
        await postgres.stop();
        postgres = await start();
      }
      let left = times;
      const pid = postgres.pid();
      const checkpoint = (what: string) => {
        if (what === where && (left -= 1) === 0) killServer(pid);
      };
      site.checkpoint = checkpoint;
      const died = executeDue(watched(world.db, checkpoint), world.clock, {
        open: () => site.source,
      } as unknown as SyncedSite);
      await assert.rejects(died, (error) => error instanceof StoreFailure && error.isAway, where);
      site.checkpoint = () => undefined;
      await untilBack(() => world.db.query(sql`select from plans`));
      // It answers a moment before its supervisor has seen that it does; until then the pid is that of the dead one.
      await untilBack(async () => assert.notEqual(postgres.pid(), pid));
      await world.db.transaction((tx) => tx.execute(sql`update leases set until = now() - interval '1 second'`));
    }
    await executeDue(world.db, world.clock, { open: () => site.source } as unknown as SyncedSite, "the last");

    assert.equal((await findPlan(world.db, planId))?.state, "applied");
    assert.deepEqual([site.made.length, site.repeated.length], [PEOPLE.length, 0]);
    const [ended] = await world.db.query<{ seats: number }>(sql`
      select count(distinct subject_id) as seats from journal_entries where entry = 'seat.reclaimed'
    `);
    assert.equal(ended?.seats, PEOPLE.length);
    assert.equal((await verifyJournal(world.db)).intact, true);
  });
});

/** With its sessions, which would otherwise go on until they notice: a statement or a whole plan later. */
function killServer(pid: number): void {
  execFileSync("pkill", ["-KILL", "-P", String(pid)]);
  process.kill(pid, "SIGKILL");
}

/** Tells of each step of each transaction. */
function watched(db: Database, checkpoint: (what: string) => void): Database {
  return {
    ...db,
    async transaction(work, options) {
      checkpoint("before a transaction");
      const value = await db.transaction(async (tx) => {
        const made = await work(tx);
        checkpoint("before a commit");
        return made;
      }, options);
      checkpoint("after a commit");
      return value;
    },
  };
}

async function untilBack(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const isBack = await ask().then(
      () => true,
      () => false,
    );
    if (isBack) return;
    await systemClock.sleep(100);
  }
  throw new Error("PostgreSQL did not come back.");
}
