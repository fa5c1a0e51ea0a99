import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "../server.ts";
import { acmeOf, type Answer, type Asker, asker } from "../testing.ts";

let simulator: Simulator;
let ask: Asker;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 9, limits: "off" });
  ask = asker(simulator);
});

after(() => simulator.close());

type Rows = Record<string, unknown>[];
const rowsOf = (answer: Answer): Rows => JSON.parse(answer.text);

async function everyRow(first: string): Promise<Rows> {
  const rows: Rows = [];
  let path: string | null = first;
  for (let page = 0; path !== null && page < 100; page++) {
    const answer: Answer = await ask.site(path);
    rows.push(...answer.results);
    path = answer.next === null ? null : answer.next.replace(/^\/wiki/, "");
  }
  return rows;
}

const seats = (options: string) => ask.control(`/truth/seats?${options}`).then(rowsOf);
const statusOf = (rows: Rows, accountId: string) => rows.find((each) => each["accountId"] === accountId)?.["status"];

describe("the simulator's own truth", () => {
  it("agrees with what the API shows of memberships", async () => {
    const truth = (await ask.control("/truth")).json;
    for (const [groupId, members] of Object.entries(Object(truth["memberships"])).slice(0, 8)) {
      const shown = await everyRow(`/rest/api/group/${groupId}/membersByGroupId?limit=200`);

      assert.deepEqual(shown.map((each) => each["accountId"]).sort(), members);
    }
  });

  it("agrees with the permissions that the API shows about who reads a space", async () => {
    const site = acmeOf(simulator);
    const truth = (await ask.control("/truth")).json;
    const accounts: Rows = Array.isArray(truth["accounts"]) ? truth["accounts"] : [];
    const memberships: Record<string, string[]> = Object(truth["memberships"]);
    for (const space of site.spaces.slice(0, 12)) {
      const rows = await everyRow(`/api/v2/spaces/${space.id}/permissions?limit=250`);
      const reading = new Set(
        rows
          .filter((each) => JSON.stringify(each["operation"]) === '{"key":"read","targetType":"space"}')
          .map((each) => String(Reflect.get(Object(each["principal"]), "id"))),
      );
      const admins = new Set(memberships[site.groups[1]?.id ?? ""]);
      const expected = accounts
        .filter((each) => each["holdsSeat"] === true || each["class"] === "guest")
        .map((each) => String(each["id"]))
        .filter((id) => {
          const licensed = accounts.some((each) => each["id"] === id && each["holdsSeat"] === true);
          const byGroup = Object.entries(memberships).some(
            ([group, members]) => reading.has(group) && members.includes(id),
          );
          return (
            reading.has(id) ||
            byGroup ||
            (licensed && reading.has("ALL_LICENSED_USERS")) ||
            (admins.has(id) && reading.has("ALL_PRODUCT_ADMINS"))
          );
        });

      const found = (await ask.control(`/truth/space-readers?site=acme&space=${space.id}`)).json;

      assert.deepEqual(found["readers"], expected.sort(), space.key);
      assert.equal(found["isAnonymous"], reading.has("ANONYMOUS_USERS"));
    }
  });

  it("tells readers from the idle only where readers are seen", async () => {
    const withKey = await seats("withOrganizationKey=true");
    const without = await seats("withOrganizationKey=false");
    const statuses = (rows: Rows) => [...new Set(rows.map((each) => each["status"]))].sort();

    assert.equal(withKey.length, without.length);
    assert.deepEqual(statuses(withKey), ["active", "idle", "never-used"]);
    assert.deepEqual(statuses(without), ["active", "no-evidence"]);
  });

  it("follows a page that somebody edits, a view, and a suspension", async () => {
    const idle = (await seats("withOrganizationKey=true"))
      .filter((each) => each["status"] === "idle")
      .map((each) => String(each["accountId"]));
    const [writer = "", viewer = "", leaver = ""] = idle;

    await ask.control("/change", [
      { kind: "edit-page", account: writer },
      { kind: "view", account: viewer },
      { kind: "suspend", account: leaver },
    ]);
    const withKey = await seats("withOrganizationKey=true");
    const without = await seats("withOrganizationKey=false");
    const content = await everyRow(
      `/rest/api/content/search?cql=${encodeURIComponent(`contributor = "${writer}" and lastmodified >= now("-1d")`)}&limit=10`,
    );

    assert.deepEqual(
      [statusOf(withKey, writer), statusOf(withKey, viewer), statusOf(withKey, leaver)],
      ["active", "active", undefined],
    );
    assert.deepEqual([statusOf(without, writer), statusOf(without, viewer)], ["active", "no-evidence"]);
    assert.equal(content.length, 1);
  });

  it("adds and removes accounts, groups and spaces everywhere at once", async () => {
    const { json } = await ask.control("/change", [
      { kind: "add-account", name: "Newcomer Nora" },
      { kind: "add-group", name: "new/group & more" },
      { kind: "add-space", name: "New space" },
    ]);
    const [account = "", group = "", space = ""] = Array.isArray(json["ids"]) ? json["ids"].map(String) : [];
    const found = await ask.site(`/rest/api/user?accountId=${encodeURIComponent(account)}`);
    const newSpace = await ask.site(`/api/v2/spaces/${space}`);

    assert.equal(found.json["displayName"], "Newcomer Nora");
    assert.equal(newSpace.json["name"], "New space");
    assert.equal(statusOf(await seats("withOrganizationKey=true"), account), "never-used");

    await ask.control("/change", [
      { kind: "remove-account", account },
      { kind: "remove-group", group },
      { kind: "remove-space", space },
    ]);
    const bulk = await ask.site("/api/v2/users-bulk", { body: { accountIds: [account] } });

    assert.deepEqual(bulk.results, []);
    assert.equal((await ask.site(`/rest/api/group/by-id?id=${group}`)).status, 404);
    assert.equal((await ask.site(`/api/v2/spaces/${space}`)).status, 404);
    const summaries = (await ask.site("/rest/api/audit?limit=3")).results.map((each) => each["summary"]);
    assert.deepEqual(summaries, ["Space deleted", "Group deleted", "User deleted"]);
  });

  it("lists the events behind contributions", async () => {
    const events = rowsOf(await ask.control("/truth/activity?site=acme"));

    assert.ok(events.length >= 600);
    assert.deepEqual([...new Set(events.map((each) => each["kind"]))].sort(), ["administered", "created", "edited"]);
    const instants = events.map((each) => String(each["at"]));
    assert.deepEqual(instants, [...instants].sort().reverse());
  });

  it("refuses a change that makes no sense, in words", async () => {
    const unknown = await ask.control("/change", [{ kind: "explode" }]);
    const nobody = await ask.control("/change", [{ kind: "deactivate", account: "nobody" }]);

    assert.match(unknown.text, /Change 1: kind must be one of/);
    assert.match(nobody.text, /The site knows no account nobody/);
  });
});
