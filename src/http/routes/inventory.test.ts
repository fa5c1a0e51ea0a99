import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { afterRun } from "../../sync/after-run.ts";
import { sql } from "../../store/sql.ts";
import { daysAgo, OBSERVED_AT, type SiteFixture, siteFixture } from "../../store/testing/facts.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

describe("the inventory over HTTP", () => {
  let server: TestServer;
  let acme: SiteFixture;
  let headers: { authorization: string };
  const ids: Record<string, string> = {};

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(OBSERVED_AT);
    headers = server.authorization(await server.makeToken(["inventory:read"]));
    acme = await siteFixture(server.db);
    ids["ann"] = await acme.account("Ann Active", {
      email: "ann@acme.example",
      department: "Sales",
      addedAt: daysAgo(300),
    });
    ids["ian"] = await acme.account("Ian Idle", { email: "ian@acme.example", department: "Legal" });
    ids["nia"] = await acme.account("Nia Never", { department: "Sales" });
    ids["gil"] = await acme.account("Gil Guest", { isGuest: true });
    ids["lea"] = await acme.account("Lea Leaver", { status: "inactive" });
    ids["bot"] = await acme.account("Bot", { type: "app" });
    ids["users"] = await acme.group("users", {
      gives: "user",
      members: ["Ann Active", "Ian Idle", "Nia Never", "Lea Leaver"],
    });
    ids["admins"] = await acme.group("admins", { gives: "admin", managedBy: "external", members: ["Ann Active"] });
    ids["team"] = await acme.group("team", { members: ["Ian Idle", "Lea Leaver", "Gil Guest", "Bot"] });
    ids["open"] = await acme.space("OPEN", { name: "Open" });
    ids["team-space"] = await acme.space("TEAM", { name: "Team" });
    ids["hidden"] = await acme.space("HID", { name: "Hidden" });
    await acme.permit("OPEN", "access-class", "all-licensed-users");
    await acme.permit("OPEN", "access-class", "anonymous-users");
    await acme.permit("OPEN", "group", "team");
    await acme.permit("TEAM", "group", "team", "administer");
    await acme.permit("TEAM", "user", "Lea Leaver");
    await acme.permit("HID", "access-class", "all-product-admins", "administer");
    await acme.permit("HID", "user", "Ian Idle", "other");
    await acme.window("viewed", { until: daysAgo(1) });
    await acme.window("contributed", { since: daysAgo(90) });
    await acme.evidence("Ann Active", "viewed", daysAgo(3), { until: daysAgo(1) });
    await acme.evidence("Ian Idle", "viewed", daysAgo(90), { until: daysAgo(1) });
    await acme.event("Ann Active", daysAgo(3), { summary: "used Confluence", type: "view", id: "1" });
    await acme.event("Ian Idle", daysAgo(90), { summary: 'edited "Plan"', id: "2" });
    await afterRunOf(acme, [
      { kind: "accounts", state: "complete" },
      { kind: "memberships", state: "complete" },
      { kind: "spaces", state: "complete" },
      {
        kind: "space-permissions",
        scope: "HID",
        state: "not-allowed",
        error: { code: "source.missing-role", message: "The account may not see it.", fix: "Make it a space admin." },
      },
    ]);
  });
  after(() => server.close());

  async function afterRunOf(site: SiteFixture, listings: Parameters<SiteFixture["run"]>[2]): Promise<void> {
    const { siteId, connectionId, settings } = site;
    const runId = await site.run(OBSERVED_AT, "full", listings);
    await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt: OBSERVED_AT, settings });
  }

  async function get(path: string): Promise<Json> {
    const answer = await server.app.inject({ url: `/api/v1${path}`, headers });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  }
  const names = (body: Json) => body["items"].map((each: { name: string }) => each.name);

  it("lists people with their status, what it rests on, and how many spaces they reach", async () => {
    const body = await get("/people?status=idle,active&total=true");

    assert.equal(body["total"], 2);
    assert.equal(body["dataAsOf"], OBSERVED_AT.toISOString());
    const [ann, ian] = body["items"];
    assert.equal(ann.name, "Ann Active");
    assert.equal(ann.status, "active");
    assert.equal(ann.because, "Views last seen 2026-11-18 (organization directory)");
    assert.equal(ann.lastActivity, "used Confluence");
    assert.deepEqual([ann.spaces, ann.groups, ann.costPerMonthMinor, ann.currency], [2, 2, 655, "USD"]);
    assert.deepEqual(ann.sites, ["acme"]);
    assert.equal(
      ian.because,
      "Views last seen 2026-08-23 (organization directory), reading observed throughout (organization directory)",
    );
    assert.equal(ian.spaces, 2);
  });

  it("filters people by class, group, department, words and idle days", async () => {
    assert.deepEqual(names(await get("/people?class=guest,app")), ["Bot", "Gil Guest"]);
    assert.deepEqual(names(await get(`/people?groupId=${ids["admins"]}`)), ["Ann Active"]);
    assert.deepEqual(names(await get(`/people?isAdmin=true`)), ["Ann Active"]);
    assert.equal(names(await get(`/people?notInGroupId=${ids["admins"]}`)).includes("Ann Active"), false);
    assert.equal(names(await get(`/people?isAdmin=false`)).includes("Ann Active"), false);
    assert.deepEqual(names(await get("/people?department=Sales")), ["Ann Active", "Nia Never"]);
    assert.deepEqual(names(await get("/people?q=IAN%40acme")), ["Ian Idle"]);
    assert.deepEqual(names(await get("/people?q=%25")), []);
    assert.deepEqual(names(await get("/people?idleDays=90")), ["Ian Idle"]);
    assert.deepEqual(names(await get("/people?idleDays=91")), []);
  });

  it("tells of each person what they did week by week, and what their seat costs by what was bought", async () => {
    const [ann] = (await get("/people?q=ann"))["items"];

    assert.equal(ann.eventsByWeek.length, 13);
    assert.deepEqual([ann.eventsByWeek.at(-1), ann.eventsByWeek.reduce((a: number, b: number) => a + b)], [1, 1]);
    assert.deepEqual([ann.billedPerMonthMinor, ann.billedCurrency, ann.billedBasis], [655, "USD", "list-price"]);
    const [gil] = (await get("/people?q=gil"))["items"];
    assert.deepEqual([gil.billedPerMonthMinor, gil.billedBasis], [null, null]);
  });

  it("tells of each space what was written there and what its rights risk", async () => {
    await server.db.transaction((tx) =>
      tx.execute(sql`
        insert into activity_events (site_id, source, event_id, account_id, type, summary, occurred_at, space_key, seen_at)
        values (${acme.siteId}, 'import', 'old', ${ids["ann"]}, 'page', 'edited', ${daysAgo(91)}, 'OPEN', ${OBSERVED_AT}),
               (${acme.siteId}, 'import', 'new', ${ids["ann"]}, 'comment', 'commented', ${daysAgo(5)}, 'OPEN', ${OBSERVED_AT}),
               (${acme.siteId}, 'import', 'read', ${ids["ann"]}, 'view', 'read', ${daysAgo(2)}, 'OPEN', ${OBSERVED_AT})
      `),
    );
    const spaces = (await get("/spaces"))["items"];
    await server.db.transaction((tx) => tx.execute(sql`delete from activity_events where source = 'import'`));

    const told = (name: string) => {
      const { edits90d, lastActivityAt, risks } = spaces.find((each: Json) => each["name"] === name);
      return [edits90d, lastActivityAt, risks];
    };
    assert.deepEqual(told("Open"), [1, daysAgo(2).toISOString(), ["anonymous-can-read", "no-admin"]]);
    assert.deepEqual(told("Team"), [0, null, []]);
    assert.deepEqual(told("Hidden"), [0, null, ["one-admin"]]);
  });

  it("compares two groups by their people and by what they open", async () => {
    const told = await get(`/groups/compare?one=${ids["users"]}&other=${ids["team"]}`);

    assert.deepEqual([told["one"].name, told["other"].name], ["users", "team"]);
    assert.deepEqual(told["people"].counts, { one: 2, other: 2, both: 2 });
    assert.deepEqual(
      told["people"].items.filter((each: Json) => each["side"] === "both").map((each: Json) => each["name"]),
      ["Ian Idle", "Lea Leaver"],
    );
    assert.deepEqual(told["spaces"].counts, { one: 0, other: 2, both: 0 });
  });

  it("says what somebody would lose by leaving a group, and changes nothing", async () => {
    const personOf = async (name: string) => (await get(`/people?q=${name}`))["items"][0].personId;
    const ian = await personOf("ian");
    const ann = await personOf("ann");

    const seat = await get(`/people/${ian}/what-if?removeFrom=${ids["users"]}`);
    const team = await get(`/people/${ian}/what-if?removeFrom=${ids["team"]}`);
    const kept = await get(`/people/${ann}/what-if?removeFrom=${ids["users"]}`);

    assert.deepEqual([seat["losesSeat"], seat["spaces"], seat["spacesOfGroup"]], [true, 2, 0]);
    assert.deepEqual([team["losesSeat"], team["spacesOfGroup"], team["spaceKeys"]], [false, 1, ["TEAM"]]);
    assert.deepEqual([kept["losesSeat"], kept["group"]], [false, "users"]);
    const none = await server.app.inject({
      url: `/api/v1/people/${ann}/what-if?removeFrom=${ids["team"]}`,
      headers,
    });
    assert.equal(none.json().code, "not-a-member");
  });

  it("counts for each filter what choosing a value would give, whatever is chosen in it now", async () => {
    const counts = async (path: string) =>
      Object.fromEntries(
        (await get(path))["facets"].map(({ filter, values }: Json) => [
          filter,
          Object.fromEntries(values.map(({ label, value, count }: Json) => [label ?? value, count])),
        ]),
      );

    const all = await counts("/people/facets");
    const chosen = await counts("/people/facets?status=idle&department=Legal");

    assert.deepEqual(all["status"], { active: 1, idle: 1, "never-used": 1, null: 3 });
    assert.deepEqual(all["class"], { licensed: 3, app: 1, deactivated: 1, guest: 1 });
    assert.deepEqual(all["siteId"], { acme: 6 });
    assert.deepEqual(chosen["status"], { idle: 1 });
    assert.deepEqual(chosen["department"], { Legal: 1 });
    assert.deepEqual(await counts(`/people/facets?groupId=${ids["team"]}&class=guest`), {
      siteId: { acme: 1 },
      status: { null: 1 },
      class: { app: 1, deactivated: 1, guest: 1, licensed: 1 },
      department: { null: 1 },
      personStatus: { null: 1 },
      costCenter: { null: 1 },
    });
    assert.deepEqual((await counts("/seats/facets?status=idle"))["status"], { active: 1, idle: 1, "never-used": 1 });
    assert.deepEqual((await counts("/groups/facets"))["givesSeat"], { true: 2, false: 1 });
    assert.deepEqual((await counts("/groups/facets"))["managedBy"], { admins: 2, external: 1 });
    assert.deepEqual((await counts("/spaces/facets"))["anonymous"], { false: 2, true: 1 });
    assert.deepEqual((await counts("/activity/facets"))["type"], { page: 1, view: 1 });
  });

  it("each count is what the list then has", async () => {
    for (const { filter, values } of (await get("/people/facets"))["facets"]) {
      for (const { value, count } of values) {
        if (value === null) continue;
        const list = await get(`/people?${filter}=${encodeURIComponent(value)}&total=true`);
        assert.equal(list["total"], count, `${filter}=${value}`);
      }
    }
  });

  it("tells how long ago people were active, and of how many nothing is known", async () => {
    const told = await get("/people/inactivity-histogram?stepDays=30");

    assert.deepEqual(
      told["bins"].map((each: Json) => each["people"]),
      [1, 0, 0, 1],
    );
    assert.equal(told["without"], 4);
  });

  it("counts events by day, no further back than there are points", async () => {
    const days = await get("/activity/days");
    const views = await get("/activity/days?type=view");

    assert.deepEqual(days["points"], [
      { day: daysAgo(90).toISOString().slice(0, 10), events: 1 },
      { day: daysAgo(3).toISOString().slice(0, 10), events: 1 },
    ]);
    assert.equal(days["to"], OBSERVED_AT.toISOString());
    assert.equal(views["points"].length, 1);
  });

  it("jumps to any row of every order, as paging to it would", async () => {
    for (const sort of ["name", "lastActivityAt", "spaces", "cost"].flatMap((each) => [each, `-${each}`])) {
      const whole = names(await get(`/people?sort=${sort}&total=true`));
      for (let at = 0; at < whole.length; at++) {
        assert.deepEqual(names(await get(`/people?sort=${sort}&limit=2&at=${at}`)), whole.slice(at, at + 2), sort);
      }
      const beyond = await get(`/people?sort=${sort}&at=${whole.length + 5}&total=true`);
      assert.deepEqual([beyond["items"], beyond["next"], beyond["total"]], [[], null, whole.length]);
    }
  });

  it("goes on by cursor from where it jumped to, and refuses both at once", async () => {
    const whole = names(await get("/people"));
    const { next } = await get("/people?limit=2&at=1");

    const cursor = encodeURIComponent(next);
    assert.deepEqual(names(await get(`/people?limit=2&cursor=${cursor}`)), whole.slice(3, 5));
    const both = await server.app.inject({ url: `/api/v1/people?at=1&limit=2&cursor=${cursor}`, headers });
    assert.equal(both.statusCode, 400);
    assert.equal(both.json().errors[0].field, "query.at");
  });

  it("pages people by key in every order, without losing or repeating anybody", async () => {
    for (const sort of ["name", "lastActivityAt", "spaces", "groups", "cost", "seatSince"].flatMap((each) => [
      each,
      `-${each}`,
    ])) {
      const seen: string[] = [];
      let next: string | null = null;
      for (let page = 0; page < 10; page++) {
        const cursor: string = next === null ? "" : `&cursor=${encodeURIComponent(next)}`;
        const body = await get(`/people?limit=2&sort=${sort}${cursor}`);
        seen.push(...names(body));
        next = body["next"];
        if (next === null) break;
      }
      assert.equal(seen.length, 6, sort);
      assert.equal(new Set(seen).size, 6, sort);
    }
  });

  it("exports people as CSV with the sentence of each status", async () => {
    const answer = await server.app.inject({ url: "/api/v1/people?format=csv&status=never-used", headers });

    assert.equal(answer.statusCode, 200);
    const [header, row] = answer.body.split("\n");
    assert.match(header ?? "", /^personId,name,email,accountClass,status,because,/);
    assert.match(row ?? "", /Nia Never,.*licensed,never-used,"No use seen, reading observed throughout/);
  });

  it("exports only the fields that are asked for, in their order", async () => {
    const url = "/api/v1/people?format=csv&status=never-used&fields=status,name";
    const answer = await server.app.inject({ url, headers });
    const wrong = await server.app.inject({ url: url.replace("name", "nonsense"), headers });

    assert.equal(answer.body, "status,name\nnever-used,Nia Never\n");
    assert.deepEqual([wrong.statusCode, wrong.json().errors[0].field], [400, "query.fields.1"]);
  });

  it("tells of one person why there is a seat, what shows use, and what happened", async () => {
    const [listed] = (await get("/people?q=ann%40"))["items"];

    const person = await get(`/people/${listed.personId}`);

    const [{ seat, evidence, groups, account }] = person["accounts"];
    assert.equal(account.email, "ann@acme.example");
    assert.equal(seat.sinceOrigin, "organization");
    assert.deepEqual(
      seat.paths.map((each: Record<string, unknown>) => [
        each["group"],
        each["access"],
        each["managedBy"],
        each["opensSpaces"],
      ]),
      [
        ["admins", "admin", "external", 0],
        ["users", "user", "admins", 0],
      ],
    );
    assert.deepEqual(
      evidence.map((each: Record<string, unknown>) => [each["kind"], each["isOfSite"]]),
      [
        ["viewed", false],
        ["contributed", true],
        ["viewed", true],
      ],
    );
    assert.deepEqual(
      groups.map((each: { name: string }) => each.name),
      ["admins", "users"],
    );
    assert.deepEqual(
      person["history"].map((each: Record<string, unknown>) => each["what"]),
      ["account-seen", "seat-opened"],
    );
  });

  it("lists the spaces a person may read with every way to each", async () => {
    const [ian] = (await get("/people?q=ian%40"))["items"];

    const { items } = await get(`/people/${ian.personId}/access`);

    assert.deepEqual(
      items.map((each: Json) => [
        each["key"],
        each["canAdminister"],
        each["paths"].map((path: Record<string, unknown>) => [path["through"], path["name"]]),
      ]),
      [
        [
          "OPEN",
          false,
          [
            ["group", "team"],
            ["access-class", "Everybody with a seat"],
          ],
        ],
        ["TEAM", true, [["group", "team"]]],
      ],
    );
  });

  it("counts who reaches a space: people and guests, neither leavers nor apps nor visitors", async () => {
    const { items } = await get("/spaces");

    const counts = items.map((each: Record<string, unknown>) => [
      each["key"],
      each["people"],
      each["admins"],
      each["guests"],
      each["isAnonymous"],
      each["isOpen"],
      each["principals"],
    ]);
    assert.deepEqual(counts, [
      ["HID", 1, 1, 0, false, false, 2],
      ["OPEN", 4, 0, 1, true, true, 3],
      ["TEAM", 2, 2, 1, false, false, 2],
    ]);
  });

  it("lists exactly those people, whatever the space", async () => {
    assert.deepEqual(names(await get(`/spaces/${ids["open"]}/access`)), [
      "Ann Active",
      "Gil Guest",
      "Ian Idle",
      "Nia Never",
    ]);
    assert.deepEqual(names(await get(`/spaces/${ids["team-space"]}/access`)), ["Gil Guest", "Ian Idle"]);
    assert.deepEqual(names(await get(`/spaces/${ids["team-space"]}/access?can=administer&class=guest`)), ["Gil Guest"]);
    const [ann] = (await get(`/spaces/${ids["hidden"]}/access`))["items"];
    assert.equal(ann.name, "Ann Active");
    assert.deepEqual(ann.paths, [
      {
        through: "access-class",
        principalId: "all-product-admins",
        name: "Confluence administrators",
        via: [],
        canRead: true,
        canAdminister: true,
        roles: [],
      },
    ]);
  });

  it("shows the rights of a space as they were given, by name", async () => {
    const { items } = await get(`/spaces/${ids["team-space"]}/permissions`);

    assert.deepEqual(
      items.map((each: Record<string, unknown>) => [
        each["principalType"],
        each["name"],
        each["members"],
        each["canAdminister"],
      ]),
      [
        ["user", "Lea Leaver", null, false],
        ["group", "team", 2, true],
      ],
    );
    assert.deepEqual(items[1].operations[0], { key: "read", target: "space", sourceId: "read-space" });
    assert.equal((await get(`/spaces/${ids["team-space"]}`))["people"], 2);
  });

  it("shows what a group gives, to whom, and who keeps it", async () => {
    const { items } = await get("/groups?sort=-members");

    const rows = items.map((each: Record<string, unknown>) => [
      each["name"],
      each["members"],
      each["givesSeat"],
      each["managedBy"],
      each["opensSpaces"],
      each["highestPermission"],
      [each["active"], each["idle"], each["neverUsed"], each["noEvidence"]],
    ]);
    assert.deepEqual(rows.at(-1), ["admins", 1, "admin", "external", 0, null, [1, 0, 0, 0]]);
    assert.deepEqual(
      rows.find(([name]: string[]) => name === "team"),
      ["team", 4, null, "admins", 2, "administer", [0, 1, 0, 0]],
    );
    assert.deepEqual(names(await get("/groups?givesSeat=false")), ["team"]);
    assert.deepEqual(names(await get(`/groups/${ids["team"]}/members?class=licensed`)), ["Ian Idle"]);
    assert.equal((await get(`/groups/${ids["users"]}`))["members"], 4);
  });

  it("lists seats with why each is held, and those that ended when asked", async () => {
    const { items } = await get("/seats?status=never-used");
    assert.deepEqual(
      items.map((each: Json) => [each["name"], each["paths"][0].group]),
      [["Nia Never", "users"]],
    );
    assert.equal((await get(`/seats/${items[0].seatId}`))["evidence"].length, 2);
    assert.deepEqual(names(await get("/seats?state=ended")), []);
    assert.deepEqual(names(await get("/seats?sort=-since&limit=1")).length, 1);
  });

  it("lists accounts with the fields of the roster and what happened by whom", async () => {
    assert.deepEqual(
      (await get("/accounts?class=deactivated"))["items"].map((each: Record<string, unknown>) => [
        each["displayName"],
        each["accountStatus"],
        each["spaces"],
      ]),
      [["Lea Leaver", "inactive", 0]],
    );
    assert.deepEqual(
      (await get(`/activity?sort=-occurredAt&accountId=${ids["ian"]}`))["items"].map(
        (each: Record<string, unknown>) => each["summary"],
      ),
      ['edited "Plan"'],
    );
    assert.equal((await get(`/activity?since=${daysAgo(10).toISOString()}`))["items"].length, 1);
  });

  it("lists what was done to somebody beside what he did, and counts it as no use", async () => {
    const before = (await get(`/accounts?class=guest`))["items"];
    await server.db.transaction((tx) =>
      tx.execute(sql`
        insert into activity_event_subjects (site_id, source, event_id, account_id, type, summary, occurred_at, seen_at)
        values (${acme.siteId}, 'audit-log', '3', ${ids["gil"]}, 'admin', 'User added to group team', ${daysAgo(200)},
                ${OBSERVED_AT})
      `),
    );

    const { items } = await get(`/activity?accountId=${ids["gil"]}`);

    assert.deepEqual(
      items.map((each: Json) => [each["name"], each["part"], each["type"], each["summary"], each["source"]]),
      [["Gil Guest", "concerned", "admin", "User added to group team", "audit-log"]],
    );
    assert.deepEqual((await get(`/activity?accountId=${ids["gil"]}&part=author`))["items"], []);
    assert.deepEqual((await get(`/accounts?class=guest`))["items"], before);
  });

  it("sums up each site: seats, money at list price, and what could not be seen", async () => {
    const overview = await get("/overview");

    const [site] = overview["sites"];
    assert.deepEqual(site.seats, { active: 1, idle: 1, "never-used": 1, "no-evidence": 0 });
    assert.deepEqual(site.accounts, { licensed: 3, guest: 1, app: 1, customer: 0, deactivated: 1, "no-access": 0 });
    assert.equal(site.money.unusedMinor, 1310);
    assert.deepEqual(
      site.evidence.map((each: Record<string, unknown>) => [each["kind"], each["seesReaders"], each["seats"]]),
      [
        ["contributed", false, 0],
        ["viewed", true, 2],
      ],
    );
    assert.deepEqual(
      site.productAccessGroups.map((each: { name: string; managedBy: string }) => [each.name, each.managedBy]),
      [
        ["users", "admins"],
        ["admins", "external"],
      ],
    );
    assert.deepEqual(site.notSeen, [
      {
        kind: "space-permissions",
        state: "not-allowed",
        listings: 1,
        code: "source.missing-role",
        because: "The account may not see it.",
        fix: "Make it a space admin.",
      },
    ]);
    assert.equal(overview["people"], 3);
    assert.equal(overview["isStale"], false);
  });

  it("says that data is stale once it is older than the connection allows", async () => {
    server.clock.moveBy(37 * 3_600_000);

    assert.equal((await get("/overview"))["isStale"], true);
    server.clock.moveTo(OBSERVED_AT);
  });

  it("says that a space is no longer visible, and still shows what was seen last", async () => {
    const runId = await acme.run(OBSERVED_AT, "full", []);
    await server.db.transaction((tx) =>
      tx.execute(sql`
        insert into unseen (site_id, kind, subject, run_id, verdict, first_unseen_at)
        values (${acme.siteId}, 'spaces', ${ids["hidden"]}, ${runId}, 'not-visible', ${OBSERVED_AT})
      `),
    );

    const space = await get(`/spaces/${ids["hidden"]}`);

    assert.equal(space["isVisible"], false);
    assert.equal(space["people"], 1);
  });

  it("answers 404 in words for what is not there", async () => {
    for (const path of [
      "/people/person_000000000000",
      "/groups/group_000000000000",
      "/spaces/space_000000000000/access",
      "/seats/seat_000000000000",
    ]) {
      const answer = await server.app.inject({ url: `/api/v1${path}`, headers });
      assert.equal(answer.statusCode, 404, path);
    }
  });
});
