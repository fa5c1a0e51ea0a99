import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { settleSiteEdition } from "../../store/editions/settle.ts";
import { saveSiteDescription } from "../../store/sites.ts";
import { OBSERVED_AT, type SiteFixture, siteFixture } from "../../store/testing/facts.ts";
import { afterRun } from "../../sync/after-run.ts";
import { ranUsher } from "../../../test/support/run-cli.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

const day = (days: number) => new Date(OBSERVED_AT.getTime() + days * 86_400_000);
const iso = (days: number) => day(days).toISOString();

describe("the history of seats", () => {
  let server: TestServer;
  let acme: SiteFixture;
  let environment: Record<string, string>;
  const ids: Record<string, string> = {};

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(day(10));
    acme = await siteFixture(server.db);
    for (const name of ["ann", "bob", "new"]) ids[name] = await acme.account(name, { email: `${name}@acme.example` });
    ids["users"] = await acme.group("users", { gives: "user", members: ["ann", "bob"] });
    ids["inner"] = await acme.group("inner", { members: ["ann"] });
    await acme.nest("users", "inner");
    await runTelling("STANDARD", 0);
    // Ann leaves, and comes back two days later; Bob's account goes; the site becomes Premium in between.
    await acme.leave("users", "ann", day(1));
    await acme.leave("inner", "ann", day(2));
    await runTelling("STANDARD", 2);
    await acme.join("users", "ann");
    await acme.changeAccount("bob", "gone", day(4));
    await acme.leave("users", "bob", day(4));
    await runTelling("PREMIUM", 4);
    await runTelling("PREMIUM", 5);
    const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
    environment = { USHER_URL: url, USHER_TOKEN: await server.makeToken(["*"]) };
  });
  after(() => server.close());

  async function runTelling(editionIdentifier: string, days: number): Promise<void> {
    const { siteId, connectionId, settings } = acme;
    await server.db.transaction(async (tx) => {
      await saveSiteDescription(tx, siteId, { edition: "unrecognized", editionIdentifier });
      await settleSiteEdition(tx, siteId, day(days));
    });
    const runId = await acme.run(day(days), "full", [{ kind: "accounts", state: "complete" }]);
    await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt: day(days), settings });
  }
  async function get(path: string): Promise<Json> {
    const headers = server.authorization(await server.makeToken(["inventory:read"]));
    const answer = await server.app.inject({ url: `/api/v1${path}`, headers });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  }

  it("tells every seat an account ever held, its edition, why it ended, and through which groups", async () => {
    const history = await get(`/accounts/${ids["ann"]}/seat-history`);

    assert.equal(history["verdict"], "licensed");
    const [now, earlier] = history["seats"];
    assert.deepEqual(
      [
        now.since,
        now.endedAt,
        now.edition,
        now.editions.map((each: Json) => [each["edition"], each["from"], each["to"]]),
      ],
      [iso(4), null, "premium", [["premium", iso(4), null]]],
    );
    assert.deepEqual(
      [earlier.since, earlier.endedAt, earlier.endReason, earlier.edition],
      [iso(0), iso(2), "no-access", "standard"],
    );
    assert.deepEqual(
      earlier.through.map(({ group, via, from, to }: Json) => [group, via, from, to]),
      [
        ["users", null, iso(0), iso(1)],
        ["users", "inner", iso(0), iso(2)],
      ],
    );
    assert.deepEqual(
      now.through.map(({ group, via, to }: Json) => [group, via, to]),
      [["users", null, null]],
    );
  });

  it("says that a seat which was there at the first look may be older, and one that began later not", async () => {
    const { seats } = await get(`/accounts/${ids["ann"]}/seat-history`);

    assert.deepEqual(
      seats.map((each: Json) => each["mayBeOlder"]),
      [false, true],
    );
  });

  it("tells of somebody who is gone, whom no list of people shows any more", async () => {
    const ran = await ranUsher(["people", "licensed", "bob@acme.example"], { environment, clock: server.clock });

    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.match(
      ran.stdout,
      /^acme\tbob\tstandard\t2026-11-21T12:00:00.000Z\tor earlier\t2026-11-25T12:00:00.000Z\taccount-gone\t/,
    );
    assert.match(ran.stdout, /users \(2026-11-21 to 2026-11-25\)/);
    assert.match(ran.stderr, /^bob was licensed; the last seat ended on 2026-11-25\.\nAtlassian does not allow/);
  });

  it("never says that somebody was not licensed without saying since when that is known", async () => {
    const history = await get(`/accounts/${ids["new"]}/seat-history`);

    assert.deepEqual(
      [history["verdict"], history["because"], history["mayBecomeGuest"], history["firstLicensedAt"]],
      ["never-seen", "new was never seen with a seat. acme: not known before 2026-11-21.", "not-that-is-known", null],
    );
  });

  it("refuses a person and an account that never were there", async () => {
    const headers = server.authorization(await server.makeToken(["inventory:read"]));
    for (const path of ["/people/person_000000000000/seat-history", "/accounts/account_000000000000/seat-history"]) {
      const answer = await server.app.inject({ url: `/api/v1${path}`, headers });

      assert.equal(answer.statusCode, 404);
    }
  });
});

