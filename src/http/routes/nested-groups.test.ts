import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { afterRun } from "../../sync/after-run.ts";
import { OBSERVED_AT, type SiteFixture, siteFixture } from "../../store/testing/facts.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

describe("groups within groups", () => {
  let server: TestServer;
  let site: SiteFixture;
  let headers: { authorization: string };
  const ids: Record<string, string> = {};

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(OBSERVED_AT);
    headers = server.authorization(await server.makeToken(["inventory:read", "connections:read"]));
    site = await siteFixture(server.db, { name: "dc", source: "confluence-data-center", edition: "data-center" });
    for (const name of ["Ann Top", "Ben Middle", "Cid Bottom", "Dot Both"]) ids[name] = await site.account(name);
    ids["Eve Direct"] = await site.account("Eve Direct", { hasAccess: true });
    ids["Fay Uncounted"] = await site.account("Fay Uncounted", { hasAccess: false });
    ids["users"] = await site.group("users", { gives: "user", members: ["Ann Top", "Fay Uncounted"] });
    ids["europe"] = await site.group("europe", { members: ["Ben Middle", "Dot Both"] });
    ids["berlin"] = await site.group("berlin", { members: ["Cid Bottom", "Dot Both"] });
    ids["admins"] = await site.group("admins", { gives: "admin" });
    await site.nest("users", "europe");
    await site.nest("europe", "berlin");
    await site.nest("admins", "berlin");
    ids["open"] = await site.space("OPEN");
    ids["admin-space"] = await site.space("ADM");
    await site.permit("OPEN", "group", "users");
    await site.permit("ADM", "access-class", "all-product-admins");
    const { siteId, connectionId, settings } = site;
    const runId = await site.run(OBSERVED_AT, "full", []);
    await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt: OBSERVED_AT, settings });
  });
  after(() => server.close());

  async function get(path: string): Promise<Json> {
    const answer = await server.app.inject({ url: `/api/v1${path}`, headers });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  }
  const names = (body: Json) => body["items"].map((each: { name: string }) => each.name);

  it("give a seat to whoever is in any of them, and count direct memberships only", async () => {
    const { items } = await get("/accounts");

    assert.deepEqual(
      items.map((each: Json) => [each["displayName"], each["accountClass"], each["seatId"] !== null, each["groups"]]),
      [
        ["Ann Top", "licensed", true, 1],
        ["Ben Middle", "licensed", true, 1],
        ["Cid Bottom", "licensed", true, 1],
        ["Dot Both", "licensed", true, 2],
        ["Eve Direct", "licensed", true, 0],
        ["Fay Uncounted", "no-access", false, 1],
      ],
    );
  });

  it("open spaces to their members' members, and say the way", async () => {
    const { items } = await get(`/spaces/${ids["open"]}/access`);

    assert.deepEqual(
      items.map((each: Json) => [each["name"], each["paths"].map((path: Json) => [path["name"], ...path["via"]])]),
      [
        ["Ann Top", [["users"]]],
        ["Ben Middle", [["users", "europe"]]],
        ["Cid Bottom", [["users", "europe", "berlin"]]],
        [
          "Dot Both",
          [
            ["users", "europe"],
            ["users", "europe", "berlin"],
          ],
        ],
      ],
    );
    assert.equal((await get(`/spaces?q=OPEN`))["items"][0].people, 4);
  });

  it("make administrators of whoever is in a group within the administrators", async () => {
    assert.deepEqual(names(await get(`/spaces/${ids["admin-space"]}/access`)), ["Cid Bottom", "Dot Both"]);
    const [cid] = (await get("/people?q=Cid"))["items"];
    assert.equal(cid.spaces, 2);
    assert.deepEqual(names(await get(`/people/${cid.personId}/access`)), ["ADM", "OPEN"]);
  });

  it("list direct members, and all of them once when asked to", async () => {
    assert.deepEqual(names(await get(`/groups/${ids["users"]}/members`)), ["Ann Top", "Fay Uncounted"]);

    const nested = await get(`/groups/${ids["users"]}/members?nested=true&total=true`);

    assert.equal(nested["total"], 5);
    assert.deepEqual(
      nested["items"].map((each: Json) => [each["name"], each["via"]]),
      [
        ["Ann Top", []],
        ["Ben Middle", ["europe"]],
        ["Cid Bottom", ["europe", "berlin"]],
        ["Dot Both", ["europe"]],
        ["Fay Uncounted", []],
      ],
    );
  });

  it("are listed for an account with the group that brings it there", async () => {
    const path = `/accounts/${ids["Cid Bottom"]}/groups`;
    assert.deepEqual(names(await get(path)), ["berlin"]);

    const { items } = await get(`${path}?nested=true`);

    assert.deepEqual(
      items.map((each: Json) => [each["name"], each["via"]]),
      [
        ["admins", ["berlin"]],
        ["berlin", []],
        ["europe", ["berlin"]],
        ["users", ["europe", "berlin"]],
      ],
    );
  });

  it("filter people and accounts by all their members", async () => {
    assert.deepEqual(names(await get(`/people?groupId=${ids["europe"]}`)), ["Ben Middle", "Cid Bottom", "Dot Both"]);
    assert.equal((await get(`/accounts?groupId=${ids["users"]}&total=true`))["total"], 5);
  });

  it("explain a seat by the group that gives it, or directly where the source alone counts the account", async () => {
    const { items } = await get("/seats");
    const ways = Object.fromEntries(
      items.map((each: Json) => [
        each["name"],
        each["paths"].map((path: Json) => [path["through"], path["group"], ...path["via"]].join("/")),
      ]),
    );

    assert.deepEqual(ways["Ann Top"], ["group/users"]);
    assert.deepEqual(ways["Ben Middle"], ["group/users/europe"]);
    assert.deepEqual(ways["Cid Bottom"], ["group/admins/berlin", "group/users/europe/berlin"]);
    assert.deepEqual(ways["Eve Direct"], ["direct/"]);
    assert.equal(ways["Fay Uncounted"], undefined);
  });

  it("count for a product-access group and for a right whom they bring", async () => {
    const groups = await get(`/sites/${site.siteId}/product-access-groups`);
    const rights = await get(`/spaces/${ids["open"]}/permissions`);

    assert.deepEqual(
      groups["items"].map((each: Json) => [each["name"], each["members"]]),
      [
        ["admins", 2],
        ["users", 5],
      ],
    );
    assert.deepEqual(
      rights["items"].map((each: Json) => [each["name"], each["members"]]),
      [["users", 4]],
    );
  });
});
