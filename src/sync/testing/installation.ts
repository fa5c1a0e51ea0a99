import type { Clock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import type { Capability, ConnectionSettings, RoleMode, SourceKind } from "../../model/connections.ts";
import type { RunScope } from "../../model/runs.ts";
import { openDatabase, type Database } from "../../store/database.ts";
import { findRun, requestRun, type RunRow } from "../../store/runs.ts";
import { sql } from "../../store/sql.ts";
import { testDatabase, type TestDatabase } from "../../store/testing/database.ts";

export const DEFAULT_SETTINGS: ConnectionSettings = {
  analyzeActivitySince: new Date("2026-08-23T00:00:00Z"),
  idleAfterDays: 60,
  staleAfterHours: 36,
  safeguardPercentMax: 20,
  safeguardCountMin: 10,
  splitDisplayName: false,
};

export interface SyncInstallation {
  test: TestDatabase;
  db: Database;
  /** Stands where it was put; sleeping takes real time, so that what polls beside a run does not spin. */
  clock: Clock & { moveBy(ms: number): void };
  addSite(options?: SiteOptions): Promise<{ siteId: string; connectionId: string }>;
  request(site: { siteId: string; connectionId: string }, scope?: RunScope): Promise<string>;
  getRun(runId: string): Promise<RunRow>;
  close(): Promise<void>;
}

export interface SiteOptions {
  name?: string;
  capabilities?: Capability[];
  settings?: Partial<ConnectionSettings>;
  roleMode?: RoleMode | null;
  source?: SourceKind;
}

/** A database with connections and sites to run, and nothing observed yet. */
export async function syncInstallation(now = new Date("2026-11-21T12:00:00Z")): Promise<SyncInstallation> {
  const test = await testDatabase();
  const clock = standingClock(now);
  const db = openDatabase(test.connection, { clock, log: silentLog });
  return {
    test,
    db,
    clock,
    addSite: (options = {}) => addSite(db, clock, options),
    async request({ siteId, connectionId }, scope = "full") {
      const made = await db.transaction((tx) =>
        requestRun(tx, {
          siteId,
          connectionId,
          scope,
          trigger: "person",
          requestedBy: "test",
          requestedAt: clock.now(),
        }),
      );
      if (!made.ok) throw new Error(made.error.message);
      return made.value;
    },
    async getRun(runId) {
      const run = await findRun(db, runId);
      if (!run) throw new Error(`There is no run ${runId}.`);
      return run;
    },
    async close() {
      await db.close();
      await test.drop();
    },
  };
}

async function addSite(
  db: Database,
  clock: Clock,
  options: SiteOptions,
): Promise<{ siteId: string; connectionId: string }> {
  const { name = "acme", capabilities = ["roster", "activity", "permissions"], roleMode = null } = options;
  const { source = "confluence-cloud" } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ siteId: string; connectionId: string }>(sql`
      with operator as (
        insert into operators (kind, name, created_at) values ('person', ${name}, ${clock.now()}) returning id
      ), connection as (
        insert into connections (name, source, state, capabilities, settings, created_by, created_at, updated_at)
        select ${name}, ${source}, 'published', ${capabilities}, ${JSON.stringify(settings)}, id, ${clock.now()}, ${clock.now()}
          from operator
        returning id
      ), site as (
        insert into sites (source, source_key, base_url, name, role_mode, created_at)
        values (${source}, ${name}, ${`https://${name}.example`}, ${name}, ${roleMode}, ${clock.now()})
        returning id
      ), link as (
        insert into connection_sites (connection_id, site_id, added_at)
        select connection.id, site.id, ${clock.now()} from connection, site
      )
      select connection.id as "connectionId", site.id as "siteId" from connection, site
    `);
    if (!row) throw new Error("The site was not made.");
    return row;
  });
}

function standingClock(start: Date): SyncInstallation["clock"] {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    moveBy(ms) {
      now += ms;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const timer = setTimeout(() => {
          signal?.removeEventListener("abort", stop);
          resolve();
        }, ms);
        const stop = () => {
          clearTimeout(timer);
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", stop, { once: true });
      }),
  };
}
