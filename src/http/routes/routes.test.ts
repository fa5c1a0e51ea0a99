import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { FastifyInstance } from "fastify";
import { readEvents } from "../../api/event-stream.ts";
import type { Method } from "../../api/contract.ts";
import { routes } from "../../api/routes.ts";
import { ensureFirstToken } from "../../commands/tokens/create-first-token.ts";
import { systemClock } from "../../lib/clock.ts";
import { covers } from "../../model/scopes.ts";
import { planListings } from "../../store/listings.ts";
import { appendRunEvents } from "../../store/run-events.ts";
import { beginRun, endRun, requestRun as queueRun } from "../../store/runs.ts";
import { sql } from "../../store/sql.ts";
import { siteFixture, type SiteFixture } from "../../store/testing/facts.ts";
import { handlers } from "../routes.ts";
import { createRunSignals, type RunSignals } from "../run-signals.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

describe("the routes of installation, tokens, journal, runs and jobs", () => {
  let server: TestServer;
  let app: FastifyInstance;
  let site: SiteFixture;
  let signals: RunSignals;
  let admin: Record<string, string>;
  let firstToken: string | null;

  before(async () => {
    server = await startTestServer({
      clock: systemClock,
      servicesOf: async ({ db }) => {
        signals = await createRunSignals(db);
        return { runSignals: signals };
      },
    });
    app = server.app;
    firstToken = await ensureFirstToken(server);
    admin = server.authorization(firstToken ?? "");
    site = await siteFixture(server.db);
  });

  after(async () => {
    await signals.close();
    await server.close();
  });

  async function send(method: Method, path: string, payload?: object, headers = admin) {
    const response = await app.inject({ method, url: `/api/v1${path}`, headers, ...(payload ? { payload } : {}) });
    return {
      status: response.statusCode,
      headers: response.headers,
      body: response.body === "" ? null : response.json(),
    };
  }

  async function journal(entry: string): Promise<{ subjectId: string; detail: object; personal: object | null }[]> {
    const { body } = await send("GET", `/journal?entry=${entry}`);
    return body.items;
  }

  it("every route of the contract has exactly one handler, and every operation its own id", () => {
    const ids = routes.map((route) => route.id);

    assert.deepEqual(handlers.map(({ route }) => route.id).toSorted(), ids.toSorted());
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size, routes.length);
  });

  it("a token that reads the inventory gets nothing else, whatever the path", async () => {
    const reader = server.authorization(await server.makeToken(["inventory:read"]));
    const others = routes.filter(
      ({ scope }) => scope !== "any-token" && scope !== "public" && !covers(["inventory:read"], scope),
    );

    assert.ok(others.length > 50);
    for (const { id, method, path } of others) {
      const answer = await send(method, path.replaceAll(/\{\w+\}/g, "x"), undefined, reader);
      assert.deepEqual([answer.status, answer.body.code], [403, "missing-scope"], id);
    }
    for (const id of ["backups.create", "restore.confirm", "people.preview-import", "evidence.apply-import"])
      assert.ok(others.some((each) => each.id === id));
  });

  it("the first token is made once, for the service account setup, and is in the journal without itself", async () => {
    const again = await ensureFirstToken(server);
    const caller = await send("GET", "/whoami");
    const [made] = await journal("token.created");

    assert.match(firstToken ?? "", /^usher_[\w-]{43}$/);
    assert.equal(again, null);
    assert.deepEqual([caller.body.operator.name, caller.body.scopes], ["setup", ["*"]]);
    assert.deepEqual(made?.subjectId, caller.body.tokenId);
    assert.doesNotMatch(JSON.stringify(made), /usher_/);
  });

  it("two processes that start at once get one first token between them", async () => {
    const other = await startTestServer();
    try {
      const tokens = await Promise.all([ensureFirstToken(other), ensureFirstToken(other)]);

      assert.equal(tokens.filter((token) => token !== null).length, 1);
    } finally {
      await other.close();
    }
  });

  it("a token is told once, works until it is revoked, and is never shown again", async () => {
    const made = await send("POST", "/tokens", { name: "Nightly export", scopes: ["runs:read"] });
    const headers = server.authorization(made.body.token);
    const working = await send("GET", "/runs", undefined, headers);
    const revoked = await send("DELETE", `/tokens/${made.body.id}`);
    const after = await send("GET", "/runs", undefined, headers);
    const list = await send("GET", "/tokens?state=revoked");

    assert.deepEqual([made.status, working.status, revoked.status, after.status], [201, 200, 204, 401]);
    assert.equal(list.body.items[0].id, made.body.id);
    assert.doesNotMatch(JSON.stringify(list.body), new RegExp(made.body.token));
    const entries = await journal("token.created,token.revoked");
    assert.deepEqual(
      entries.slice(0, 2).map(({ subjectId, personal }) => [subjectId, personal]),
      [
        [made.body.id, null],
        [made.body.id, { name: "Nightly export" }],
      ],
    );
  });

  it("nobody hands on a scope that they do not have, nor makes service accounts without every scope", async () => {
    const made = await send("POST", "/tokens", { name: "Ivo", scopes: ["tokens:write", "runs:read"] });
    const ivo = server.authorization(made.body.token);

    const wider = await send("POST", "/tokens", { name: "More", scopes: ["journal:read"] }, ivo);
    const account = await send("POST", "/tokens", { name: "Bot", scopes: ["runs:read"], serviceAccount: "bot" }, ivo);
    const narrower = await send("POST", "/tokens", { name: "Less", scopes: ["runs:read"] }, ivo);
    const byAdmin = await send("POST", "/tokens", { name: "Bot", scopes: ["runs:read"], serviceAccount: "bot" });

    assert.deepEqual([wider.status, wider.body.code], [403, "scope-not-held"]);
    assert.equal(account.body.code, "scope-not-held");
    assert.deepEqual([narrower.status, narrower.body.operatorName], [201, "setup"]);
    assert.deepEqual([byAdmin.status, byAdmin.body.operatorName], [201, "bot"]);
  });

  it("a person's token is made for the person of the e-mail, however it is spelled, and for one operator only", async () => {
    const scopes = ["runs:read"];
    const petra = { name: "Petra Novak", email: "petra@acme.example" };

    const first = await send("POST", "/tokens", { name: "Laptop", scopes, person: petra });
    const second = await send("POST", "/tokens", {
      name: "Phone",
      scopes,
      person: { ...petra, email: "Petra@acme.example" },
    });
    const both = await send("POST", "/tokens", { name: "Both", scopes, person: petra, serviceAccount: "bot" });

    assert.deepEqual([first.status, first.body.operatorName], [201, "Petra Novak"]);
    assert.equal(second.body.operatorId, first.body.operatorId);
    assert.deepEqual([both.status, both.body.code], [422, "two-owners"]);
  });

  it("tokens of other operators are not even there for a token without every scope", async () => {
    const scopes = ["tokens:read", "tokens:write"];
    const bot = await send("POST", "/tokens", { name: "Own", scopes, serviceAccount: "lonely" });
    const asBot = server.authorization(bot.body.token);
    const foreign = await send("POST", "/tokens", { name: "Foreign", scopes: ["runs:read"] });

    const list = await send("GET", "/tokens", undefined, asBot);
    const one = await send("GET", `/tokens/${foreign.body.id}`, undefined, asBot);
    const revoke = await send("DELETE", `/tokens/${foreign.body.id}`, undefined, asBot);

    assert.deepEqual(
      list.body.items.map(({ id }: { id: string }) => id),
      [bot.body.id],
    );
    assert.deepEqual([one.status, revoke.status], [404, 404]);
  });

  it("a token's last use is noted, at most every five minutes", async () => {
    const made = await send("POST", "/tokens", { name: "Used", scopes: ["runs:read"] });
    const use = () => send("GET", "/whoami", undefined, server.authorization(made.body.token));
    const lastUse = async () => (await send("GET", `/tokens/${made.body.id}`)).body.lastUsedAt;

    const before = await lastUse();
    await use();
    const first = await lastUse();
    await use();
    const second = await lastUse();

    assert.equal(before, null);
    assert.ok(first);
    assert.equal(second, first);
  });

  it("the journal proves that nothing was changed, and lists by entry and subject", async () => {
    const proof = await send("GET", "/journal/verification");
    const list = await send("GET", "/journal?sort=seq&limit=2");

    assert.equal(proof.body.intact, true);
    assert.deepEqual(
      list.body.items.map(({ seq }: { seq: number }) => seq),
      [1, 2],
    );
  });

  it("a run is requested once at a time, followed, and canceled", async () => {
    const queued = await send("POST", "/runs", { siteId: site.siteId });
    const second = await send("POST", "/runs", { siteId: site.siteId });
    const nowhere = await send("POST", "/runs", { siteId: "site_000000000000" });
    const canceled = await send("POST", `/runs/${queued.body.id}/cancel`);
    const ended = await send("POST", `/runs/${queued.body.id}/cancel`);

    assert.deepEqual([queued.status, queued.body.state, queued.body.siteName], [202, "queued", "acme"]);
    assert.deepEqual([second.status, second.body.code], [409, "run-under-way"]);
    assert.match(second.body.detail, new RegExp(queued.body.id));
    assert.deepEqual([nowhere.status, nowhere.body.code], [404, "no-such-site"]);
    assert.deepEqual([canceled.status, canceled.body.state], [202, "canceled"]);
    assert.deepEqual([ended.status, ended.body.code], [409, "run-ended"]);
    assert.deepEqual(
      (await journal("run.requested,run.cancel-requested")).map(({ subjectId }) => subjectId),
      [queued.body.id, queued.body.id],
    );
  });

  it("a held run is accepted once, by whoever may write runs, and the run that follows is told", async () => {
    const hold = async (runId: string) => {
      const kinds = { accounts: { known: 60, gone: 20, reason: "too-many-gone" } };
      await server.db.transaction(async (tx) => {
        await beginRun(tx, runId, systemClock.now());
        const held = { kinds, currentAccountId: null };
        await endRun(tx, runId, { state: "held", at: systemClock.now(), held, error: null });
      });
    };
    const reader = server.authorization(await server.makeToken(["runs:read"]));
    const { body: older } = await send("POST", "/runs", { siteId: site.siteId });
    const early = await send("POST", `/runs/${older.id}/accept`);
    await hold(older.id);
    const { body: newer } = await send("POST", "/runs", { siteId: site.siteId });
    const underWay = await send("POST", `/runs/${older.id}/accept`);
    await hold(newer.id);
    const before = await send("GET", `/runs/${newer.id}`);

    const superseded = await send("POST", `/runs/${older.id}/accept`);
    const forbidden = await send("POST", `/runs/${newer.id}/accept`, undefined, reader);
    const setState = (state: string) =>
      server.db.query(sql`update connections set state = ${state} where id = ${site.connectionId}`);
    await setState("paused");
    const paused = await send("POST", `/runs/${newer.id}/accept`);
    await setState("published");
    const accepted = await send("POST", `/runs/${newer.id}/accept`);
    const again = await send("POST", `/runs/${newer.id}/accept`);
    const discard = await send("POST", `/runs/${newer.id}/discard`, { reason: "too late" });
    const nowhere = await send("POST", "/runs/run_000000000000/accept");
    const after = await send("GET", `/runs/${newer.id}`);
    await send("POST", `/runs/${accepted.body.id}/cancel`);

    assert.deepEqual([early.status, early.body.code], [409, "not-held"]);
    assert.deepEqual([underWay.status, underWay.body.code], [409, "run-under-way"]);
    assert.deepEqual([superseded.status, superseded.body.code], [409, "superseded"]);
    assert.deepEqual([forbidden.status, forbidden.body.code], [403, "missing-scope"]);
    assert.deepEqual([paused.status, paused.body.code], [409, "connection-not-published"]);
    assert.deepEqual([accepted.status, accepted.body.state, accepted.body.siteId], [202, "queued", site.siteId]);
    assert.deepEqual([again.status, again.body.code], [409, "already-accepted"]);
    assert.deepEqual([discard.status, discard.body.code], [409, "already-accepted"]);
    assert.deepEqual([nowhere.status, nowhere.body.code], [404, "no-such-run"]);
    assert.deepEqual(before.body.held.kinds.accounts, { known: 60, gone: 20, reason: "too-many-gone" });
    assert.deepEqual([after.body.state, after.body.heldDecision], ["held", "accepted"]);
    assert.deepEqual(
      (await journal("run.held-accepted")).map(({ subjectId }) => subjectId),
      [newer.id],
    );
  });

  it("a held run's difference is listed, counted and exported, and discarded with a reason that is kept", async () => {
    const ann = await site.account("ann");
    const team = await site.group("Team/A & B", { members: ["ann"] });
    const { body: run } = await send("POST", "/runs", { siteId: site.siteId });
    await server.db.transaction(async (tx) => {
      const observedAt = await beginRun(tx, run.id, systemClock.now());
      await tx.execute(sql`
        insert into unseen (site_id, kind, subject, scope, run_id, verdict, reason, first_unseen_at)
        values (${site.siteId}, 'groups', ${team}, null, ${run.id}, 'gone', 'No such group.', ${observedAt}),
               (${site.siteId}, 'accounts', ${ann}, null, ${run.id}, 'not-visible', null, ${observedAt})
      `);
      const kinds = { groups: { known: 1, gone: 1, reason: "credential-changed" } };
      const held = { kinds, currentAccountId: "somebody else" };
      await endRun(tx, run.id, { state: "held", at: systemClock.now(), held, error: null });
    });
    const difference = `/runs/${run.id}/held-difference`;

    const rows = await send("GET", difference);
    const ofGroup = await send("GET", `${difference}?missingFrom=${encodeURIComponent("Team/A & B")}&kind=memberships`);
    const pages = await send("GET", `${difference}?limit=1`);
    const second = await send("GET", `${difference}?limit=1&cursor=${encodeURIComponent(pages.body.next)}`);
    const totals = await send("GET", `${difference}/summary`);
    const csv = await server.app.inject({
      url: `/api/v1${difference}?format=csv&verdict=gone`,
      headers: server.authorization(await server.makeToken(["runs:read"])),
    });
    const unexplained = await send("POST", `/runs/${run.id}/discard`, { reason: " " });
    const discarded = await send("POST", `/runs/${run.id}/discard`, { reason: "the token lost its group" });
    const after = await send("GET", difference);

    assert.deepEqual(
      rows.body.items.map((each: { kind: string; subjectName: string; verdict: string }) => [
        each.kind,
        each.subjectName,
        each.verdict,
      ]),
      [
        ["accounts", "ann", "not-visible"],
        ["groups", "Team/A & B", "gone"],
        ["memberships", "ann", "gone"],
      ],
    );
    assert.deepEqual(
      ofGroup.body.items.map(({ missingFromName, reason }: Record<string, string>) => [missingFromName, reason]),
      [["Team/A & B", "The group is gone."]],
    );
    assert.deepEqual([pages.body.items[0].kind, second.body.items[0].kind], ["accounts", "groups"]);
    assert.deepEqual(
      totals.body.items.map((each: { kind: string; gone: number; kept: number }) => [each.kind, each.gone, each.kept]),
      [
        ["memberships", 1, 0],
        ["groups", 1, 0],
        ["accounts", 0, 1],
      ],
    );
    assert.equal(csv.payload.trim().split("\n").length, 3);
    assert.equal(unexplained.status, 400);
    assert.deepEqual(
      [discarded.status, discarded.body.state, discarded.body.heldDecision],
      [200, "partial", "discarded"],
    );
    assert.deepEqual([after.status, after.body.code], [409, "not-held"]);
    const [entry] = await journal("run.held-discarded");
    assert.deepEqual([entry?.subjectId, entry?.personal], [run.id, { reason: "the token lost its group" }]);
  });

  it("events tell a run as it goes, end with it, and go on after the last one seen", async () => {
    const { body: run } = await send("POST", "/runs", { siteId: site.siteId });
    const eventOf = (event: string) => ({
      at: systemClock.now(),
      level: "info" as const,
      event,
      message: event,
      data: {},
    });
    const write = (event: string) => server.db.transaction((tx) => appendRunEvents(tx, run.id, [eventOf(event)]));
    await server.db.transaction(async (tx) => {
      await beginRun(tx, run.id, systemClock.now());
      await planListings(tx, run.id, [{ key: "groups", kind: "groups", scope: null }], systemClock.now());
    });
    await write("first");
    await app.listen({ port: 0, host: "127.0.0.1" });
    const address = app.server.address();
    assert.ok(address && typeof address === "object");
    const url = `http://127.0.0.1:${address.port}/api/v1/runs/${run.id}/events`;
    const stream = readEvents(await fetch(url, { headers: admin }))[Symbol.asyncIterator]();
    const next = async () => {
      const { value } = await stream.next();
      const { run, progress, events } = JSON.parse(value!.data);
      const names = events.map(({ event }: { event: string }) => event);
      return { id: value!.id, state: run.state, progress, names };
    };

    const first = await next();
    await write("second");
    const second = await next();
    await server.db.transaction(async (tx) => {
      await endRun(tx, run.id, { state: "succeeded", at: systemClock.now(), held: null, error: null });
      await appendRunEvents(tx, run.id, [eventOf("ended")]);
    });
    const last = await next();
    const over = await stream.next();
    const resumed = await app.inject({
      url: `/api/v1/runs/${run.id}/events`,
      headers: { ...admin, "last-event-id": "2" },
    });

    assert.deepEqual([first.id, first.state, first.names], ["1", "running", ["first"]]);
    assert.deepEqual([first.progress[0].kind, first.progress[0].listings], ["groups", 1]);
    assert.deepEqual([second.id, second.names], ["2", ["second"]]);
    assert.deepEqual([last.id, last.state, last.names], ["3", "succeeded", ["ended"]]);
    assert.equal(over.done, true);
    assert.match(resumed.body, /^retry: 2000\n\nid: 3\nevent: update\n/);
    assert.equal(resumed.body.match(/^data:/gm)?.length, 1);
  });

  it("a server that closes ends the streams it has open", async () => {
    const other = await startTestServer({ clock: systemClock });
    const token = await other.makeToken(["*"]);
    const { siteId, connectionId } = await siteFixture(other.db);
    const request = { siteId, connectionId, scope: "full", trigger: "person", requestedBy: "test" } as const;
    const queued = await other.db.transaction((tx) => queueRun(tx, { ...request, requestedAt: systemClock.now() }));
    assert.ok(queued.ok);
    const origin = await other.app.listen({ port: 0, host: "127.0.0.1" });
    const url = `${origin}/api/v1/runs/${queued.value}/events`;
    const stream = readEvents(await fetch(url, { headers: other.authorization(token) }))[Symbol.asyncIterator]();
    await stream.next();

    const over = stream.next();
    await other.close();

    assert.equal((await over).done, true);
  });

  it("a run's log and listings are lists like all others", async () => {
    const { body: runs } = await send("GET", `/runs?siteId=${site.siteId}&state=succeeded`);
    const [run] = runs.items;

    const log = await send("GET", `/runs/${run.id}/log?level=info&limit=2`);
    const listings = await send("GET", `/runs/${run.id}/listings`);
    const detail = await send("GET", `/runs/${run.id}`);
    const none = await send("GET", "/runs/run_000000000000/log");

    assert.deepEqual(
      log.body.items.map(({ event }: { event: string }) => event),
      ["first", "second"],
    );
    assert.notEqual(log.body.next, null);
    assert.deepEqual([listings.body.items[0].key, listings.body.items[0].state], ["groups", "waiting"]);
    assert.equal(detail.body.progress[0].kind, "groups");
    assert.equal(none.status, 404);
  });

  it("a job is moved, switched off and run now, and tells when it is next", async () => {
    await server.db.query(sql`
      insert into jobs (name, kind, connection_id, site_id, cron, created_at)
      values ('Refresh acme', 'refresh-site', ${site.connectionId}, ${site.siteId}, '17 3 * * *', now())
    `);
    const { body: jobs } = await send("GET", `/jobs?siteId=${site.siteId}`);
    const [job] = jobs.items;

    const moved = await send("PATCH", `/jobs/${job.id}`, { cron: "5 4 * * *" });
    const wrong = await send("PATCH", `/jobs/${job.id}`, { cron: "0 0 31 2 *" });
    const off = await send("PATCH", `/jobs/${job.id}`, { enabled: false });
    const begun = await send("POST", `/jobs/${job.id}/run`);
    const again = await send("POST", `/jobs/${job.id}/run`);
    const results = await send("GET", `/jobs/${job.id}/results`);

    assert.match(moved.body.nextAt, /T04:05:00\.000Z$/);
    assert.deepEqual([wrong.status, wrong.body.errors[0].field], [400, "body.cron"]);
    assert.match(wrong.body.errors[0].expected, /five cron fields/);
    assert.deepEqual([off.body.enabled, off.body.nextAt], [false, null]);
    assert.deepEqual([begun.status, begun.body.state, begun.body.trigger], [202, "running", "person"]);
    assert.deepEqual([again.status, again.body.code], [409, "run-under-way"]);
    assert.deepEqual(
      results.body.items.map(({ runId }: { runId: string }) => runId),
      [begun.body.runId],
    );
    assert.equal((await journal("job.changed")).length, 2);
  });

  it("the status tells how old the data is and what is under way", async () => {
    const { body } = await send("GET", "/status");

    assert.deepEqual([body.sites, body.dataAsOf, body.runsUnderWay], [1, "2026-11-21T12:00:00.000Z", 1]);
  });
});
