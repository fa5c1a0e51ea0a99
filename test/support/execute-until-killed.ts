import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunScope } from "../../src/model/runs.ts";
import type { RunRow } from "../../src/store/runs.ts";
import { sql } from "../../src/store/sql.ts";
import type { SyncInstallation } from "../../src/sync/testing/installation.ts";
import type { SyncedSiteOptions } from "./synced-site.ts";
import type { KilledSync } from "./sync-until-killed.ts";

/** Far more than a sync at small has checkpoints: one that makes no progress must not go on for ever. */
const LIVES_MAX = 150;
const CHILD = fileURLToPath(new URL("sync-until-killed.ts", import.meta.url));

/** What the lives of one test process share: their modules as they were compiled. */
const CACHE = mkdtempSync(join(tmpdir(), "usher-lives-"));
process.once("exit", () => rmSync(CACHE, { recursive: true, force: true }));

export interface Killing {
  simulatorUrl: string;
  site: SyncedSiteOptions;
  told: Pick<KilledSync, "checkpoints" | "concurrencyMax" | "only">;
  begun?: { scope?: RunScope; runId?: string };
}

/** Executes one run in process after process, each of them killed, until one of them reaches the end. */
export async function executeUntilKilled(
  installation: SyncInstallation,
  ids: { siteId: string; connectionId: string },
  { simulatorUrl, site, told, begun = {} }: Killing,
): Promise<{ deaths: string[]; run: RunRow }> {
  const runId = begun.runId ?? (await installation.request(ids, begun.scope));
  const { host, port, user, database } = installation.test.connection;
  const deaths: string[] = [];
  for (let life = 1; life <= LIVES_MAX; life += 1) {
    const connection = { host: host ?? "", port: port ?? 0, user: user ?? "", database };
    const end = await runChild({ simulatorUrl, connection, site, runId, holder: `life ${life}`, ...told });
    if (end.code === 0) return { deaths, run: await installation.getRun(runId) };
    assert.equal(end.signal, "SIGKILL", end.errors);
    deaths.push(end.output.trim());
    // The 30 seconds after which the lease of a dead process lapses.
    await installation.db.transaction((tx) => tx.execute(sql`update leases set until = now() - interval '1 second'`));
  }
  throw new Error(`The run had not ended after ${LIVES_MAX} lives; it died at ${deaths.join(", ")}.`);
}

function runChild(
  told: KilledSync,
): Promise<{ code: number | null; signal: string | null; output: string; errors: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [CHILD, JSON.stringify(told)],
      { timeout: 60_000, env: { ...process.env, NODE_COMPILE_CACHE: CACHE } },
      (_error, output, errors) => resolve({ code: child.exitCode, signal: child.signalCode, output, errors }),
    );
  });
}
