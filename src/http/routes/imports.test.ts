import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { listJournal } from "../../store/journal.ts";
import { sql } from "../../store/sql.ts";
import { daysAgo, OBSERVED_AT, type SiteFixture, siteFixture } from "../../store/testing/facts.ts";
import { afterRun } from "../../sync/after-run.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

let server: TestServer;
let acme: SiteFixture;
let headers: { authorization: string };

beforeEach(async () => {
  server = await startTestServer();
  server.clock.moveTo(OBSERVED_AT);
  headers = server.authorization(await server.makeToken(["inventory:read", "people:write", "evidence:write"]));
  acme = await siteFixture(server.db);
});
afterEach(() => server.close());

async function send(
  method: "GET" | "POST",
  url: string,
  payload?: string | object,
): Promise<{ status: number; body: Json }> {
  const type = typeof payload === "string" ? { "content-type": "text/csv" } : {};
  const answer = await server.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { ...headers, ...type },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
}

async function previewed(url: string, csv: string): Promise<Json> {
  const { status, body } = await send("POST", url, csv);
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

function counts(body: Json, ...names: string[]): number[] {
  return names.map((name) => body["counts"][name]);
}

/** A little later: no two imports are applied at one instant. */
function later(): void {
  server.clock.moveTo(new Date(server.clock.now().getTime() + 60_000));
}

async function run(site = acme): Promise<void> {
  const { siteId, connectionId, settings } = site;
  const runId = await site.run(OBSERVED_AT, "full", [{ kind: "accounts", state: "complete" }]);
  await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt: OBSERVED_AT, settings });
}

