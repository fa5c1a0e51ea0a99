import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { OBSERVED_AT, type SiteFixture, siteFixture } from "../../store/testing/facts.ts";
import { afterRun } from "../../sync/after-run.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

describe("searching and resolving over HTTP", () => {
  let server: TestServer;
  let acme: SiteFixture;
  let token: string;
  const ids: Record<string, string> = {};

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(OBSERVED_AT);
    token = await server.makeToken(["*"]);
    acme = await siteFixture(server.db);
    ids["ann"] = await acme.account("Ann Novak", { email: "Ann@acme.example" });
    for (let index = 0; index < 7; index++) await acme.account(`Zoë ${index}`);
    ids["group"] = await acme.group("novak-team", { gives: "user", members: ["Ann Novak"] });
    ids["space"] = await acme.space("FIN", { name: "Finance" });
    const { siteId, connectionId, settings } = acme;
    ids["run"] = await acme.run(OBSERVED_AT, "full", [{ kind: "accounts", state: "complete" }]);
    await afterRun(server.db, {
      siteId,
      connectionId,
      runId: ids["run"],
      scope: "full",
      observedAt: OBSERVED_AT,
      settings,
    });
  });
  after(() => server.close());

  async function get(path: string, as = token, status = 200): Promise<Json> {
    const answer = await server.app.inject({ url: `/api/v1${path}`, headers: server.authorization(as) });
    assert.equal(answer.statusCode, status, answer.body);
    return answer.json();
  }
  const kinds = (body: Json) => body["found"].map((each: Json) => each["kind"]);

  it("finds people by how a name begins, without accents, by a part of it and by address", async () => {
    const begins = await get("/search?q=zoe");
    const within = await get("/search?q=NOVAK");
    const address = await get("/search?q=ann%40ac");

    assert.equal(begins["found"][0].items.length, 5);
    assert.deepEqual(kinds(within), ["person", "group"]);
    assert.deepEqual(
      within["found"][0].items.map((each: Json) => [each["label"], each["detail"]]),
      [["Ann Novak", "Ann@acme.example"]],
    );
    assert.deepEqual(kinds(address), ["person"]);
  });

  it("takes what was typed literally, and finds spaces by their key", async () => {
    assert.deepEqual((await get("/search?q=%25"))["found"], []);
    assert.deepEqual((await get("/search?q=fin"))["found"][0].items[0].detail, "FIN, acme");
    assert.deepEqual(kinds(await get("/search?q=acme")), ["person", "connection", "site"]);
  });

  it("shows each caller the kinds that they may see", async () => {
    const runsOnly = await server.makeToken(["runs:read"]);

    assert.deepEqual(await get("/search?q=acme", runsOnly), { exact: null, found: [] });
    assert.equal((await get(`/resolve/${ids["run"]}`, runsOnly))["href"], `/runs/${ids["run"]}`);
    await get(`/resolve/${ids["group"]}`, runsOnly, 404);
    await get("/resolve?q=ann%40acme.example", runsOnly, 404);
  });

  it("resolves ids, addresses of people and addresses in Confluence", async () => {
    const account = await get(`/resolve/${ids["ann"]}`);
    const email = await get("/resolve?q=ANN%40acme.example");
    const space = await get(`/resolve?q=${encodeURIComponent("https://acme.example/wiki/spaces/FIN/pages/12/Plan")}`);
    const display = await get(`/resolve?q=${encodeURIComponent("https://acme.example/display/FIN/Plan")}`);
    const person = await get(`/resolve?q=${encodeURIComponent("https://acme.example/wiki/people/Ann%20Novak")}`);
    const site = await get(`/resolve?q=${encodeURIComponent("https://acme.example/wiki/home")}`);

    assert.deepEqual([account["kind"], account["label"]], ["account", "Ann Novak"]);
    assert.match(account["href"], /^\/people\/person_\w+\?account=account_/);
    assert.deepEqual([email["kind"], email["label"]], ["person", "Ann Novak"]);
    assert.equal(space["href"], `/spaces/${ids["space"]}`);
    assert.equal(display["id"], ids["space"]);
    assert.equal(person["id"], ids["ann"]);
    assert.equal(site["kind"], "site");
  });

  it("says that nothing is there for what nobody knows", async () => {
    for (const pasted of ["person_000000000000", "nobody@acme.example", "https://other.example/x", "words"]) {
      await get(`/resolve?q=${encodeURIComponent(pasted)}`, token, 404);
    }
    await get("/resolve/constructor_000000000000", token, 404);
  });

  it("asks of every kind of id whether it is there", async () => {
    const prefixes = (
      "person account seat group space site connection license reclamation exclusion job webhook run " +
      "result plan action candidate position identifier message import operator token"
    ).split(" ");
    for (const prefix of prefixes) await get(`/resolve/${prefix}_000000000000`, token, 404);
  });
});
