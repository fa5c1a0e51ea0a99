import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { afterRun } from "../../sync/after-run.ts";
import { OBSERVED_AT, type SiteFixture, siteFixture } from "../../store/testing/facts.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

describe("rights on spaces over HTTP", () => {
  let server: TestServer;
  let site: SiteFixture;
  let headers: { authorization: string };
  const ids: Record<string, string> = {};

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(OBSERVED_AT);
    headers = server.authorization(await server.makeToken(["inventory:read"]));
    site = await siteFixture(server.db, { name: "dc", source: "confluence-data-center", edition: "data-center" });
    for (const name of ["Ann", "Ben", "Lea"]) {
      ids[name] = await site.account(name, { hasAccess: true, ...(name === "Lea" ? { status: "inactive" } : {}) });
    }
    ids["users"] = await site.group("users", { gives: "user", members: ["Ann"] });
    ids["europe"] = await site.group("europe", { members: ["Ben", "Lea"] });
    await site.nest("users", "europe");
    for (const key of ["ALL", "FIN", "LEG"]) ids[key] = await site.space(key, { name: `The ${key}` });
    await site.permit("ALL", "access-class", "all-licensed-users");
    await site.permit("FIN", "group", "users");
    await site.permit("FIN", "user", "Ben", "administer");
    await site.permit("LEG", "group", "europe", "administer");
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
  const held = (body: Json) =>
    body["items"].map((each: Json) => `${each["spaceKey"]} ${each["principalType"]} ${each["name"]}`);

  it("tells of a person all that applies to them, through themselves, groups and classes", async () => {
    const { items } = await get(`/accounts?q=ben`);
    const personId = items[0].personId;

    assert.deepEqual(held(await get(`/space-rights?personId=${personId}`)), [
      "ALL access-class Everybody with a seat",
      "FIN group users",
      "FIN user Ben",
      "LEG group europe",
    ]);
    assert.deepEqual(held(await get(`/space-rights?personId=${personId}&direct=true`)), ["FIN user Ben"]);
  });

  it("tells nothing of somebody who is deactivated", async () => {
    const { items } = await get(`/accounts?q=lea`);

    const body = await get(`/space-rights?personId=${items[0].personId}&total=true`);

    assert.deepEqual([body["total"], body["items"]], [0, []]);
  });

  it("tells of a group what it opens, also through the groups it is nested in", async () => {
    assert.deepEqual(held(await get(`/space-rights?groupId=${ids["europe"]}`)), [
      "FIN group users",
      "LEG group europe",
    ]);
    assert.deepEqual(held(await get(`/space-rights?groupId=${ids["europe"]}&direct=true`)), ["LEG group europe"]);
  });

  it("finds who holds one right, in one space or in all", async () => {
    assert.deepEqual(held(await get("/space-rights?operation=administer/space")), ["FIN user Ben", "LEG group europe"]);
    assert.deepEqual(held(await get(`/space-rights?operation=read/space&spaceId=${ids["FIN"]}`)), [
      "FIN group users",
      "FIN user Ben",
    ]);
    assert.deepEqual(held(await get("/space-rights?principalType=access-class")), [
      "ALL access-class Everybody with a seat",
    ]);
  });

  it("refuses a right without a target, and says how it is spelled", async () => {
    const answer = await server.app.inject({ url: "/api/v1/space-rights?operation=administer", headers });

    assert.equal(answer.statusCode, 400);
    assert.match(answer.body, /administer\/space/);
  });

  it("lists the groups that are nested in a group, and those that it is nested in", async () => {
    const near = (body: Json) => body["items"].map((each: Json) => [each["name"], each["relation"], each["members"]]);

    assert.deepEqual(near(await get(`/groups/${ids["users"]}/nested`)), [["europe", "inside", 2]]);
    assert.deepEqual(near(await get(`/groups/${ids["europe"]}/nested`)), [["users", "around", 1]]);
    assert.deepEqual(near(await get(`/groups/${ids["europe"]}/nested?relation=inside`)), []);
  });
});
