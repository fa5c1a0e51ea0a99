import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { EvidenceKind } from "../../model/facts.ts";
import type { SeatFacts } from "../../model/seats.ts";
import { sql } from "../../store/sql.ts";
import { seatFacts, siteWithSeatFacts } from "../../store/testing/seat-facts.ts";
import { startTestServer, TEST_NOW, type TestServer } from "../testing/server.ts";

const DAY_MS = 86_400_000;
const ago = (days: number) => new Date(TEST_NOW.getTime() - days * DAY_MS);
const VIEWED = { kind: "viewed", knownSince: null, knownUntil: ago(0.5) } as const;

let server: TestServer;
let authorization: { authorization: string };

async function call(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: object, headers = {}) {
  const answer = await server.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { ...authorization, ...headers },
    ...(body ? { payload: body } : {}),
  });
  return { status: answer.statusCode, body: answer.payload === "" ? null : JSON.parse(answer.payload) };
}

async function make(body: object) {
  const made = await call("POST", "/reclamation-rules", body);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body;
}

describe("the routes of reclamation rules", () => {
  before(async () => {
    server = await startTestServer();
    authorization = server.authorization(await server.makeToken(["*"]));
  });
  after(() => server.close());

  it("make a rule that reports only, with the usual settings", async () => {
    const rule = await make({ name: "Idle", condition: { is: "idle" } });

    assert.equal(rule.status, "report-only");
    assert.equal(rule.settings.noAnswer, "escalate");
    assert.equal(rule.settings.graceDays, 30);
    assert.equal(rule.falsePositivePercent, null);
  });

  it("say of each part of a condition what is wrong and where, and save nothing", async () => {
    const condition = {
      all: [
        { is: "idle", days: 0 },
        { not: { is: "expression", cel: "person.department == 3" } },
        { is: "nope" },
        { is: "outsider", domain: "acme.example" },
      ],
    };

    const refused = await call("POST", "/reclamation-rules", { name: "Wrong", condition });

    assert.equal(refused.status, 422);
    const fields = refused.body.errors.map(({ field }: { field: string }) => field);
    assert.deepEqual(fields, [
      "body.condition.all.0.days",
      "body.condition.all.1.not.cel",
      "body.condition.all.2.is",
      "body.condition.all.3.domain",
      "body.condition.all.3.domains",
    ]);
    assert.match(refused.body.errors[1].what, /^At character 1: /);
    const { body: page } = await call("GET", "/reclamation-rules?q=wrong");
    assert.deepEqual(page.items, []);
  });

  it("refuse settings by which silence would take a seat without proof", async () => {
    const reclaiming = { condition: { is: "idle" }, settings: { noAnswer: "reclaim" } };
    const answers = [
      await call("POST", "/reclamation-rules", {
        ...reclaiming,
        name: "Asks without evidence",
        settings: { noAnswer: "reclaim", asksWithoutEvidence: true },
      }),
      await call("POST", "/reclamation-rules", {
        ...reclaiming,
        name: "Asks nobody",
        settings: { checkIn: { asked: "nobody" } },
      }),
      await call("POST", "/reclamation-rules", {
        ...reclaiming,
        name: "Sees writers",
        settings: { evidence: ["contributed"] },
      }),
    ];

    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.errors[0].field]),
      [
        [422, "body.settings.noAnswer"],
        [422, "body.settings.checkIn.silentReason"],
        [422, "body.condition"],
      ],
    );
  });

  it("activate a rule only once somebody is named who decides, and pause it with a reason", async () => {
    const rule = await make({ name: "Acting", condition: { is: "idle" } });
    const ifMatch = { "if-match": "*" };
    const early = await call("POST", `/reclamation-rules/${rule.id}/activate`, undefined, ifMatch);
    const settings = { decision: { email: "petra@acme.example" } };
    await call("PATCH", `/reclamation-rules/${rule.id}`, { settings }, { "if-match": '"1"' });

    const active = await call("POST", `/reclamation-rules/${rule.id}/activate`, undefined, { "if-match": '"2"' });
    const stale = await call("POST", `/reclamation-rules/${rule.id}/pause`, { reason: "Audit" }, { "if-match": '"2"' });
    const paused = await call("POST", `/reclamation-rules/${rule.id}/pause`, { reason: "Audit" }, ifMatch);
    const twice = await call("POST", `/reclamation-rules/${rule.id}/pause`, { reason: "Audit" }, ifMatch);
    const again = await call("POST", `/reclamation-rules/${rule.id}/report-only`, undefined, ifMatch);

    assert.deepEqual([early.status, early.body.errors[0].field], [422, "body.settings.decision.email"]);
    assert.equal(active.body.status, "active");
    assert.equal(active.body.settings.decision.days, 7);
    assert.equal(stale.status, 412);
    assert.deepEqual(paused.body.paused, { by: "person", reason: "Audit", at: TEST_NOW.toISOString() });
    assert.deepEqual([twice.status, twice.body.code], [409, "wrong-status"]);
    assert.deepEqual([again.body.status, again.body.paused], ["report-only", null]);
  });

  it("let a name be used again once its rule is gone", async () => {
    const rule = await make({ name: "Twice", condition: { is: "person-left" } });
    const taken = await call("POST", "/reclamation-rules", { name: "TWICE", condition: { is: "person-left" } });
    const gone = await call("DELETE", `/reclamation-rules/${rule.id}`, undefined, { "if-match": '"1"' });

    const again = await call("POST", "/reclamation-rules", { name: "TWICE", condition: { is: "person-left" } });

    assert.deepEqual([taken.status, gone.status, again.status], [409, 204, 201]);
    assert.equal((await call("GET", `/reclamation-rules/${rule.id}`)).status, 404);
  });

  it("write each decision to the journal, without names", async () => {
    const rule = await make({
      name: "Journaled",
      condition: { is: "expression", cel: 'person.department == "Secret"' },
    });

    const { body } = await call("GET", `/journal?subjectId=${rule.id}`);

    assert.equal(body.items[0].entry, "reclamation-rule.created");
    assert.doesNotMatch(JSON.stringify(body.items[0].detail), /Secret|Journaled/);
  });

  it("tell every condition with its parameters", async () => {
    const { body } = await call("GET", "/reclamation-conditions");

    assert.equal(body.items[0].id, "idle");
    assert.deepEqual(body.items[0].parameters[0].default, 60);
    assert.ok(body.facts.some(({ name }: { name: string }) => name === "person.department"));
  });
});

