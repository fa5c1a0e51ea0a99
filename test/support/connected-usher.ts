import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "../../src/api/client.ts";
import { addCredential } from "../../src/api/credentials.ts";
import { checkConnection, publishConnection } from "../../src/api/connection-life.ts";
import { createConnection, getConnection } from "../../src/api/connections.ts";
import { getRun, listRuns, requestRun } from "../../src/api/runs.ts";
import { startUsher, type Usher } from "../../src/app.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLog, type Log } from "../../src/lib/log.ts";
import { readSettings } from "../../src/lib/settings.ts";
import type { SimulatorProcess } from "./simulator-process.ts";

/** Secrets that every simulator knows. */
const ADMIN = { email: "petra@acme.example", token: "sim-classic-token-of-petra" };
const ORGANIZATION_KEY = "sim-organization-key";

export interface ConnectedUsherOptions {
  simulator: SimulatorProcess;
  sites: readonly string[];
  withOrganizationKey: boolean;
  fetch?: typeof fetch;
  log?: Log;
  /** A folder of the caller's; a temporary one when left out. */
  dataDir?: string;
  /** Settings beside the data directory and the port, such as DATABASE_URL. */
  settings?: Record<string, string>;
  /** False: other processes execute the runs. */
  worker?: boolean;
}

/** A real Usher with its own embedded PostgreSQL, connected to a simulator as a person would do it. */
export interface ConnectedUsher {
  usher: Usher;
  client: Client;
  siteIds: string[];
  /** Publishes, which begins the first run of each site. */
  publish(): Promise<void>;
  /** Asks for a run of a site. */
  requestRun(siteId: string, scope: "full" | "license"): Promise<void>;
  /** Waits for every run to end; answers them newest first. */
  settledRuns(): Promise<EndedRun[]>;
  stop(options?: { keepData: boolean }): Promise<void>;
}

export interface EndedRun {
  id: string;
  siteId: string;
  state: string;
  requests: number;
  points: number;
  tookMs: number;
  errorMessage: string | null;
}

const POLL_MS = 200;
const RUNS_MS_MAX = 600_000;

export async function startConnectedUsher(options: ConnectedUsherOptions): Promise<ConnectedUsher> {
  const { simulator, sites } = options;
  const folder = await mkdtemp(join(tmpdir(), "usher-connected-"));
  // PostgreSQL runs as another user, who must be able to pass through.
  await chmod(folder, 0o711);
  const dataDir = options.dataDir ?? join(folder, "data");
  const usher = await startUsher({
    settings: readSettings({ USHER_DATA: dataDir, USHER_PORT: "0", ...options.settings }),
    log: options.log ?? createLog({ level: "error" }),
    environment: simulator.environment,
    fetch: options.fetch,
    worker: options.worker,
  });
  const client = createClient({ baseUrl: usher.url, token: usher.firstToken ?? "", clock: systemClock });

  const connection = await client.call(createConnection, {
    body: { name: "Acme", source: "confluence-cloud", owners: [ADMIN.email], sites: [...sites] },
  });
  const params = { connectionId: connection.id };
  await client.call(addCredential, {
    params,
    body: { kind: "api-token", label: "Petra", accountEmail: ADMIN.email, token: ADMIN.token },
  });
  if (options.withOrganizationKey) {
    await client.call(addCredential, {
      params,
      body: { kind: "organization-key", label: "Acme", key: ORGANIZATION_KEY },
    });
  }
  await client.call(checkConnection, { params });
  const checked = await client.call(getConnection, { params });

  async function listEnded(): Promise<EndedRun[] | null> {
    const { items } = await client.call(listRuns, { query: { limit: 50 } });
    if (items.some(({ state }) => state === "queued" || state === "running")) return null;
    const runs = await Promise.all(items.map(({ id: runId }) => client.call(getRun, { params: { runId } })));
    return runs.map(({ id, siteId, state, requests, points, startedAt, finishedAt, errorMessage }) => {
      const tookMs = Date.parse(finishedAt ?? "") - Date.parse(startedAt ?? "");
      return { id, siteId, state, requests, points, tookMs, errorMessage };
    });
  }

  return {
    usher,
    client,
    siteIds: checked.sites.map(({ id }) => id),
    async publish() {
      const { revision } = await client.call(getConnection, { params });
      await client.call(publishConnection, { params, ifMatch: revision });
    },
    async requestRun(siteId, scope) {
      await client.call(requestRun, { body: { siteId, scope } });
    },
    async settledRuns() {
      for (let waited = 0; waited < RUNS_MS_MAX; waited += POLL_MS) {
        const ended = await listEnded();
        if (ended) return ended;
        await systemClock.sleep(POLL_MS);
      }
      throw new Error("The runs did not end within ten minutes.");
    },
    async stop({ keepData } = { keepData: false }) {
      await usher.stop();
      await rm(folder, { recursive: true });
      if (!keepData) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
