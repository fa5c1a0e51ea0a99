import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { type CandidateSite, candidateSite } from "../../commands/candidates/testing/candidate-site.ts";
import { rawSql, sql } from "../../store/sql.ts";
import { candidateFixture } from "../../store/testing/candidates.ts";
import { daysAgo, OBSERVED_AT } from "../../store/testing/facts.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

describe("candidates over the API", () => {
  let server: TestServer;
  let site: CandidateSite;
  let headers: Record<string, string>;
  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(OBSERVED_AT);
    headers = server.authorization(await server.makeToken(["reclamation:write"]));
    site = await candidateSite({ db: server.db, clock: server.clock });
    await site.seats({ ann: daysAgo(90), bob: daysAgo(70), cem: daysAgo(1) });
    await site.seats({ rea: null }, { reading: false });
  });
  after(() => server.close());
  beforeEach(async () => {
    for (const table of ["candidate_steps", "candidates", "exclusion_hits", "exclusion_rules", "messages"]) {
      await site.db.query(rawSql(`delete from ${table}`));
    }
  });

  const found = (account: string, fields: Parameters<typeof candidateFixture>[3] = {}) =>
    candidateFixture(site.db, site.acme.siteId, account, fields);
  async function send(
    method: "GET" | "POST",
    url: string,
    payload?: string | object,
    more: Record<string, string> = {},
  ) {
    const type = typeof payload === "string" ? { "content-type": "text/csv" } : {};
    const answer = await server.app.inject({
      method,
      url: `/api/v1${url}`,
      headers: { ...headers, ...type, ...more },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.json() as Json, headers: answer.headers };
  }
  const accountOf = async (name: string) => {
    const [row] = await site.db.query<{ id: string }>(sql`select id from accounts where source_id = ${name}`);
    return row?.id ?? "";
  };
  const open = async () =>
    (
      await site.db.query<{ account: string; state: string }>(sql`
        select a.source_id as account, c.state from candidates c join accounts a on a.id = c.account_id order by 1
      `)
    ).map(({ account, state }) => `${account} ${state}`);

  it("are listed by state, decider and evidence, sorted, and exported", async () => {
    await found("ann", { state: "deciding", deciderEmail: "Lic@acme.example" });
    await found("bob", { state: "detected", lacksEvidence: true });
    const names = async (query: string) =>
      (await send("GET", `/candidates?${query}`)).body["items"].map((each: Json) => each["name"]);

    assert.deepEqual(await names("sort=name"), ["ann", "bob"]);
    assert.deepEqual(await names("state=deciding,asking"), ["ann"]);
    assert.deepEqual(await names("decider=lic@acme.example"), ["ann"]);
    assert.deepEqual(await names("lacksEvidence=true"), ["bob"]);
    assert.deepEqual(await names("open=false"), []);
    const csv = await server.app.inject({ url: "/api/v1/candidates?format=csv&sort=name", headers });
    assert.match(csv.body, /^candidateId,/);
    assert.equal(csv.body.trim().split("\n").length, 3);
  });

  it("show every step, and are decided by the revision that was read", async () => {
    const { id } = await found("ann", { state: "ready" });
    const shown = await send("GET", `/candidates/${id}`);
    const etag = String(shown.headers["etag"]);

    const kept = await send(
      "POST",
      `/candidates/${id}/decision`,
      { verb: "keep", reason: "Auditor" },
      { "if-match": etag },
    );
    const stale = await send("POST", `/candidates/${id}/decision`, { verb: "take" }, { "if-match": etag });

    assert.equal(kept.status, 200);
    assert.deepEqual([kept.body["state"], kept.body["keptUntil"]], ["kept", daysAgo(-90).toISOString()]);
    const last = kept.body["steps"].at(-1);
    assert.deepEqual([last["from"], last["to"], last["reason"]], ["ready", "kept", "Auditor"]);
    assert.deepEqual([stale.status, stale.body["code"]], [412, "stale-revision"]);
  });

  it("are taken by nobody but their holder where reading could not be observed", async () => {
    const { id } = await found("rea", { state: "ready", lacksEvidence: true });

    const taken = await send("POST", `/candidates/${id}/decision`, { verb: "take" }, { "if-match": "*" });
    const asked = await send("POST", `/candidates/${id}/decision`, { verb: "ask" }, { "if-match": "*" });

    assert.deepEqual([taken.status, taken.body["code"]], [409, "own-answer-needed"]);
    assert.equal(asked.body["state"], "ready");
  });

  it("are decided together, each by itself", async () => {
    const { id: first } = await found("ann", { state: "ready" });
    const { id: second } = await found("bob", { state: "executing" });

    const { body } = await send("POST", "/candidates/decisions", { candidateIds: [first, second], verb: "take" });

    assert.equal(body["decided"], 1);
    assert.deepEqual(
      body["items"].map((each: Json) => [each["state"], each["problem"]?.code ?? null]),
      [
        ["scheduled", null],
        [null, "move-not-allowed"],
      ],
    );
  });

  it("need a reason to be kept, and a day that is not past or too far", async () => {
    const { id } = await found("ann", { state: "ready" });
    const keep = (body: object) =>
      send("POST", `/candidates/${id}/decision`, { verb: "keep", ...body }, { "if-match": "*" });

    assert.equal((await keep({})).body["code"], "reason-needed");
    assert.equal((await keep({ reason: "x", until: "2020-01-01T00:00:00Z" })).body["code"], "keep-date-wrong");
    assert.equal((await keep({ reason: "x", until: "2030-01-01T00:00:00Z" })).body["code"], "keep-date-wrong");
    assert.deepEqual(await open(), ["ann ready"]);
  });

  it("are not taken after they were kept: whoever wants the seat proposes it anew", async () => {
    const { id } = await found("ann", { state: "ready" });
    await send("POST", `/candidates/${id}/decision`, { verb: "keep", reason: "x" }, { "if-match": "*" });

    const taken = await send("POST", `/candidates/${id}/decision`, { verb: "take" }, { "if-match": "*" });

    assert.equal(taken.body["code"], "acted-on");
  });

  it("go on from attention to where they were", async () => {
    const { id } = await found("ann", { state: "attention", scheduledFor: daysAgo(1), answer: "give-back" });
    const { id: other } = await found("bob", { state: "ready" });

    const retried = await send("POST", `/candidates/${id}/decision`, { verb: "retry" }, { "if-match": "*" });
    const nothing = await send("POST", `/candidates/${other}/decision`, { verb: "retry" }, { "if-match": "*" });

    assert.equal(retried.body["state"], "scheduled");
    assert.equal(nothing.body["code"], "nothing-to-retry");
  });

  it("are proposed by hand, with a reason, after a preview that changes nothing", async () => {
    const accountIds = [await accountOf("ann"), await accountOf("cem")];

    const preview = await send("POST", "/candidates/proposals", { accountIds, reason: "Left the team", preview: true });
    const before = await open();
    const done = await send("POST", "/candidates/proposals", { accountIds, reason: "Left the team" });

    assert.deepEqual([preview.body["proposed"], preview.body["isPreview"]], [2, true]);
    assert.deepEqual(before, []);
    assert.equal(done.body["proposed"], 2);
    assert.deepEqual(await open(), ["ann ready", "cem ready"]);
  });

  it("are proposed by person: every seat of theirs, and who has none is told", async () => {
    const [held] = await site.db.query<{ personId: string }>(sql`
      select person_id as "personId" from seat_facts where account_id = ${await accountOf("ann")}
    `);
    const ann = held?.personId;
    const nobody = "person_000000000000";

    const preview = await send("POST", "/candidates/proposals", {
      personIds: [ann, nobody],
      reason: "Left the team",
      preview: true,
    });
    const done = await send("POST", "/candidates/proposals", { personIds: [ann], reason: "Left the team" });
    const none = await send("POST", "/candidates/proposals", { reason: "Left the team" });

    assert.deepEqual([preview.body["proposed"], preview.body["errorsCount"]], [1, 1]);
    assert.equal((preview.body["errors"] as Json[])[0]?.["value"], nobody);
    assert.equal(done.body["proposed"], 1);
    assert.deepEqual(await open(), ["ann ready"]);
    assert.equal(none.status, 400);
  });

  it("are proposed by a file of e-mails, row by row with what is wrong", async () => {
    await found("bob", { state: "asking" });
    const csv = "Email,Site\nann@acme.example,acme\nANN@acme.example,\nnobody@acme.example,\nbob@acme.example,\n";
    const url = "/candidates/proposals/file?reason=Leavers";

    const preview = await send("POST", url, csv);
    const refused = await send("POST", `${url}&apply=true`, csv);
    const none = await open();
    const done = await send("POST", `${url}&apply=true&acceptErrors=true`, csv);

    assert.deepEqual([preview.body["proposed"], preview.body["errorsCount"]], [1, 3]);
    assert.deepEqual(
      preview.body["errors"].map((each: Json) => `${each["row"]} ${each["what"]}`),
      ["3 names the same seat as a row before it", "4 holds no seat that is known", "5 is a candidate already"],
    );
    assert.deepEqual([refused.status, refused.body["code"]], [409, "rows-with-errors"]);
    assert.deepEqual(none, ["bob asking"]);
    assert.equal(done.body["proposed"], 1);
    assert.deepEqual(await open(), ["ann ready", "bob asking"]);
  });

  it("are proposed by an address that only a file about people has", async () => {
    await server.db.query(sql`update seat_facts set email = null`);
    const url = "/candidates/proposals/file?reason=Leavers&apply=true";

    const done = await send("POST", url, "Email\nAnn@acme.example\n");
    await site.summarize();

    assert.equal(done.body["proposed"], 1);
    assert.deepEqual(await open(), ["ann ready"]);
  });

  it("are proposed without asking only where use was observed", async () => {
    const wish = { accountIds: [await accountOf("rea")], reason: "Contract ended" };

    const silent = await send("POST", "/candidates/proposals", { ...wish, ask: false });
    const asked = await send("POST", "/candidates/proposals", wish);

    assert.equal(silent.status, 409);
    assert.match(silent.body["errors"][0]["what"], /was not observed well enough/);
    assert.equal(asked.body["proposed"], 1);
    const [rea] = await site.db.query<{ lacks: boolean }>(sql`select lacks_evidence as lacks from candidates`);
    assert.equal(rea?.lacks, true);
  });

  it("are not proposed of seats that are excluded or were kept", async () => {
    await site.db.query(sql`
      insert into exclusion_rules (id, name, condition, effects, reason, expires_at, created_at, updated_at)
      values ('exclusion_1', 'Board', '{}', '{no-reclaim}', 'VIP', ${daysAgo(-90)}, ${OBSERVED_AT}, ${OBSERVED_AT})
    `);
    await site.db.query(sql`
      insert into exclusion_hits (rule_id, site_id, account_id, effects, since)
      select 'exclusion_1', site_id, id, '{no-reclaim}', ${OBSERVED_AT} from accounts where source_id = 'ann'
    `);
    const { id } = await found("bob", { state: "ready" });
    await send("POST", `/candidates/${id}/decision`, { verb: "keep", reason: "x" }, { "if-match": "*" });

    const accountIds = [await accountOf("ann"), await accountOf("bob")];
    const { body } = await send("POST", "/candidates/proposals", { accountIds, reason: "x", preview: true });

    assert.deepEqual(
      body["errors"].map((each: Json) => each["what"]),
      ["is excluded from reclaiming", "was kept until 19 February 2027"],
    );
  });

  it("say what is wrong with a file that cannot be read", async () => {
    const url = "/candidates/proposals/file?reason=Leavers";

    const noColumn = await send("POST", url, "Name\nAnn\n");
    const empty = await send("POST", url, "email\n");

    assert.deepEqual([noColumn.status, empty.status], [422, 422]);
    assert.match(noColumn.body["errors"][0]["what"], /no column of e-mail addresses/);
  });

  it("ask for the scope of reclaiming", async () => {
    const reader = server.authorization(await server.makeToken(["inventory:read"]));

    const answer = await server.app.inject({ url: "/api/v1/candidates", headers: reader });

    assert.equal(answer.statusCode, 403);
  });
});
