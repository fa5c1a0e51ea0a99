import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { afterRun } from "../../sync/after-run.ts";
import { sql } from "../../store/sql.ts";
import { daysAgo, OBSERVED_AT, type SiteFixture, siteFixture } from "../../store/testing/facts.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

const LATER = new Date(OBSERVED_AT.getTime() + 5 * 86_400_000);
const FIRST_DAY = OBSERVED_AT.toISOString().slice(0, 10);
const LAST_DAY = LATER.toISOString().slice(0, 10);
const KINDS = ["accounts", "groups", "memberships", "product-access", "spaces", "space-permissions"] as const;

/** Now they follow from evidence, of which no history is kept. */
const SINCE_EVIDENCE = ["lastActivityAt", "lastActivityKind", "lastActivity", "reasons"];

describe("the inventory of an earlier day", () => {
  let server: TestServer;
  let acme: SiteFixture;
  let labs: SiteFixture;
  let headers: { authorization: string };
  const ids: Record<string, string> = {};

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(LATER);
    headers = server.authorization(await server.makeToken(["inventory:read", "connections:read"]));
    acme = await siteFixture(server.db);
    labs = await siteFixture(server.db, { name: "labs" });
    for (const name of ["Ann", "Ben", "Lea"]) ids[name] = await acme.account(name);
    ids["users"] = await acme.group("users", { gives: "user", members: ["Ann", "Ben", "Lea"] });
    ids["team"] = await acme.group("team", { members: ["Lea"] });
    ids["open"] = await acme.space("OPEN");
    ids["team-space"] = await acme.space("TEAM");
    await acme.permit("OPEN", "access-class", "all-licensed-users");
    await acme.permit("TEAM", "group", "team", "administer");
    await acme.event("Ann", daysAgo(3));
    await run(acme, OBSERVED_AT);

    await acme.changeAccount("Lea", { status: "inactive" }, LATER);
    await acme.leave("team", "Lea", LATER);
    await acme.leave("users", "Ben", LATER);
    await acme.event("Ann", new Date(LATER.getTime() - 60_000), { id: "later" });
    await server.db.transaction((tx) =>
      tx.execute(sql`
        update space_permissions set valid_to = ${LATER}
         where site_id = ${acme.siteId} and principal_type = 'access-class'
      `),
    );
    await run(acme, LATER);
    await labs.account("Late");
    await run(labs, LATER);
  });
  after(() => server.close());

  async function run(site: SiteFixture, observedAt: Date): Promise<void> {
    const { siteId, connectionId, settings } = site;
    const listings = KINDS.map((kind) => ({ kind, state: "complete" as const }));
    const runId = await site.run(observedAt, "full", listings);
    await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt, settings });
  }

  const ask = (path: string) => server.app.inject({ url: `/api/v1${path}`, headers });
  async function get(path: string): Promise<Json> {
    const answer = await ask(path);
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  }
  const rows = (body: Json, ...fields: string[]) =>
    body["items"].map((each: Json) =>
      fields.length === 1 ? each[fields[0] ?? ""] : fields.map((field) => each[field]),
    );

  it("lists accounts with the class, seat, groups and reach that they had", async () => {
    const body = await get(`/accounts?asOf=${FIRST_DAY}&total=true`);

    assert.deepEqual(rows(body, "displayName", "accountClass", "accountStatus", "groups", "spaces"), [
      ["Ann", "licensed", "active", 1, 1],
      ["Ben", "licensed", "active", 1, 1],
      ["Lea", "licensed", "active", 2, 2],
    ]);
    assert.equal(body["total"], 3);
    assert.deepEqual(rows(body, "lastActivityAt"), [daysAgo(3).toISOString(), null, null]);
    assert.deepEqual(rows(await get(`/accounts?asOf=${LAST_DAY}&siteId=${acme.siteId}`), "accountClass"), [
      "licensed",
      "no-access",
      "deactivated",
    ]);
    assert.deepEqual(rows(await get(`/accounts?asOf=${FIRST_DAY}&class=licensed&q=l`), "displayName"), ["Lea"]);
  });

  it("says of which instant it tells, and of which sites nothing was known by then", async () => {
    const body = await get(`/accounts?asOf=${FIRST_DAY}`);

    assert.equal(body["asOf"], `${FIRST_DAY}T23:59:59.999Z`);
    assert.deepEqual(body["notKnown"], [{ siteId: labs.siteId, site: "labs", kind: null, since: LATER.toISOString() }]);
    const now = await get("/accounts");
    assert.equal(now["asOf"], null);
    assert.equal(now["dataAsOf"], LATER.toISOString());
    assert.deepEqual(now["notKnown"], []);
  });

  it("refuses a day before anything was known, naming the instant, and never answers an empty list", async () => {
    for (const path of [
      "/accounts?",
      "/people?",
      "/groups?",
      "/spaces?",
      "/seats?",
      `/groups/${ids["users"]}/members?`,
      `/accounts/${ids["Ann"]}/groups?`,
      `/spaces/${ids["open"]}/access?`,
      `/spaces/${ids["open"]}/permissions?`,
      `/sites/${acme.siteId}/product-access-groups?`,
      "/space-roles?",
    ]) {
      const answer = await ask(`${path}asOf=2020-01-01`);

      assert.equal(answer.statusCode, 422, `${path} ${answer.body}`);
      assert.equal(answer.json().code, "not-known-then");
      if (path !== "/space-roles?") assert.match(answer.json().detail, /acme: not known before 2026-/);
    }
  });

  it("names the field that has no history, and what is possible instead", async () => {
    const filtered = await ask(`/accounts?asOf=${FIRST_DAY}&status=idle`);
    const sorted = await ask(`/people?asOf=${FIRST_DAY}&sort=-cost`);
    const future = await ask("/accounts?asOf=2099-01-01");
    const wrong = await ask("/accounts?asOf=yesterday");

    assert.deepEqual(
      [filtered, sorted, future, wrong].map((each) => [each.statusCode, each.json().errors[0].field]),
      [
        [400, "query.status"],
        [400, "query.sort"],
        [400, "query.asOf"],
        [400, "query.asOf"],
      ],
    );
    assert.equal(sorted.json().errors[0].expected, "one of name, seatSince");
    assert.match(wrong.json().errors[0].expected, /2026-05-03/);
  });

  it("lists groups and their members as they were", async () => {
    assert.deepEqual(rows(await get(`/groups?asOf=${FIRST_DAY}`), "name", "members", "active", "givesSeat"), [
      ["team", 1, null, null],
      ["users", 3, null, "user"],
    ]);
    assert.deepEqual(rows(await get(`/groups/${ids["team"]}/members?asOf=${FIRST_DAY}`), "name", "accountClass"), [
      ["Lea", "licensed"],
    ]);
    assert.deepEqual(rows(await get(`/groups/${ids["team"]}/members`), "name"), []);
    assert.deepEqual(rows(await get(`/accounts/${ids["Lea"]}/groups?asOf=${FIRST_DAY}`), "name"), ["team", "users"]);
    assert.deepEqual(rows(await get(`/accounts/${ids["Lea"]}/groups`), "name"), ["users"]);
    assert.deepEqual(rows(await get(`/accounts?groupId=${ids["users"]}&asOf=${FIRST_DAY}`), "displayName"), [
      "Ann",
      "Ben",
      "Lea",
    ]);
  });

  it("tells who could read a space and through what, and what was granted on it", async () => {
    const access = await get(`/spaces/${ids["team-space"]}/access?asOf=${FIRST_DAY}`);

    assert.deepEqual(rows(access, "name", "canAdminister"), [["Lea", true]]);
    assert.equal(access["items"][0].paths[0].name, "team");
    assert.deepEqual(rows(await get(`/spaces/${ids["team-space"]}/access`), "name"), []);
    assert.deepEqual(rows(await get(`/spaces/${ids["open"]}/access?asOf=${FIRST_DAY}`), "name"), ["Ann", "Ben", "Lea"]);
    assert.deepEqual(rows(await get(`/spaces?asOf=${FIRST_DAY}&sort=key`), "key", "people", "admins", "isOpen"), [
      ["OPEN", 3, 0, true],
      ["TEAM", 1, 1, false],
    ]);
    const rights = await get(`/spaces/${ids["open"]}/permissions?asOf=${FIRST_DAY}`);
    assert.deepEqual(rows(rights, "principalId"), ["all-licensed-users"]);
    assert.deepEqual(rows(await get(`/spaces/${ids["open"]}/permissions`), "principalId"), []);
  });

  it("lists people, what they could read, and their seats", async () => {
    const people = await get(`/people?asOf=${FIRST_DAY}&total=true`);

    assert.deepEqual(rows(people, "name", "accountClass", "groups", "spaces", "seats", "status", "events90d"), [
      ["Ann", "licensed", 1, 1, 1, null, null],
      ["Ben", "licensed", 1, 1, 1, null, null],
      ["Lea", "licensed", 2, 2, 1, null, null],
    ]);
    assert.equal(people["total"], 3);
    const lea = people["items"][2].personId;
    assert.deepEqual(rows(await get(`/people/${lea}/access?asOf=${FIRST_DAY}`), "key"), ["OPEN", "TEAM"]);
    assert.deepEqual(rows(await get(`/people/${lea}/access`), "key"), []);
    assert.deepEqual(rows(await get(`/people?groupId=${ids["team"]}&asOf=${FIRST_DAY}`), "name"), ["Lea"]);
    const seats = await get(`/seats?asOf=${FIRST_DAY}`);
    assert.deepEqual(
      seats["items"].map((each: Json) => [each["name"], each["status"], each["endedAt"], each["paths"][0].group]),
      [
        ["Ann", null, null, "users"],
        ["Ben", null, null, "users"],
        ["Lea", null, null, "users"],
      ],
    );
    assert.deepEqual(rows(await get(`/seats?asOf=${LAST_DAY}&state=ended`), "name"), ["Ben", "Lea"]);
  });

  it("remembers what had been decided about a group", async () => {
    const path = `/sites/${acme.siteId}/product-access-groups`;
    await server.db.transaction(async (tx) => {
      await tx.execute(sql`
        insert into product_access_decision_versions (site_id, group_id, state, decided_by, valid_from, valid_to)
        select ${acme.siteId}, ${ids["users"]}, 'confirmed', id, ${daysAgo(1)}, ${LATER} from operators limit 1
      `);
    });

    assert.deepEqual(rows(await get(`${path}?asOf=${FIRST_DAY}`), "name", "state", "members"), [
      ["users", "confirmed", 3],
    ]);
    assert.deepEqual(rows(await get(path), "name", "state", "members"), [["users", "found", 2]]);
  });

  it("compares two days: what appeared, disappeared and changed, with names", async () => {
    const body = await get(`/differences?from=${FIRST_DAY}&to=${LAST_DAY}&total=true`);

    const texts = body["items"].map((each: Json) =>
      [each["kind"], each["change"], each["account"], each["group"], each["space"], each["principal"]]
        .filter(Boolean)
        .join(" "),
    );
    assert.deepEqual(texts.toSorted(), [
      "accounts changed Lea",
      "memberships disappeared Ben users",
      "memberships disappeared Lea team",
      "seats disappeared Ben",
      "seats disappeared Lea",
      "space-permissions disappeared OPEN Everybody with a seat",
    ]);
    assert.equal(body["total"], 6);
    const lea = body["items"].find((each: Json) => each["kind"] === "accounts");
    assert.deepEqual(lea.changes, [{ field: "status", before: "active", after: "inactive" }]);
    assert.equal(lea.at, LATER.toISOString());
    assert.deepEqual([...new Set(rows(body, "site"))], ["acme"]);
    assert.equal(body["notKnown"].find((each: Json) => each["kind"] === "accounts").site, "labs");
  });

  it("pages and exports differences, of some kinds and one site", async () => {
    const path = `/differences?from=${FIRST_DAY}&to=${LAST_DAY}&siteId=${acme.siteId}&kind=seats,memberships`;
    const first = await get(`${path}&limit=3`);
    const second = await get(`${path}&limit=3&cursor=${first["next"]}`);
    const csv = await ask(`${path}&format=csv`);

    assert.equal(first["items"].length + second["items"].length, 4);
    assert.equal(second["next"], null);
    assert.equal(csv.body.trim().split("\n").length, 5);
    assert.match(csv.body, /^kind,change,at,/);
  });

  it("compares no days that do not follow each other, and none before anything was known", async () => {
    const turned = await ask(`/differences?from=${LAST_DAY}&to=${FIRST_DAY}`);
    const early = await ask(`/differences?from=2020-01-01&to=${LAST_DAY}`);

    assert.deepEqual([turned.statusCode, turned.json().errors[0].field], [400, "query.to"]);
    assert.deepEqual([early.statusCode, early.json().code], [422, "not-known-then"]);
  });

  it("exports with the day in the header", async () => {
    const answer = await ask(`/accounts?asOf=${FIRST_DAY}&format=csv`);

    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers["usher-as-of"], `${FIRST_DAY}T23:59:59.999Z`);
    assert.equal(answer.headers["usher-not-known"], labs.siteId);
    assert.equal(answer.body.trim().split("\n").length, 4);
  });

  it("answers for today as it does for now", async () => {
    for (const path of [
      "/accounts?sort=name",
      "/groups?sort=name",
      "/spaces?sort=key",
      "/seats?sort=name",
      `/groups/${ids["users"]}/members?sort=name`,
      `/spaces/${ids["team-space"]}/access?sort=name`,
      `/spaces/${ids["team-space"]}/permissions?sort=principal`,
    ]) {
      const now = await get(path);
      const today = await get(`${path}&asOf=${LAST_DAY}`);

      const known = (row: Json, other: Json) =>
        Object.fromEntries(
          Object.entries(row).filter(([name]) => other[name] !== null && !SINCE_EVIDENCE.includes(name)),
        );
      assert.deepEqual(
        now["items"].map((row: Json, index: number) => known(row, today["items"][index])),
        today["items"].map((row: Json) => known(row, row)),
        path,
      );
    }
  });
});
