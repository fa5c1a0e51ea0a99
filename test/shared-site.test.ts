import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { addCredential, type NewCredential } from "../src/commands/connections/add-credential.ts";
import { createConnection } from "../src/commands/connections/create-connection.ts";
import { pauseConnection } from "../src/commands/connections/pause-connection.ts";
import { publishConnection } from "../src/commands/connections/publish-connection.ts";
import type { Context } from "../src/commands/context.ts";
import { serveCapability } from "../src/commands/sites/serve-capability.ts";
import { systemClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import { createSecretBox } from "../src/lib/secret-box.ts";
import type { Capability } from "../src/model/connections.ts";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import { createSources } from "../src/sources/index.ts";
import type { SourceEvent } from "../src/sources/source.ts";
import { findRun, requestRun } from "../src/store/runs.ts";
import { findSiteReader } from "../src/store/site-readers.ts";
import { findSite } from "../src/store/sites.ts";
import { sql } from "../src/store/sql.ts";
import { openDatabase, type Database } from "../src/store/database.ts";
import { testDatabase, type TestDatabase } from "../src/store/testing/database.ts";
import { afterRun } from "../src/sync/after-run.ts";
import { openRunSite } from "../src/sync/connect/open-run-site.ts";
import { createConnectService } from "../src/sync/connect/service.ts";
import { executeRun } from "../src/sync/run.ts";
import { factFootprint, syncedFacts } from "./support/synced-facts.ts";

const KEY = { kind: "organization-key", label: "Key", secret: "sim-organization-key" } as const;

describe("a site that two connections reach", () => {
  let simulator: Simulator;
  let test: TestDatabase;
  let db: Database;
  let ctx: Context;
  let connect: ReturnType<typeof createConnectService>;
  let petra: string;
  let directory: string;
  let searcher: string;
  let siteId: string;
  const signal = new AbortController().signal;
  const sources = () => {
    const { url } = simulator;
    const hosts = { authUrl: `${url}/auth`, apiUrl: `${url}/api`, siteUrl: (name: string) => `${url}/site/${name}` };
    return createSources({ hosts });
  };

  before(async () => {
    simulator = await startSimulator({ scale: "small", limits: "off" });
    petra = simulator.sim.credentials.apiTokens.find((each) => each.name === "classic-admin")?.email ?? "";
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: systemClock, log: silentLog });
    const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
    const [operator] = await db.transaction((tx) =>
      tx.query<{ id: string }>(sql`
        insert into operators (kind, name, email, created_at) values ('person', 'Petra', ${petra}, now()) returning id
      `),
    );
    const shared = { db, clock: systemClock, log: silentLog, secrets };
    ctx = { ...shared, actor: { operatorId: operator?.id ?? "", through: "api" } };
    connect = createConnectService({ ...shared, sources: sources(), publicUrl: "http://usher.example" });
    directory = await connection("Directory", ["roster", "permissions"], [token("sim-classic-token-of-petra")]);
    searcher = await connection("Activity", ["roster", "activity"], [token("sim-scoped-token-of-petra"), KEY]);
  });
  after(async () => {
    await db.close();
    await test.drop();
    await simulator.close();
  });

  function token(secret: string) {
    const kind = secret.includes("scoped") ? ("scoped-api-token" as const) : ("api-token" as const);
    return { kind, label: kind, secret, accountEmail: petra };
  }

  async function connection(
    name: string,
    capabilities: Capability[],
    credentials: (Pick<NewCredential, "kind" | "label" | "secret"> & { accountEmail?: string })[],
  ): Promise<string> {
    const rest = { settings: {}, owners: null, sites: ["acme"], from: null };
    const made = await createConnection(ctx, { name, source: "confluence-cloud", capabilities, ...rest });
    assert.ok(made.ok);
    const { id } = made.value;
    for (const each of credentials) {
      const none = { accountEmail: null, clientId: null, askedScopes: null, organizationId: null };
      const added = await addCredential(ctx, id, { ...none, ...each, expiresAt: null }, null);
      assert.ok(added.ok);
    }
    const checked = await connect.service.check(ctx.actor, id, signal);
    assert.ok(checked.ok && checked.value.isValid);
    const published = await publishConnection(ctx, id);
    assert.ok(published.ok);
    siteId = checked.value.sites[0]?.siteId ?? "";
    return id;
  }

  /** The run that is queued, or one that is asked for; with the credentials that each endpoint was asked with. */
  async function run() {
    const [queued] = await db.query<{ id: string }>(sql`select id from runs where state = 'queued'`);
    const runId = queued?.id ?? (await request());
    const seen = new Map<string, Set<string>>();
    const open = openRunSite({ db, clock: systemClock, log: silentLog, sources: sources(), keeper: connect.keeper });
    const state = await executeRun(
      {
        db,
        clock: systemClock,
        log: silentLog,
        holder: "test",
        afterRun: (parts, made) => afterRun(parts.db, made),
        openSite: (each, observe) =>
          open(each, (event: SourceEvent) => {
            if (event.kind === "request") {
              const by = seen.get(event.endpoint) ?? new Set();
              seen.set(event.endpoint, by.add(event.credentialId));
            }
            observe(event);
          }),
      },
      runId,
      signal,
    );
    return { state, seen, row: await findRun(db, runId) };
  }

  async function request(): Promise<string> {
    const reader = await findSiteReader(db, siteId, null);
    const wish = { siteId, connectionId: reader?.connectionId ?? "", scope: "full", trigger: "person" } as const;
    const made = await db.transaction((tx) =>
      requestRun(tx, { ...wish, requestedBy: "test", requestedAt: systemClock.now() }),
    );
    assert.ok(made.ok);
    return made.value;
  }

  async function credentialsOf(connectionId: string): Promise<string[]> {
    const rows = await db.query<{ id: string }>(sql`select id from credentials where connection_id = ${connectionId}`);
    return rows.map((each) => each.id);
  }

  async function saveSecrets(credentials: readonly { id: string; secret: string }[]): Promise<void> {
    await db.transaction(async (tx) => {
      for (const { id, secret } of credentials) {
        await tx.execute(sql`update credentials set secret = ${secret} where id = ${id}`);
      }
    });
    for (const { id } of credentials) connect.service.forget(id);
  }

  function usedFor(seen: Map<string, Set<string>>, part: string): string[] {
    return [...seen].filter(([endpoint]) => endpoint.includes(part)).flatMap(([, ids]) => [...ids]);
  }

  it("is one site, of which each connection reads its capabilities with its own credentials in one run", async () => {
    const { state, seen, row } = await run();

    assert.equal(state, "succeeded", row?.errorMessage ?? "");
    const sites = await db.query<{ id: string }>(sql`select id from sites`);
    assert.equal(sites.length, 1);
    const [own, others] = [await credentialsOf(directory), await credentialsOf(searcher)];
    assert.ok(usedFor(seen, "/spaces").every((each) => own.includes(each)));
    assert.ok(usedFor(seen, "/member").every((each) => own.includes(each)));
    assert.ok(usedFor(seen, "/search/content").every((each) => others.includes(each)));
    assert.ok(usedFor(seen, "/orgs").every((each) => others.includes(each)));
    assert.ok(usedFor(seen, "/orgs").length > 0);
  });

  it("has one set of facts that equals the source's truth, with the views that only the second one sees", async () => {
    const truth = (await fetch(`${simulator.url}/__sim/truth?site=acme`).then((answer) => answer.json())) as {
      accounts: { id: string }[];
      groups: { id: string }[];
      spaces: { id: string }[];
    };

    const facts = await syncedFacts(db, siteId);

    assert.deepEqual(facts.accounts.map(({ id }) => id).toSorted(), truth.accounts.map(({ id }) => id).toSorted());
    assert.deepEqual(facts.groups.map(({ id }) => id).toSorted(), truth.groups.map(({ id }) => id).toSorted());
    assert.deepEqual(facts.spaces.map(({ id }) => id).toSorted(), truth.spaces.map(({ id }) => id).toSorted());
    const kinds = await db.query<{ kind: string }>(sql`select distinct kind from evidence_windows order by kind`);
    assert.ok(kinds.some((each) => each.kind === "viewed"));
    const twice = await db.query(sql`
      select account_id from account_versions where valid_to is null group by account_id having count(*) > 1
    `);
    assert.deepEqual(twice, []);
  });

  it("loses only what a connection reads whose credentials the source no longer accepts", async () => {
    const ids = await credentialsOf(searcher);
    const kept = await db.query<{ id: string; secret: string }>(sql`
      select id, secret from credentials where id = any (${ids})
    `);
    await saveSecrets(kept.map(({ id }) => ({ id, secret: ctx.secrets.seal(`credentials/${id}/secret`, "revoked") })));

    const { state, row } = await run();
    const site = await findSite(db, siteId);
    await saveSecrets(kept);

    assert.equal(state, "partial", row?.errorMessage ?? "");
    assert.deepEqual([site?.health, site?.healthDetail?.capability], ["degraded", "activity"]);
    const [listing] = await db.query<{ state: string }>(sql`
      select state from listings where run_id = ${row?.id} and kind = 'spaces'
    `);
    assert.equal(listing?.state, "complete");
  });

  it("writes nothing anew when another connection reads what the first one read", async () => {
    const before = await factFootprint(db);
    const served = await serveCapability(ctx, siteId, "roster", searcher);
    assert.ok(served.ok);

    const { state, seen } = await run();

    assert.equal(state, "succeeded");
    const others = await credentialsOf(searcher);
    assert.ok(usedFor(seen, "/member").every((each) => others.includes(each)));
    assert.deepEqual(await factFootprint(db), before);
  });

  it("loses no fact, and says what nobody reads any more, when one of the two is paused", async () => {
    await pauseConnection(ctx, directory);

    const { state } = await run();

    assert.equal(state, "succeeded");
    const site = await findSite(db, siteId);
    assert.equal(site?.health, "degraded");
    assert.match(site?.healthDetail?.reason ?? "", /Nobody reads permissions .*"Directory", which did, is paused/);
    assert.ok((await syncedFacts(db, siteId)).spaces.length > 0);
  });
});
