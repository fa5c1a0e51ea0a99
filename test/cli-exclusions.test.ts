import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { settleExclusions } from "../src/store/exclusions/settle.ts";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import { sql } from "../src/store/sql.ts";
import { daysAgo, OBSERVED_AT, type SiteFixture, siteFixture } from "../src/store/testing/facts.ts";
import { afterRun } from "../src/sync/after-run.ts";
import { ranUsher } from "./support/run-cli.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

describe("usher exclusion-rule", () => {
  let server: TestServer;
  let acme: SiteFixture;
  let environment: Record<string, string>;

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(OBSERVED_AT);
    acme = await siteFixture(server.db);
    for (const name of ["ann", "bob", "cid"]) await acme.account(name, { email: `${name}@acme.example` });
    const bob = await idOf("bob");
    await acme.group("users", { gives: "user", members: ["ann", "bob", "cid"] });
    await acme.group("vips", { members: ["ann", "bob"] });
    await acme.window("viewed");
    await acme.evidence("ann", "viewed", daysAgo(200));
    const { siteId, connectionId, settings } = acme;
    const runId = await acme.run(OBSERVED_AT, "full", [{ kind: "accounts", state: "complete" }]);
    await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt: OBSERVED_AT, settings });
    await server.db.transaction((tx) =>
      tx.execute(sql`
        insert into candidates (site_id, account_id, settings, state, because, detected_at, state_since)
        values (${siteId}, ${bob}, '{}', 'detected', '[]', ${OBSERVED_AT}, ${OBSERVED_AT})
      `),
    );
    await server.db.transaction((tx) => settleExclusions(tx, OBSERVED_AT));
    const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
    environment = { USHER_URL: url, USHER_TOKEN: await server.makeToken(["*"]) };
  });
  after(() => server.close());

  async function idOf(name: string): Promise<string> {
    return (await server.db.query<{ id: string }>(sql`select id from accounts where source_id = ${name}`))[0]?.id ?? "";
  }
  const usher = (...argv: string[]) => ranUsher(argv, { environment, clock: server.clock });
  const json = async (...argv: string[]): Promise<Json> =>
    JSON.parse((await usher(...argv, "-o", "json")).stdout) as Json;

  it("previews whom it would catch, what would no longer count, its money and open candidates, and saves nothing", async () => {
    const effects = ["--effect", "not-counted", "no-reclaim"];

    const preview = await usher("exclusion-rule", "preview", "--group", "vips", ...effects);
    const dry = await usher(
      "exclusion-rule",
      "create",
      "VIPs",
      "--group",
      "vips",
      "--reason",
      "x",
      "--dry-run",
      ...effects,
    );

    assert.equal(preview.exitCode, 0, preview.stderr);
    const rows = preview.stdout
      .trim()
      .split("\n")
      .map((line) => line.split("\t").slice(0, 5));
    assert.deepEqual(rows, [
      ["acme", "ann", "ann@acme.example", "idle", "6.55 USD"],
      ["acme", "bob", "bob@acme.example", "never-used", "6.55 USD"],
    ]);
    assert.match(preview.stdout, /The account is in one of group_\w+/);
    assert.match(
      preview.stderr,
      /2 accounts, 2 seats among them\. 2 seats would no longer count: \$13\.10 a month at list price\. 1 open candidate would be closed\. Nothing was changed\./,
    );
    assert.equal(dry.stdout, preview.stdout);
    assert.equal((await json("exclusion-rule", "list", "--filter", "builtIn=false"))["items"].length, 0);
  });

  it("pages a preview, and takes no cursor of its own making", async () => {
    const headers = server.authorization(await server.makeToken(["exclusions:read"]));
    const ask = (payload: object) =>
      server.app.inject({ method: "POST", url: "/api/v1/exclusion-rules/preview", headers, payload });
    const asked = { condition: { is: "edition", editions: ["standard"] }, effects: ["no-reclaim"], limit: 2 };

    const first: Json = (await ask(asked)).json();
    const second: Json = (await ask({ ...asked, cursor: first["next"] })).json();
    const wrong = await ask({ ...asked, cursor: "nonsense" });

    assert.deepEqual(
      [...first["rows"], ...second["rows"]].map((each: Json) => each["name"]),
      ["ann", "bob", "cid"],
    );
    assert.deepEqual([first["accounts"], second["accounts"], second["next"]], [3, 3, null]);
    assert.equal(wrong.statusCode, 400);
  });

  it("lies over statuses in every list: the seat keeps its status and says by what it is excluded", async () => {
    const made = await usher(
      "exclusion-rule",
      "create",
      "Board",
      "--person",
      "ann@acme.example",
      "--effect",
      "not-counted",
      "no-reclaim",
      "--reason",
      "They decide themselves",
      "--days",
      "90",
    );
    assert.equal(made.exitCode, 0, made.stderr);
    assert.match(made.stderr, /It catches 1 account, 1 seat among them\./);

    const seats = await json("seat", "list", "--filter", "excluded=true");
    const counted = await json("seat", "list", "--filter", "excluded=false");
    const accounts = await json("account", "list", "--filter", "excludedFrom=not-counted");
    const people = await json("people", "list", "--filter", "excludedFrom=no-reclaim");
    const nobody = await json("people", "list", "--filter", "excludedFrom=no-notify");
    const overview = await json("overview");
    const shown = await ranUsher(["overview"], { environment, clock: server.clock, isTty: true });

    const [seat] = seats["items"];
    assert.deepEqual([seat.name, seat.status], ["ann", "idle"]);
    assert.deepEqual(
      seat.exclusions.map(({ name, effects }: Json) => [name, effects]),
      [["Board", ["not-counted", "no-reclaim"]]],
    );
    assert.deepEqual(
      counted["items"].map((each: Json) => each["name"]),
      ["bob", "cid"],
    );
    for (const list of [accounts, people]) assert.equal(list["items"][0].exclusions[0].name, "Board");
    assert.equal(nobody["items"].length, 0);
    assert.deepEqual(overview["sites"][0].excluded, {
      any: 1,
      "not-counted": 1,
      "no-reclaim": 1,
      "no-review": 0,
      "no-notify": 0,
    });
    assert.equal(overview["sites"][0].seatsTotal, 3);
    assert.match(shown.stdout, /1 seat, whatever the status: 1 not-counted, 1 no-reclaim/);
  });

  it("previews a change against what it catches already, changes, renews and ends", async () => {
    const dry = await usher("exclusion-rule", "edit", "Board", "--person", "bob@acme.example", "--dry-run");
    const edited = await usher("exclusion-rule", "edit", "Board", "--person", "bob@acme.example");
    const hits = await usher("exclusion-rule", "hits", "Board");
    const renewed = await usher("exclusion-rule", "renew", "Board", "--until", "2027-06-01", "--reason", "Again");
    const tooLong = await usher("exclusion-rule", "renew", "Board", "--days", "800", "--reason", "For ever");
    const unasked = await usher("exclusion-rule", "end", "Board", "--reason", "Over");
    const ended = await usher("exclusion-rule", "end", "Board", "--reason", "Over", "--yes");

    assert.match(dry.stderr, /1 account would no longer be left out\. Nothing was changed\./);
    assert.match(edited.stderr, /It catches 1 account now\./);
    assert.match(hits.stdout, /^acme\tbob\t/);
    assert.match(renewed.stderr, /It holds until 2027-06-01\./);
    assert.equal(tooLong.exitCode, 2);
    assert.match(tooLong.stderr, /at most 730 days from now/);
    assert.match(unasked.stderr, /1 account would be left out no longer/);
    assert.equal(ended.exitCode, 0, ended.stderr);
    assert.equal((await json("seat", "list", "--filter", "excluded=true"))["items"].length, 0);
  });

  it("shows those that come with Usher, and switches them off and on only with a reason", async () => {
    const list = await usher("exclusion-rule", "list", "--filter", "builtIn=true");
    const off = await usher("exclusion-rule", "disable", "App accounts", "--reason", "We review robots");
    const end = await usher("exclusion-rule", "end", "App accounts", "--reason", "x", "--yes");

    assert.equal(list.stdout.trim().split("\n").length, 4);
    assert.match(off.stderr, /"App accounts" is off\./);
    assert.equal(end.exitCode, 6, end.stderr);
    assert.match(end.stderr, /It comes with Usher/);
  });

  it("says which part of a condition is wrong, and where", async () => {
    const wrong = await usher(
      "exclusion-rule",
      "create",
      "Odd",
      "--expression",
      'person.team == "Sales"',
      "--effect",
      "no-reclaim",
      "--reason",
      "x",
    );
    const nothing = await usher("exclusion-rule", "preview", "--effect", "no-reclaim");
    const unknown = await usher("exclusion-rule", "preview", "--effect", "no-reclaim", "--when", "idle weeks=3");
    const noFile = await usher("exclusion-rule", "preview", "--effect", "no-reclaim", "--when", "@idle.json");

    assert.notEqual(wrong.exitCode, 0);
    assert.match(wrong.stderr, /body\.condition\.cel/);
    assert.match(nothing.stderr, /It is not said whom it catches/);
    assert.equal(unknown.exitCode, 2);
    assert.match(unknown.stderr, /"weeks=3" is no parameter of idle/);
    assert.equal(noFile.exitCode, 2);
    assert.match(noFile.stderr, /The file idle\.json cannot be read/);
  });
});
