import assert from "node:assert/strict";
import { candidateSite } from "../../src/commands/candidates/testing/candidate-site.ts";
import { createSignInLink } from "../../src/commands/sign-in/make-link.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { TestServer } from "../../src/http/testing/server.ts";
import { insertJobResult } from "../../src/store/jobs.ts";
import { queueMessage } from "../../src/store/messages.ts";
import { rawSql, sql } from "../../src/store/sql.ts";
import { candidateFixture } from "../../src/store/testing/candidates.ts";
import { daysAgo, OBSERVED_AT } from "../../src/store/testing/facts.ts";
import type { IdPool } from "./values.ts";

/** Secrets that are in the database before the run; none of them may come back or be logged. */
export const SECRETS = [
  "ATATT3xFfGF0-fuzz-classic-secret",
  "ATCTT3xFfGN0-fuzz-organization-key",
  "fuzz-oauth-client-secret",
];

const CREDENTIALS = [
  { kind: "api-token", accountEmail: "petra@acme.example", token: SECRETS[0] },
  { kind: "organization-key", key: SECRETS[1] },
  { kind: "oauth", clientId: "fuzz-client", clientSecret: SECRETS[2] },
];

const LICENSE = {
  edition: "standard",
  metric: "annual-seats",
  quantity: 5,
  pricing: { kind: "bands", steps: [{ upTo: null, priceMinor: 6000 }] },
  currency: "EUR",
  termStart: "2026-03-01",
  termEnd: "2027-03-01",
  autoRenew: true,
};

/** A license as a file tells it; `acme` is the site of the world. */
const LICENSE_FILE = [
  "name,sites,edition,metric,quantity,pricing,prices,currency,termStart,termEnd,billingDay,autoRenew",
  `Monthly,acme,standard,monthly-seats,,bands,"100: 6.55; *: 5.10",USD,2026-01-15,,31,no`,
].join("\n");

/** Something of each kind, so that well-formed requests reach further than "no such". */
export async function makeWorld(server: TestServer, token: string): Promise<IdPool> {
  server.clock.moveTo(OBSERVED_AT);
  const send = sender(server, token);
  const siteId = await makeSite(server);
  await connect(server, send);
  await reclaim(server, send, siteId);
  await buy(send, siteId);
  await tell(server, send);
  await letIn(server, send);
  return poolOf(server);
}

/** A site that Usher may write to, with seats used lately, long ago and never, and a run that has ended. */
async function makeSite({ db, clock }: TestServer): Promise<string> {
  const site = await candidateSite({ db, clock });
  await site.seats({ ann: daysAgo(90), bob: daysAgo(70), cem: daysAgo(1), dee: null, eve: daysAgo(80) });
  await site.acme.group("team", { members: ["ann", "bob"] });
  await site.acme.space("DOCS");
  await site.acme.permit("DOCS", "group", "users");
  await site.acme.event("cem", daysAgo(1));
  await site.act();
  // One that goes on would be followed for ever.
  const runId = await site.acme.run(clock.now(), "full", [{ kind: "groups", state: "complete" }]);
  const { siteId, connectionId } = site.acme;
  await db.transaction(async (tx) => {
    const [job] = await tx.query<{ id: string }>(sql`
      insert into jobs (name, kind, connection_id, site_id, cron, created_at)
      values ('Refresh acme', 'refresh-site', ${connectionId}, ${siteId}, '17 3 * * *', ${clock.now()})
      returning id
    `);
    const result = { jobId: job!.id, runId, at: clock.now(), message: "Done." };
    await insertJobResult(tx, { ...result, state: "succeeded", trigger: "person" });
  });
  return siteId;
}

/** A connection with a credential of each kind, one of them on its way to a consent, and a change that waits. */
async function connect(server: TestServer, send: Send): Promise<void> {
  const { id } = await send("POST", "/connections", { name: "fuzz", owners: ["petra@acme.example"] });
  for (const credential of CREDENTIALS) {
    const made = await send("POST", `/connections/${String(id)}/credentials`, credential);
    if (credential.kind === "oauth")
      await send("POST", `/connections/${String(id)}/authorization`, { credentialId: made["id"] });
  }
  await send("POST", `/connections/${String(id)}/consent-links`, { kind: "organization-key" });
  const [published] = await server.db.query<{ id: string }>(sql`select id from connections where state = 'published'`);
  const pending = `/connections/${published!.id}/pending-revision`;
  await send("PATCH", pending, { settings: { idleAfterDays: 30 } });
  await send("POST", `${pending}/credentials`, { credential: CREDENTIALS[0] });
  // The token of the requests themselves is the first; it is not in the pool, lest it is revoked.
  await server.makeToken(["runs:read"]);
}