describe("simulating a rule", () => {
  let seats: SeatFacts[];

  const SEATS: Record<string, Partial<SeatFacts>> = {
    idle: { viewedAt: ago(100), reading: [VIEWED] },
    longer: { viewedAt: ago(200), reading: [VIEWED] },
    reader: { contributedAt: ago(200), viewedAt: ago(3), reading: [VIEWED] },
    writer: { contributedAt: ago(100), reading: [] },
    late: { viewedAt: ago(100), reading: [{ ...VIEWED, knownSince: ago(40) }] },
    excluded: { viewedAt: ago(90), reading: [VIEWED] },
    fresh: { viewedAt: null, grantedAt: ago(10), grantedOrigin: "first-seen", reading: [VIEWED] },
    kept: { viewedAt: ago(91), reading: [VIEWED] },
    open: { viewedAt: ago(92), reading: [VIEWED] },
  };

  before(async () => {
    server = await startTestServer();
    authorization = server.authorization(await server.makeToken(["*"]));
    seats = await siteWithSeatFacts(server.db, "acme", Object.values(SEATS).map(seatFacts));
    const of = (name: string) => seats[Object.keys(SEATS).indexOf(name)]?.accountId ?? "";
    const siteId = seats[0]?.siteId ?? "";
    await server.db.transaction(async (tx) => {
      await tx.execute(sql`
        with made as (
          insert into exclusion_rules (name, condition, effects, reason, expires_at, created_at, updated_at)
          values ('VIPs', '{}', '{no-reclaim}', 'because', ${ago(-10)}, ${TEST_NOW}, ${TEST_NOW}) returning id)
        insert into exclusion_hits (rule_id, site_id, account_id, effects, until, since)
        select id, ${siteId}, ${of("excluded")}, '{no-reclaim}', ${ago(-10)}, ${TEST_NOW} from made
      `);
      await tx.execute(sql`
        insert into candidates (site_id, account_id, settings, state, because, detected_at, state_since, kept_until, closed_at)
        values (${siteId}, ${of("kept")}, '{}', 'kept', '[]', ${ago(5)}, ${ago(5)}, ${ago(-30)}, ${ago(5)}),
               (${siteId}, ${of("open")}, '{}', 'detected', '[]', ${ago(5)}, ${ago(5)}, null, null)
      `);
    });
  });
  after(() => server.close());

  const simulate = async (more: object = {}) =>
    (await call("POST", "/reclamation-rules/simulate", { condition: { is: "idle", days: 60 }, ...more })).body;

  it("counts apart whom it would take, whom it leaves alone and why, and who lacks evidence", async () => {
    const { outcomes, seats: total } = await simulate();

    assert.equal(total, 9);
    assert.deepEqual(outcomes, {
      "would-take": 2,
      excluded: 1,
      "in-grace": 1,
      "cooling-down": 1,
      "already-candidate": 1,
      "lacks-evidence": 2,
    });
  });

  it("tells what it saves, at the list price where no license is known", async () => {
    const { savings, withoutPrice } = await simulate();

    assert.equal(withoutPrice, 0);
    assert.equal(savings.length, 1);
    assert.equal(savings[0].seats, 2);
    assert.equal(savings[0].saving.kind, "next-bill");
    const { items } = await simulate();
    assert.equal(savings[0].monthMinor, 2 * items[0].saves.monthMinor);
  });

  it("shows how long seats have been silent, and of how many that is not known", async () => {
    const { histogram } = await simulate();

    const counts = Object.fromEntries(
      histogram.map((each: { bucket: string; seats: number }) => [each.bucket, each.seats]),
    );
    assert.deepEqual(counts, {
      "0-30": 1,
      "30-60": 0,
      "60-90": 0,
      "90-120": 4,
      "120+": 1,
      never: 1,
      "no-evidence": 2,
    });
  });

  it("lists by page who would be taken and why, the longest silent first", async () => {
    const first = await simulate({ limit: 1 });
    const second = await simulate({ limit: 1, cursor: first.next });

    assert.deepEqual(
      [first.items[0].lastUsedAt, second.items[0].lastUsedAt],
      [ago(200).toISOString(), ago(100).toISOString()],
    );
    assert.equal(second.next, null);
    assert.equal(first.items[0].because[0].says, "Idle for 60 days or more");
    assert.equal(first.items[0].because[0].saw.lastUsedAt, ago(200).toISOString());
  });

  it("lists who lacks evidence with what is missing", async () => {
    const { items } = await simulate({ outcomes: ["lacks-evidence"] });

    const why = items.map(({ missing }: { missing: { kind: EvidenceKind; why: string }[] }) =>
      missing.map((each) => `${each.kind} ${each.why}`),
    );
    assert.deepEqual(why.toSorted(), [
      ["viewed begins-too-late", "authenticated not-observed"],
      ["viewed not-observed", "authenticated not-observed"],
    ]);
  });

  it("ranks the seats of a site by the capacity that its license tells", async () => {
    const siteId = seats[0]?.siteId ?? "";
    await server.db.transaction((tx) =>
      tx.execute(sql`
        with held as (
          insert into seats (site_id, account_id, since, since_origin, started_at)
          select site_id, account_id, granted_at, granted_origin, granted_at from seat_facts where site_id = ${siteId}),
        license as (
          insert into licenses (name, edition, metric, quantity, pricing, currency, term_start, auto_renew, quantity_since,
                                settled_to, created_by, created_at, updated_at)
          values ('Acme', 'standard', 'annual-seats', 9, ${JSON.stringify({ kind: "bands", steps: [{ upTo: null, priceMinor: 6000 }] })},
                  'EUR', '2026-01-01', true, ${ago(90)}, '2026-01-01', 'system', ${ago(90)}, ${ago(90)})
          returning id)
        insert into license_sites (license_id, site_id) select id, ${siteId} from license
      `),
    );
    const over = { is: "over-capacity", seats: 2, percent: 100 };

    const full = await call("POST", "/reclamation-rules/simulate", { condition: over });
    const above = await call("POST", "/reclamation-rules/simulate", { condition: { ...over, percent: 101 } });

    assert.equal(full.body.outcomes["would-take"], 1);
    assert.equal(full.body.outcomes["in-grace"], 1);
    assert.deepEqual(full.body.items[0].because[0].saw.rank, 2);
    assert.deepEqual(full.body.savings[0], {
      currency: "EUR",
      monthMinor: 500,
      seats: 1,
      saving: { kind: "renewal", from: full.body.savings[0].saving.from },
    });
    assert.equal(above.body.outcomes["would-take"], 0);
  });

  it("shows of a rule how much of what it took was given back", async () => {
    const rule = await make({ name: "Took", condition: { is: "idle" } });
    await server.db.transaction((tx) =>
      tx.execute(sql`
        insert into candidates (site_id, account_id, rule_id, settings, state, because, detected_at, state_since, closed_at)
        select ${seats[0]?.siteId}, account_id, ${rule.id}, '{}', state, '[]', ${ago(200)}, ${ago(200)}, ${ago(200)}
          from unnest(${seats.slice(0, 3).map(({ accountId }) => accountId)}::text[],
                      array['reclaimed', 'restored', 'reclaimed']) as taken (account_id, state)
      `),
    );

    const { body } = await call("GET", `/reclamation-rules/${rule.id}`);

    assert.deepEqual([body.reclaimed, body.restored, body.falsePositivePercent], [3, 1, 33.3]);
  });

  it("does the same for a saved rule, and refuses a cursor that is none", async () => {
    const rule = await make({ name: "Saved", condition: { is: "idle", days: 60 } });

    const saved = await call("POST", `/reclamation-rules/${rule.id}/simulate`, {});
    const wrong = await call("POST", `/reclamation-rules/${rule.id}/simulate`, { cursor: "x" });

    assert.equal(saved.body.outcomes["would-take"], 2);
    assert.deepEqual([wrong.status, wrong.body.code], [400, "bad-cursor"]);
  });
});
