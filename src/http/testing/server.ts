import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { hashToken, makeToken } from "../../commands/tokens/token-text.ts";
import { manualClock, type Clock, type ManualClock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { createAddressPolicy } from "../../lib/address-policy.ts";
import { createLinkSigner } from "../../lib/signed-link.ts";
import { createSecretBox, type SecretBox } from "../../lib/secret-box.ts";
import { openDatabase, type Database } from "../../store/database.ts";
import { ensureServiceAccount } from "../../store/operators.ts";
import { testDatabase } from "../../store/testing/database.ts";
import { insertToken, saveTokenRevoked } from "../../store/tokens.ts";
import type { Handler } from "../route.ts";
import type { ConnectService } from "../connect-service.ts";
import { createServer } from "../server.ts";
import { QUIET_SETTINGS } from "./quiet-settings.ts";
import type { Services } from "../services.ts";

/** The HTTP server over a database of its own, with time that stands still; nothing listens. */
export interface TestServer {
  app: FastifyInstance;
  db: Database;
  clock: ManualClock;
  makeToken(scopes: string[], options?: { revoked?: boolean; expiresAt?: Date }): Promise<string>;
  authorization(token: string): { authorization: string };
  /** Everything that was logged so far, as text. */
  logged(): string;
  close(): Promise<void>;
}

export const TEST_NOW = new Date("2026-05-03T12:00:00.000Z");

export async function startTestServer(
  options: {
    handlers?: readonly Handler[];
    services?: Partial<Services>;
    /** Made with the server's database; closed by whoever gives them. */
    servicesOf?(parts: { db: Database; clock: Clock; log: Log; secrets: SecretBox }): Promise<Partial<Services>>;
    /** What the server waits by; time that stands still never waits. */
    clock?: Clock;
    stalledMsMax?: number;
    bodyMsMax?: number;
    publicUrl?: string;
    trustedProxies?: readonly string[];
  } = {},
): Promise<TestServer> {
  const database = await testDatabase();
  const clock = manualClock(TEST_NOW);
  const lines: string[] = [];
  const log = memoryLog(lines);
  const db = openDatabase(database.connection, { clock, log });
  const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
  const made = await options.servicesOf?.({ db, clock, log, secrets });
  const services = { ...quietServices(clock), ...options.services, ...made };
  const app = await createServer({
    db,
    clock: options.clock ?? clock,
    log,
    secrets,
    services,
    publicUrl: options.publicUrl ?? "http://localhost",
    trustedProxies: options.trustedProxies,
    handlers: options.handlers,
    stalledMsMax: options.stalledMsMax,
    bodyMsMax: options.bodyMsMax,
  });
  return {
    app,
    db,
    clock,
    makeToken: (scopes, token = {}) =>
      db.transaction(async (tx) => {
        const text = makeToken();
        const { id: operatorId } = await ensureServiceAccount(tx, "test", ["admin"], clock.now());
        const id = await insertToken(tx, {
          operatorId,
          name: "test",
          tokenHash: hashToken(text),
          scopes,
          createdAt: clock.now(),
          expiresAt: token.expiresAt ?? null,
        });
        if (token.revoked) await saveTokenRevoked(tx, id, clock.now());
        return text;
      }),
    authorization: (token) => ({ authorization: `Bearer ${token}` }),
    logged: () => lines.join("\n"),
    async close() {
      await app.close();
      await db.close();
      await database.drop();
    },
  };
}

function quietServices(clock: ManualClock): Services {
  return {
    installation: { version: "0.0.0-test", database: "embedded", startedAt: clock.now() },
    connect: noConnect(),
    runSignals: { subscribe: () => () => {}, close: async () => {} },
    links: createLinkSigner([randomBytes(32)]),
    checkpoints: { file: "/no/such/file", knownKeys: [] },
    webhookPolicy: createAddressPolicy([]),
    isMailSet: false,
    settings: QUIET_SETTINGS,
  };
}

/** Nothing can be connected: a test that asks a source gives a service of its own. */
function noConnect(): ConnectService {
  const notGiven = () => Promise.reject(new Error("This test server was given no sources to connect to."));
  return {
    sources: () => [],
    redirectUrl: "http://127.0.0.1/oauth/callback",
    understandTyped: notGiven,
    startAuthorization: notGiven,
    finishAuthorization: notGiven,
    listReachableSites: notGiven,
    addSite: notGiven,
    check: notGiven,
    detectGroups: notGiven,
    decideDetectedGroups: notGiven,
    checkRevision: notGiven,
    proveSecret: notGiven,
    proveWrites: notGiven,
    rotateClientSecret: notGiven,
    forget() {},
  };
}

function memoryLog(lines: string[], bound: object = {}): Log {
  const write = (level: string) => (fields: object, message: string) =>
    void lines.push(JSON.stringify({ level, ...bound, ...fields, message }));
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    child: (fields) => memoryLog(lines, { ...bound, ...fields }),
  };
}
