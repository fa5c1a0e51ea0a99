import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "../server.ts";
import { type InstanceAsker, instanceAsker, instanceOf } from "./testing.ts";

/** Bodies that Atlassian's pages or recordings of live instances quote, compared field by field. */
let simulator: Simulator;
let wiki: InstanceAsker;
let legacy: InstanceAsker;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 6, limits: "off" });
  wiki = instanceAsker(simulator, "wiki");
  legacy = instanceAsker(simulator, "legacy");
});

after(() => simulator.close());

const keys = (value: unknown) => Object.keys(Object(value)).sort();

describe("quoted bodies of Data Center", () => {
  it("an error (measured, FACTS §9)", async () => {
    const { json } = await wiki.ask("/rest/api/space/NOWHERE");

    assert.deepEqual(json, {
      statusCode: 404,
      data: { authorized: true, valid: true, allowedInReadOnlyMode: true, errors: [], successful: false },
      message: "com.atlassian.confluence.api.service.exceptions.NotFoundException: No space with key : NOWHERE",
      reason: "Not Found",
    });
  });

  it("a user, with and without the status (FACTS §10)", async () => {
    const plain = await wiki.ask("/rest/api/user?username=petra");
    const expanded = await wiki.ask("/rest/api/user?username=petra&expand=status");

    const fields = ["_expandable", "_links", "displayName", "profilePicture", "type", "userKey", "username"];
    assert.deepEqual(keys(plain.json), fields);
    assert.deepEqual(keys(expanded.json), [...fields, "status"].sort());
    assert.equal(expanded.json["status"], "current");
  });

  it("a page of a listing", async () => {
    const { json } = await wiki.ask("/rest/api/group?limit=2");

    assert.deepEqual(keys(json), ["_links", "limit", "results", "size", "start"]);
    assert.deepEqual(keys(json["_links"]), ["base", "context", "next", "self"]);
  });

  it("a content search hit with its author", async () => {
    const { results } = await wiki.ask(
      "/rest/api/content/search?cql=type%3Dpage&limit=1&expand=space,version,history.lastUpdated,history.contributors",
    );
    const [page] = results;

    assert.deepEqual(keys(page), [
      "_expandable",
      "_links",
      "extensions",
      "history",
      "id",
      "space",
      "status",
      "title",
      "type",
      "version",
    ]);
    assert.deepEqual(keys(page?.["version"]), [
      "_expandable",
      "_links",
      "by",
      "hidden",
      "message",
      "minorEdit",
      "number",
      "when",
    ]);
    assert.deepEqual(keys(Object(page?.["history"]).contributors.publishers), ["userKeys", "users"]);
  });

  it("permission sets of JSON-RPC (FACTS §10)", async () => {
    const space = instanceOf(simulator, "legacy").spaces[5];
    const answer = await legacy.rpc("getSpacePermissionSets", [space?.key]);
    const [first] = JSON.parse(answer.text);

    assert.deepEqual(keys(first), ["spacePermissions", "type"]);
    assert.equal(first.type, "VIEWSPACE");
    assert.deepEqual(keys(first.spacePermissions[0]), ["groupName", "type", "userName"]);
  });
});