describe("guests of a site", () => {
  let server: TestServer;
  let acme: SiteFixture;
  let environment: Record<string, string>;

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(day(3));
    acme = await siteFixture(server.db);
    await acme.account("ann", { email: "ann@acme.example" });
    for (const name of ["gil", "gus", "gwen"]) await acme.account(name, { isGuest: name !== "gus" });
    await acme.group("users", { gives: "user", members: ["ann", "gus"] });
    for (const key of ["ONE", "TWO"]) await acme.space(key);
    await acme.permit("ONE", "user", "gil");
    await acme.permit("ONE", "user", "gwen");
    await acme.permit("TWO", "user", "gwen");
    await run(0);
    await acme.leave("users", "gus", day(1));
    await acme.changeAccount("gus", { isGuest: true }, day(1));
    await run(1);
    const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
    environment = { USHER_URL: url, USHER_TOKEN: await server.makeToken(["*"]) };
  });
  after(() => server.close());

  async function run(days: number): Promise<void> {
    const { siteId, connectionId, settings } = acme;
    const runId = await acme.run(day(days), "full", [{ kind: "accounts", state: "complete" }]);
    await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt: day(days), settings });
  }
  const usher = (...argv: string[]) => ranUsher(argv, { environment, clock: server.clock });

  it("tells who was ever licensed, and who has no space or more than one", async () => {
    const listed = await usher("site", "guests", "acme");
    const licensed = await usher("site", "guests", "acme", "--filter", "wasLicensed=true");
    const wrong = await usher("site", "guests", "acme", "--filter", "spaceRule=none,several");

    const rows = listed.stdout
      .trim()
      .split("\n")
      .map((line) => line.split("\t").slice(0, 6));
    assert.deepEqual(rows, [
      ["gil", "", "1", "one", "no", ""],
      ["gus", "", "0", "none", "yes", "acme"],
      ["gwen", "", "2", "several", "no", ""],
    ]);
    assert.match(licensed.stdout, /^gus\t/);
    assert.deepEqual(
      wrong.stdout
        .trim()
        .split("\n")
        .map((line) => line.split("\t")[0]),
      ["gus", "gwen"],
    );
  });

  it("counts guests against five for each paid seat", async () => {
    const limit = await usher("site", "guest-limit", "acme", "-o", "json");

    const { paidSeats, guests, guestsMax, free, isOver, withoutSpace, inSeveralSpaces, wereLicensed } = JSON.parse(
      limit.stdout,
    ) as Json;
    assert.deepEqual(
      { paidSeats, guests, guestsMax, free, isOver, withoutSpace, inSeveralSpaces, wereLicensed },
      {
        paidSeats: 1,
        guests: 3,
        guestsMax: 5,
        free: 2,
        isOver: false,
        withoutSpace: 1,
        inSeveralSpaces: 1,
        wereLicensed: 1,
      },
    );
  });
});