/** Exclusions, rules, candidates in several states, and plans: one ready, one applied. */
async function reclaim(server: TestServer, send: Send, siteId: string): Promise<void> {
  const idle = { is: "idle", days: 60 };
  const ann = { is: "person", people: ["ann@acme.example"] };
  await send("POST", "/exclusion-rules", { name: "Ann", condition: ann, effects: ["no-notify"], reason: "Asked." });
  const rule = await send("POST", "/reclamation-rules", { name: "Idle", condition: idle });
  await send("POST", "/reclamation-rules", { name: "Draft", condition: idle, status: "draft" });
  const states = { ann: "ready", bob: "deciding", dee: "asking", eve: "scheduled" } as const;
  for (const [account, state] of Object.entries(states))
    await candidateFixture(server.db, siteId, account, { state, ruleId: String(rule["id"]) });
  const rules = { name: "By address", accountField: "email", personField: "email", confidence: "exact" };
  await send("POST", "/match-rules", rules);
  await send("POST", "/people/import?fileName=people.csv", "email,name\nann@acme.example,Ann\n");
  const accounts = await server.db.query<{ id: string }>(sql`select id from accounts order by source_id limit 3`);
  for (const [index, { id: accountId }] of accounts.entries()) {
    const plan = await send("POST", "/plans", { seats: [{ siteId, accountId }], reason: "Nobody uses it." });
    if (index === 0) await send("POST", `/plans/${String(plan["id"])}/apply`, { hash: plan["hash"] });
  }
}

async function buy(send: Send, siteId: string): Promise<void> {
  const license = await send("POST", "/licenses", { name: "Acme", siteIds: [siteId], ...LICENSE });
  await send("POST", `/licenses/${String(license["id"])}/documents?name=order.pdf`, Buffer.from("%PDF"));
  await send("POST", "/licenses/import?fileName=licenses.csv", LICENSE_FILE);
  await send("POST", "/position/compute");
  await send("POST", "/capacity-alerts", {
    siteId,
    unit: "percent",
    threshold: 80,
    recipients: ["petra@acme.example"],
  });
}

/** A webhook that was told something, and a mail that could not be sent. */
async function tell({ db, clock }: TestServer, send: Send): Promise<void> {
  const address = { name: "Flows", url: "https://flows.example.com/usher", events: ["run-failed"] };
  const webhook = await send("POST", "/webhooks", address);
  await send("POST", `/webhooks/${String(webhook["id"])}/test`);
  await send("POST", "/views", { page: "people", name: "Idle", state: "status=idle", visibility: "shared" });
  const mail = { channel: "mail", kind: "run-failed", recipient: "petra@acme.example" } as const;
  await db.transaction(async (tx) => {
    const id = await queueMessage(tx, { ...mail, subjectId: null, data: {}, dedupeKey: null, at: clock.now() });
    await tx.execute(sql`
      update messages set state = 'failed', ended_at = ${clock.now()}, error = 'No such address.' where id = ${id}
    `);
  });
}

/** A person who is signed in, and one who was invited. */
async function letIn(server: TestServer, send: Send): Promise<void> {
  // The server's own time is the real one; a link of any other would be too old some day.
  const code = await createSignInLink(
    { db: server.db, clock: systemClock },
    { name: "Petra", email: "petra@acme.example" },
  );
  await send("POST", "/session/link", { code });
  await send("POST", "/operators", { name: "Rita", email: "rita@acme.example", roles: ["auditor"] });
}

/** Ids by their prefix, of every table that makes such ids, whatever it is of. */
async function poolOf({ db }: TestServer): Promise<IdPool> {
  const tables = await db.query<{ name: string; prefix: string }>(sql`
    select table_name as name, substring(column_default from '''([a-z]+)''') as prefix
      from information_schema.columns
     where table_schema = current_schema() and column_name = 'id' and column_default like 'new_id(%'
     order by 1
  `);
  const pool = new Map<string, string[]>();
  for (const { name, prefix } of tables) {
    const rows = await db.query<{ id: string }>(rawSql(`select id from ${name} order by id`));
    pool.set(prefix, rows.map(({ id }) => id).slice(name === "api_tokens" ? 1 : 0));
  }
  const plans = await db.query<{ hash: string }>(sql`select hash from plans order by id`);
  pool.set(
    "hash",
    plans.map(({ hash }) => hash),
  );
  return Object.fromEntries(pool);
}

type Send = (method: "POST" | "PATCH", path: string, payload?: object | string) => Promise<Record<string, unknown>>;

/** A request that has to be answered well: text is sent as CSV, bytes as they are. */
function sender(server: TestServer, token: string): Send {
  return async (method, path, payload) => {
    const type =
      typeof payload === "string" ? "text/csv" : Buffer.isBuffer(payload) ? "application/octet-stream" : null;
    const response = await server.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...server.authorization(token), "if-match": "*", ...(type === null ? {} : { "content-type": type }) },
      ...(payload === undefined ? {} : { payload }),
    });
    assert.ok(response.statusCode < 300, `${method} ${path}: ${response.body}`);
    return response.body === "" ? {} : response.json();
  };
}
