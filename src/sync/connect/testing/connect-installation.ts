import { randomBytes } from "node:crypto";
import type { Clock } from "../../../lib/clock.ts";
import { silentLog } from "../../../lib/log.ts";
import { createSecretBox, type SecretBox } from "../../../lib/secret-box.ts";
import type { ConnectionState, CredentialKind } from "../../../model/connections.ts";
import { DEFAULT_CAPABILITIES, defaultSettings } from "../../../rules/connections.ts";
import { insertConnection } from "../../../store/connections.ts";
import { insertCredential, saveGrant, saveSecret, secretPlace } from "../../../store/credentials.ts";
import { type Database, openDatabase } from "../../../store/database.ts";
import { joinSite } from "../../../store/sites.ts";
import { saveWantedSite } from "../../../store/wanted-sites.ts";
import { sql } from "../../../store/sql.ts";
import { testDatabase } from "../../../store/testing/database.ts";
import type { ConnectActor } from "../actor.ts";
import { sealGrant } from "../credentials/refresh.ts";
import { type ConnectServiceOptions, createConnectService } from "../service.ts";
import { ACME, type ScriptedSource, scriptedSource } from "./scripted-source.ts";

export interface ConnectInstallation {
  db: Database;
  clock: StandingClock;
  secrets: SecretBox;
  actor: ConnectActor;
  scripted: ScriptedSource;
  options: ConnectServiceOptions;
  /** Services of one process; called again, of another process on the same database. */
  startProcess(): ReturnType<typeof createConnectService>;
  makeConnection(options?: { state?: ConnectionState; wanted?: string[]; joined?: (typeof ACME)[] }): Promise<string>;
  addSecret(connectionId: string, kind: CredentialKind, secret: string): Promise<string>;
  /** An OAuth app that was consented to; its first pair lives as long as `expiresInSeconds`. */
  addGrant(connectionId: string, options?: { expiresInSeconds?: number; coveredSites?: string[] }): Promise<string>;
  close(): Promise<void>;
}

/** Stands where it was put; sleeping lets other work go on and takes no time of the clock. */
export interface StandingClock extends Clock {
  moveBy(ms: number): void;
}

export const NOW = new Date("2026-11-21T12:00:00Z");

export async function connectInstallation(): Promise<ConnectInstallation> {
  const test = await testDatabase();
  const clock = standingClock(NOW);
  const db = openDatabase(test.connection, { clock, log: silentLog, connectionsMax: 30 });
  const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
  const scripted = scriptedSource();
  const sources = new Map([[scripted.source.kind, scripted.source]]);
  const options = { db, clock, log: silentLog, secrets, sources, publicUrl: "http://usher.example" };
  const operatorId = await db.transaction(async (tx) => {
    const [row] = await tx.query<{ id: string }>(sql`
      insert into operators (kind, name, email, created_at)
      values ('person', 'Petra', 'petra@acme.example', ${NOW})
      returning id
    `);
    return row?.id ?? "";
  });
  const actor: ConnectActor = { operatorId, through: "api" };

  async function addSecret(connectionId: string, kind: CredentialKind, secret: string): Promise<string> {
    return db.transaction(async (tx) => {
      const isToken = kind === "api-token" || kind === "scoped-api-token";
      const id = await insertCredential(tx, {
        connectionId,
        kind,
        label: kind,
        accountEmail: isToken ? "petra@acme.example" : null,
        clientId: kind === "oauth" ? "client-1" : null,
        askedScopes: null,
        organizationId: null,
        expiresAt: null,
        at: NOW,
      });
      const sealed = secrets.seal(secretPlace(id, "secret"), secret);
      await saveSecret(tx, id, { sealed, accountEmail: null, expiresAt: null, at: NOW, isProved: true });
      return id;
    });
  }

  return {
    db,
    clock,
    secrets,
    actor,
    scripted,
    options,
    startProcess: () => createConnectService(options),
    makeConnection: ({ state = "draft", wanted = [], joined = [] } = {}) =>
      db.transaction(async (tx) => {
        const connectionId = await insertConnection(tx, {
          name: `Connection ${randomBytes(4).toString("hex")}`,
          source: "confluence-cloud",
          capabilities: DEFAULT_CAPABILITIES,
          settings: defaultSettings(NOW),
          owners: ["petra@acme.example"],
          createdBy: operatorId,
          at: NOW,
        });
        for (const typed of wanted) await saveWantedSite(tx, { connectionId, typed, problem: null, at: NOW });
        for (const site of joined) await joinSite(tx, { connectionId, source: "confluence-cloud", ...site, at: NOW });
        await tx.execute(sql`update connections set state = ${state} where id = ${connectionId}`);
        return connectionId;
      }),
    addSecret,
    async addGrant(connectionId, { expiresInSeconds = 3600, coveredSites = [ACME.sourceKey] } = {}) {
      const id = await addSecret(connectionId, "oauth", "client-secret-1");
      const pair = { ...scripted.givePair(), expiresInSeconds };
      await db.transaction(async (tx) => {
        const [row] = await tx.query<{ version: number }>(sql`select version from credentials where id = ${id}`);
        await saveGrant(tx, id, row?.version ?? 0, sealGrant({ clock, secrets }, id, pair, null), NOW);
        await tx.execute(sql`update credentials set covered_sites = ${coveredSites} where id = ${id}`);
      });
      return id;
    },
    async close() {
      await db.close();
      await test.drop();
    },
  };
}

function standingClock(start: Date): StandingClock {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) reject(signal.reason);
        else setImmediate(resolve);
      }),
    moveBy(ms) {
      now += ms;
    },
  };
}