describe("a file about people", () => {
  const FILE = [
    "Employee ID,Work e-mail,Name,Department,Manager ID,Cost center,Status,Shoe size",
    "1,boss@acme.example,Berta Boss,Sales,,4711,Active,38",
    "2,Ann@acme.example;ann.b@acme.example,Ann Active,Sales,1,4711,active,40",
    '3,lea@acme.example,"Leaver, Lea",Legal,1,,Terminated,',
  ].join("\r\n");

  async function imported(csv: string, query = "", options: object = {}): Promise<Json> {
    later();
    const preview = await previewed(`/people/import${query}`, csv);
    const { status, body } = await send("POST", `/people/import/${preview["id"]}/apply`, options);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  it("is previewed with its columns and counts, and changes nothing before it is applied", async () => {
    const preview = await previewed("/people/import?fileName=people.csv", FILE);

    assert.deepEqual(counts(preview, "rows", "new", "changed", "unchanged", "errors"), [3, 3, 0, 0, 0]);
    assert.deepEqual(
      preview["columns"].map(({ field }: Json) => field),
      ["externalId", "email", "displayName", "department", "manager", "costCenter", "status", null],
    );
    assert.equal((await send("GET", "/people?total=true")).body["total"], 0);
  });

  it("gives accounts their people, whose attributes go before the directory's, with where they came from", async () => {
    await acme.account("ann", { email: "ann.b@acme.example", department: "From the directory", jobTitle: "Clerk" });
    await acme.account("lea", { email: "lea@acme.example" });
    await acme.group("users", { gives: "user", members: ["ann", "lea"] });
    await run();
    const before = (await send("GET", "/people?q=ann")).body["items"][0].personId;

    const applied = await imported(FILE);

    assert.deepEqual(counts(applied, "new", "accountsMoved"), [3, 2]);
    const { items } = (await send("GET", "/people?sort=name")).body;
    assert.deepEqual(
      items.map((each: Json) => [
        each.name,
        each.department,
        each.personStatus,
        each.manager,
        each.accounts,
        each.accountClass,
      ]),
      [
        ["Ann Active", "Sales", "active", "Berta Boss", 1, "licensed"],
        ["Berta Boss", "Sales", "active", null, 0, "no-access"],
        ["Leaver, Lea", "Legal", "left", "Berta Boss", 1, "licensed"],
      ],
    );
    const left = (await send("GET", "/people?personStatus=left&class=licensed")).body["items"];
    assert.deepEqual(
      left.map((each: Json) => each.name),
      ["Leaver, Lea"],
    );
    assert.deepEqual((await send("GET", "/people?costCenter=4711&hasAccounts=false")).body["items"].length, 1);

    const ann = (await send("GET", `/people/${items[0].personId}`)).body;
    const attribute = (name: string) => ann["attributes"].find((each: Json) => each.name === name);
    assert.deepEqual(attribute("department"), { name: "department", value: "Sales", origin: "import" });
    assert.deepEqual(attribute("jobTitle"), { name: "jobTitle", value: "Clerk", origin: "directory" });
    assert.deepEqual(
      ann["managers"].map((each: Json) => each.name),
      ["Berta Boss"],
    );
    assert.equal(ann["accounts"][0].account.match.situation, "matched");
    const gone = (await send("GET", `/people/${before}`)).body;
    assert.deepEqual([gone["isGone"], gone["movedTo"]], [true, items[0].personId]);
  });

  it("writes nothing when it is given again, and keeps what was so before when it changes", async () => {
    await imported(FILE);
    const again = await imported(FILE);
    const changed = await imported("id,department,attribute:badge\n2,Legal,B-7");

    assert.deepEqual(counts(again, "new", "changed", "unchanged"), [0, 0, 3]);
    assert.deepEqual(counts(changed, "new", "changed", "unchanged", "absent", "left"), [0, 1, 0, 2, 0]);
    const { items } = (await send("GET", "/people?q=ann")).body;
    const ann = (await send("GET", `/people/${items[0].personId}`)).body;
    assert.deepEqual(
      ann["versions"].map((each: Json) => [each.department, each.name, each.costCenter, each.validTo === null]),
      [
        ["Legal", "Ann Active", "4711", true],
        ["Sales", "Ann Active", "4711", false],
      ],
    );
    assert.deepEqual(ann["attributes"].at(-1), { name: "attribute:badge", value: "B-7", origin: "import" });
  });

  it("says row by row what is wrong, and applies the others only when asked to", async () => {
    const file = [
      "id,mail,status",
      "1,ann@acme.example,active",
      "2,not an address,active",
      "3,bob@acme.example,maybe",
      ",,active",
      "1,other@acme.example,active",
      "6,eve@acme.example",
    ].join("\n");
    const preview = await previewed("/people/import", file);

    assert.deepEqual(counts(preview, "rows", "new", "errors"), [6, 1, 5]);
    assert.deepEqual(
      preview["errors"].map((each: Json) => `${each.row} ${each.field}: ${each.what}`),
      [
        '3 mail: "not" is not an e-mail address',
        '4 status: "maybe" is not a status',
        "5 row: has neither an external id nor an e-mail",
        "6 row: gives the same person as row 2",
        "7 row: has 2 cells",
      ],
    );
    const listed = (await send("GET", `/imports/${preview["id"]}/errors?total=true&limit=2`)).body;
    assert.deepEqual([listed["total"], listed["items"].length], [5, 2]);
    const apply = `/people/import/${preview["id"]}/apply`;
    assert.equal((await send("POST", apply, {})).body["code"], "rows-with-errors");
    const applied = await send("POST", apply, { acceptErrors: true });
    assert.deepEqual(counts(applied.body, "new", "errors"), [1, 5]);
    const again = await send("POST", apply, {});
    assert.deepEqual([again.status, again.body["state"]], [200, "applied"]);
  });

  it("marks people as left only when asked to, and not too many at once unless that is confirmed", async () => {
    const people = Array.from({ length: 40 }, (_, index) => `${index},p${index}@acme.example`);
    await imported(["id,mail", ...people].join("\n"));
    const short = ["id,mail", ...people.slice(0, 30)].join("\n");

    const kept = await imported(short);
    assert.deepEqual(counts(kept, "absent", "left"), [10, 0]);
    later();
    const preview = await previewed("/people/import?absent=mark-left", short);
    const apply = `/people/import/${preview["id"]}/apply`;
    assert.equal((await send("POST", apply, {})).body["code"], "too-many-leaving");
    const confirmed = await send("POST", apply, { confirmLeaving: true });

    assert.deepEqual(counts(confirmed.body, "left"), [10]);
    assert.equal((await send("GET", "/people?personStatus=left&total=true")).body["total"], 10);
    const back = await imported("id,mail\n35,p35@acme.example");
    assert.deepEqual(counts(back, "changed"), [1]);
    assert.equal((await send("GET", "/people?personStatus=left&total=true")).body["total"], 9);
  });

  it("refuses a preview that another import has overtaken", async () => {
    const first = await previewed("/people/import", FILE);
    await imported("id,mail\n9,x@acme.example");

    const { status, body } = await send("POST", `/people/import/${first["id"]}/apply`, {});

    assert.deepEqual([status, body["code"]], [409, "stale-preview"]);
  });

  it("keeps counts in the journal's entry and names in its personal part", async () => {
    const applied = await imported(FILE, "?fileName=people.csv");

    const page = { before: null, after: null, limit: 1, entry: "people.imported", subjectId: applied["id"] };
    const [entry] = await listJournal(server.db, page);
    assert.equal((entry?.detail["counts"] as Json | undefined)?.["new"], 3);
    assert.deepEqual(entry?.personal, {
      fileName: "people.csv",
      new: ["Berta Boss", "Ann Active", "Leaver, Lea"],
      left: [],
    });
    assert.doesNotMatch(JSON.stringify(entry?.detail), /Ann/);
    const rows = await server.db.query(sql`select import_id from import_rows`);
    assert.deepEqual(rows, []);
  });

  it("takes another mapping of its columns, and refuses what is no file", async () => {
    const map = encodeURIComponent(JSON.stringify({ "Shoe size": "attribute:shoe size", Name: "-" }));
    const preview = await previewed(`/people/import?map=${map}`, FILE);
    assert.deepEqual(preview["columns"].at(-1), { column: "Shoe size", field: "attribute:shoe size" });
    assert.equal(preview["columns"][2].field, null);

    const refused = async (url: string, csv: string) => {
      const { body } = await send("POST", url, csv);
      return [body["code"], body["errors"][0]?.field, body["errors"][0]?.what];
    };
    const wrong = encodeURIComponent(JSON.stringify({ Nothing: "email" }));
    assert.deepEqual(await refused(`/people/import?map=${wrong}`, FILE), [
      "unreadable-file",
      "map",
      'names "Nothing", which is no column',
    ]);
    assert.deepEqual(await refused("/people/import", "a;b\n1;2"), [
      "unreadable-file",
      "row 1",
      "has no column for externalId or email",
    ]);
    assert.deepEqual(await refused("/people/import", ""), ["unreadable-file", "body", "is empty"]);
    assert.deepEqual(await refused("/people/import", 'id\n"1'), [
      "unreadable-file",
      "line 2",
      "has a quote where none can stand",
    ]);
    const binary = await server.app.inject({
      method: "POST",
      url: "/api/v1/people/import",
      headers: { ...headers, "content-type": "text/csv" },
      payload: Buffer.from([0x69, 0x64, 0x0a, 0xff, 0xfe]),
    });
    assert.equal(binary.json().errors[0].what, "is not UTF-8");
    assert.equal((await send("POST", "/people/import", {})).status, 400);
    const kept = await server.db.query(sql`select id from imports where state = 'reading'`);
    assert.deepEqual(kept, []);
  });

  it("is answered also where the rest of a large one is not read any more", async () => {
    const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
    const line = `1,${"x".repeat(100)}\n`;
    for (const file of [`a,b\n${line.repeat(100_000)}`, `id,b\n${line.repeat(3000)}"${line.repeat(100_000)}`]) {
      const answer = await fetch(`${url}/api/v1/people/import`, {
        method: "POST",
        headers: { ...headers, "content-type": "text/csv" },
        body: file,
      });

      assert.equal(answer.status, 422);
      assert.equal(((await answer.json()) as Json)["code"], "unreadable-file");
    }
  });

  it("is not taken by a path that takes JSON, nor from a token without the scope", async () => {
    const { status } = await send("POST", "/match-rules", "a,b");
    const reader = server.authorization(await server.makeToken(["inventory:read"]));
    const refused = await server.app.inject({
      method: "POST",
      url: "/api/v1/people/import",
      headers: { ...reader, "content-type": "text/csv" },
      payload: FILE,
    });

    assert.equal(status, 415);
    assert.equal(refused.statusCode, 403);
  });
});

describe("a file of further attributes", () => {
  it("gives accounts attributes that match rules compare", async () => {
    await acme.account("ann", { email: "ann@acme.example" });
    await acme.account("bob", {});
    await run();
    await previewed("/people/import", "id,attribute:badge\n7,B-7").then(({ id }) =>
      send("POST", `/people/import/${id}/apply`, {}),
    );
    const file = "account,site,username,Badge\nann@acme.example,acme,ann.b,B-7\nbob,,,\nnobody,acme,,\nbob,elsewhere,,";
    const map = encodeURIComponent(JSON.stringify({ Badge: "attribute:badge" }));

    const preview = await previewed(`/accounts/import?map=${map}`, file);

    assert.deepEqual(
      preview["errors"].map((each: Json) => `${each.row} ${each.field}: ${each.what}`),
      ['4 account: "nobody" is no account there', '5 site: "elsewhere" is no site here'],
    );
    await send("POST", `/accounts/import/${preview["id"]}/apply`, { acceptErrors: true });
    const rule = {
      name: "Badge",
      accountField: "attribute:badge",
      personField: "attribute:badge",
      confidence: "exact",
    };
    const made = await send("POST", "/match-rules", rule);

    assert.equal(made.status, 201, JSON.stringify(made.body));
    const matched = (await send("GET", "/accounts?situation=matched")).body["items"];
    assert.deepEqual(
      matched.map((each: Json) => [each.displayName, each.attributes, each.match.ruleId]),
      [["ann", { username: "ann.b", badge: "B-7" }, made.body["id"]]],
    );
  });
});

describe("a file of evidence", () => {
  const since = daysAgo(120).toISOString();
  const query = (more = "") => `/evidence/import?siteId=${acme.siteId}&kind=authenticated&since=${since}${more}`;
  const day = (days: number) => daysAgo(days).toISOString();

  async function seats(): Promise<Record<string, string>> {
    const { items } = (await send("GET", "/seats")).body;
    return Object.fromEntries(items.map((each: Json) => [each.name, `${each.status}: ${each.because}`]));
  }

  beforeEach(async () => {
    await acme.account("ann", { email: "ann@acme.example" });
    await acme.account("ian", { email: "ian@acme.example" });
    await acme.account("nia", {});
    await acme.group("users", { gives: "user", members: ["ann", "ian", "nia"] });
    await acme.window("contributed", { since: daysAgo(90) });
    await acme.evidence("ian", "contributed", daysAgo(80));
    await run();
  });

  it("makes seats idle or never used where it is complete for the site, and active where it shows use", async () => {
    assert.match((await seats())["nia"] ?? "", /^no-evidence: No use seen, reading not observed/);
    const file = `user,when\nann@acme.example,${day(3)}\nian,${day(100)}\nann,${day(50)}`;

    const preview = await previewed(query("&complete=authenticated"), file);
    assert.deepEqual(counts(preview, "rows", "accounts", "new", "known", "errors"), [3, 2, 3, 0, 0]);
    const applied = await send("POST", `/evidence/import/${preview["id"]}/apply`, {});

    assert.equal(applied.status, 200, JSON.stringify(applied.body));
    assert.deepEqual(await seats(), {
      ann: "active: Log-in last seen 2026-11-18 (import)",
      ian: "idle: Writes last seen 2026-09-02 (content search), log-in observed since 2026-07-24 (import)",
      nia: "never-used: No use seen, log-in observed since 2026-07-24 (import)",
    });
    const events = (await send("GET", "/activity?source=import")).body["items"];
    assert.deepEqual(
      events.map((each: Json) => each.summary),
      ["logged in", "logged in", "logged in"],
    );
  });

  it("proves no silence where it is not complete, and adds nothing when it is given again", async () => {
    const file = `user,when\nian@acme.example,${day(100)}`;
    for (const known of [0, 1]) {
      const preview = await previewed(query(), file);
      assert.deepEqual(counts(preview, "known"), [known]);
      await send("POST", `/evidence/import/${preview["id"]}/apply`, {});
      later();
    }

    const told = await seats();
    assert.match(
      told["ian"] ?? "",
      /^no-evidence: Writes last seen 2026-09-02 \(content search\), log-in observed only until/,
    );
    assert.match(told["nia"] ?? "", /^no-evidence/);
    assert.equal((await send("GET", "/activity?source=import&total=true")).body["total"], 1);
  });

  it("stands beside evidence of the same kind from another source", async () => {
    await acme.window("viewed", { until: daysAgo(1) });
    await acme.evidence("nia", "viewed", daysAgo(2), { until: daysAgo(1) });
    const preview = await previewed(
      `/evidence/import?siteId=${acme.siteId}&since=${since}&complete=viewed`,
      `account,at,kind\nnia,${day(70)},viewed`,
    );
    await send("POST", `/evidence/import/${preview["id"]}/apply`, {});

    assert.match((await seats())["nia"] ?? "", /^active: Views last seen 2026-11-19 \(organization directory\)/);
    const [overview] = (await send("GET", "/overview")).body["sites"];
    assert.deepEqual(
      overview.evidence.map((each: Json) => `${each.kind} ${each.source} ${each.seats}`),
      ["contributed content-search 1", "viewed import 1", "viewed organization 1"],
    );
  });

  it("never guesses an account, and is not complete with a row that cannot be read", async () => {
    await acme.account("ian-two", { email: "ian@acme.example" });
    const file = [
      "user,when,kind",
      `ann@acme.example,${day(3)},`,
      `ian@acme.example,${day(3)},`,
      `zoe@acme.example,${day(3)},`,
      "ann,yesterday,",
      `ann,${day(200)},`,
      `ann,${day(2)},napped`,
    ].join("\n");
    const preview = await previewed(query("&complete=authenticated"), file);

    assert.deepEqual(
      preview["errors"].map((each: Json) => `${each.row} ${each.field}: ${each.what}`),
      [
        '3 account: "ian@acme.example" may be 2 accounts',
        '4 account: "zoe@acme.example" is no account there',
        '5 when: "yesterday" is not an instant',
        `6 when: ${day(200)} is outside of what the import covers`,
        '7 kind: "napped" is not a kind of evidence',
      ],
    );
    const refused = await send("POST", `/evidence/import/${preview["id"]}/apply`, { acceptErrors: true });
    assert.equal(refused.body["code"], "not-complete");

    const strangers = await previewed(
      query("&complete=authenticated"),
      `user,when\nann,${day(3)}\nzoe@acme.example,${day(3)}`,
    );
    const applied = await send("POST", `/evidence/import/${strangers["id"]}/apply`, { acceptErrors: true });
    assert.deepEqual(counts(applied.body, "new", "unknownAccounts"), [1, 1]);
  });

  it("says what it covers: not from the future, not backwards, not of a site that is not there", async () => {
    const tomorrow = daysAgo(-1).toISOString();
    const codes = [
      (await send("POST", query(`&until=${tomorrow}`), "user,when\n")).body["code"],
      (await send("POST", query(`&until=${daysAgo(130).toISOString()}`), "user,when\n")).body["code"],
      (await send("POST", `/evidence/import?siteId=site_000000000000&since=${since}`, "user,when\n")).body["code"],
      (await send("POST", `/evidence/import?siteId=${acme.siteId}&since=${since}`, "user,when\n")).body["code"],
    ];

    assert.deepEqual(codes, ["window-wrong", "window-wrong", "no-such-site", "unreadable-file"]);
  });

  it("covers together with another what both cover where they meet", async () => {
    const windows = async () => {
      const [row] = await server.db.query<{ since: Date; until: Date }>(sql`
        select known_since as since, known_until as until from evidence_windows where source = 'import'
      `);
      return [row?.since, row?.until];
    };
    const give = async (from: number, to: number) => {
      later();
      const url = `/evidence/import?siteId=${acme.siteId}&kind=authenticated&since=${day(from)}&until=${day(to)}`;
      const preview = await previewed(`${url}&complete=authenticated`, "user,when\n");
      await send("POST", `/evidence/import/${preview["id"]}/apply`, {});
    };

    await give(100, 50);
    await give(60, 1);
    assert.deepEqual(await windows(), [daysAgo(100), daysAgo(1)]);
    await give(300, 200);
    assert.deepEqual(await windows(), [daysAgo(100), daysAgo(1)]);
  });
});

it("tells of files of licenses only whoever may read licenses", async () => {
  const [file] = await server.db.transaction((tx) =>
    tx.query<{ id: string }>(sql`
      insert into imports (kind, state, file_name, options, created_by, created_at)
      values ('licenses', 'previewed', 'prices.csv', '{}', 'system', ${OBSERVED_AT})
      returning id
    `),
  );
  const paths = [`/imports/${file?.id}`, `/imports/${file?.id}/errors`, `/resolve/${file?.id}`];
  const seen = async (...scopes: string[]) => {
    headers = server.authorization(await server.makeToken(scopes));
    const answers = [];
    for (const path of [...paths, "/imports", "/imports?kind=licenses"]) answers.push(await send("GET", path));
    return answers.map(({ status, body }) => body["items"]?.length ?? status);
  };

  assert.deepEqual(await seen("inventory:read"), [404, 404, 404, 0, 0]);
  assert.deepEqual(await seen("inventory:read", "licenses:read"), [200, 0, 200, 1, 1]);
});
