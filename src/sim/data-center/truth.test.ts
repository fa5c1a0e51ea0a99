import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "../server.ts";
import { type InstanceAsker, instanceAsker, instanceOf, USER } from "./testing.ts";
import type { DataCenterTruth } from "./truth.ts";

let simulator: Simulator;
let wiki: InstanceAsker;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 9, limits: "off" });
  wiki = instanceAsker(simulator, "wiki");
});

after(() => simulator.close());

const truth = async (): Promise<DataCenterTruth> => JSON.parse((await wiki.control("/truth?site=wiki")).text);
const list = async (path: string): Promise<Record<string, unknown>[]> => JSON.parse((await wiki.control(path)).text);
const search = (cql: string) =>
  `/rest/api/content/search?limit=100&expand=version,history,space&cql=${encodeURIComponent(cql)}`;

/** Everybody in a group by what the truth says of memberships and nestings: walked here once more, on purpose. */
function everybodyIn({ memberships, nestings }: DataCenterTruth, group: string, seen = new Set<string>()): Set<string> {
  if (seen.has(group)) return new Set();
  seen.add(group);
  const inner = (nestings[group] ?? []).flatMap((each) => [
    ...everybodyIn({ memberships, nestings } as DataCenterTruth, each, seen),
  ]);
  return new Set([...(memberships[group] ?? []), ...inner]);
}

describe("the truth about an instance", () => {
  it("agrees with the memberships and nestings that the API shows", async () => {
    const { memberships, nestings, groups } = await truth();
    for (const { name } of groups.filter((each) => !each.name.includes("/"))) {
      const path = `/rest/api/group/${encodeURIComponent(name)}`;
      const members = await wiki.rows(`${path}/member`);
      const inner = await wiki.rows(`${path}/groupmember`);

      assert.deepEqual(members.map((each) => each["userKey"]).sort(), memberships[name], name);
      assert.deepEqual(inner.map((each) => String(each["name"])).sort(), nestings[name] ?? [], name);
    }
  });

  it("knows whose access the groups with a slash give, as the users' own groups show", async () => {
    const { memberships, accounts } = await truth();
    const members: string[] = [];
    for (const { id } of accounts) {
      const groups = await wiki.rows(`/rest/api/user/memberof?key=${id}`);
      if (groups.some((each) => each["name"] === "partners/EMEA")) members.push(id);
    }

    assert.ok(members.length > 0);
    assert.deepEqual(members.sort(), memberships["partners/EMEA"]);
  });

  it("gives a seat to whoever is active and reached by a permission", async () => {
    const found = await truth();
    const inSeatGroups = new Set(found.productAccessGroups.flatMap((each) => [...everybodyIn(found, each)]));
    const direct = instanceOf(simulator, "wiki").users.find((each) => each.index % 24 === 5);

    const expected = found.accounts.filter(
      (each) => each.state === "active" && (inSeatGroups.has(each.id) || each.id === direct?.userKey),
    );
    assert.deepEqual(
      found.accounts.filter((each) => each.holdsSeat).map((each) => each.id),
      expected.map((each) => each.id),
    );
  });

  it("agrees with the permissions that the API shows about who reads a space", async () => {
    const found = await truth();
    for (const { key, id } of found.spaces) {
      const answer = await wiki.ask(`/rest/api/space/${encodeURIComponent(key)}/permissions`);
      const reading = JSON.parse(answer.text).filter(
        (each: { operation: unknown }) =>
          JSON.stringify(each.operation) === '{"targetType":"space","operationKey":"read"}',
      );
      const subjects: { type: string; name: string; userKey: string }[] = reading.map(
        (each: { subject: unknown }) => each.subject,
      );
      const reached = new Set(
        subjects.flatMap((each) => (each.type === "group" ? [...everybodyIn(found, each.name)] : [each.userKey])),
      );

      const readers = await wiki.control(`/truth/space-readers?site=wiki&space=${id}`);

      const expected = found.accounts.filter((each) => each.holdsSeat && reached.has(each.id)).map((each) => each.id);
      assert.deepEqual(readers.json["readers"], expected.sort(), key);
      assert.equal(
        readers.json["isAnonymous"],
        subjects.some((each) => each.type === "anonymous"),
        key,
      );
    }
  });

  it("says whose account on Cloud is the same person's", async () => {
    const { accounts } = await truth();
    const petra = accounts.find((each) => each.username === "petra");

    assert.equal(petra?.cloudAccountId, simulator.world.people[0]?.id);
    assert.equal(accounts.find((each) => each.username === "carla")?.cloudAccountId, null);
  });

  it("counts as use what people write, not what is read from the audit log", async () => {
    const seats = "/truth/seats?site=wiki";
    const quiet = (await list(seats)).filter((each) => each["status"] === "no-evidence");
    const [writer] = quiet.map((each) => String(each["accountId"]));
    await wiki.ask("/rest/auditing/1.0/events", { authorization: "Bearer sim-pat-of-carla" });
    const events = await list(`/truth/activity?site=wiki&since=${new Date(Date.now() - 3_600_000).toISOString()}`);
    await wiki.control("/change", [{ kind: "edit-page", site: "wiki", account: writer }]);

    const after = (await list(seats)).find((each) => each["accountId"] === writer);

    assert.ok(!events.some((each) => each["type"] === "Auditing"));
    assert.equal(after?.["status"], "active");
    assert.deepEqual([...new Set((await list(seats)).map((each) => each["viewedAt"]))], [null]);
  });

  it("agrees with what content search shows of contributions", async () => {
    const found = await wiki.rows(search('lastmodified >= now("-90d") order by lastmodified desc'));
    const edits = (await list("/truth/activity?site=wiki")).filter((each) => each["kind"] !== "administered");
    const shown = found.map((each) => `${String(each["id"])}.${Object(each["version"]).number}`);

    assert.ok(shown.length > 0);
    const known = new Set(edits.map((each) => each["id"]));
    assert.ok(shown.every((each) => known.has(each)));
    const [first] = found;
    assert.equal(Object(Object(first?.["version"]).by).type, "known");
  });
});

describe("content search of an instance", () => {
  it("understands names and keys of contributors", async () => {
    const [item] = await wiki.rows(search('lastmodified >= now("-90d")'));
    const by = Object(Object(item?.["version"]).by);
    const byName = await wiki.rows(search(`contributor = "${by.username}"`));
    const byKey = await wiki.rows(search(`contributor = "${by.userKey}"`));

    assert.ok(byName.length > 0);
    assert.deepEqual(byName, byKey);
  });

  it("shows only what the reader may see, and refuses what it cannot read", async () => {
    const cql = 'lastmodified >= now("-400d") and type = page';
    const [all, some] = [await wiki.rows(search(cql)), await wiki.rows(search(cql), { authorization: USER })];

    assert.ok(some.length > 0 && some.length < all.length);
    assert.equal((await wiki.ask(search("banana = 1"))).status, 400);
    assert.equal((await wiki.ask("/rest/api/search?cql=")).status, 400);
  });

  it("tells its size in a search of everything", async () => {
    const { json, results } = await wiki.ask(`/rest/api/search?limit=5&cql=${encodeURIComponent("type = blogpost")}`);

    assert.equal(results.length, 5);
    assert.ok(Number(json["totalSize"]) > 5);
    assert.equal(Object(results[0]?.["content"]).type, "blogpost");
  });
});

describe("changes of an instance", () => {
  it("reach every answer at once, and rights do not come back with a name", async () => {
    const dc = instanceOf(simulator, "wiki");
    const space = dc.spaces.find((each) => each.number % 8 === 2);
    const change = (...changes: unknown[]) => wiki.control("/change", changes);
    const groupRights = async () =>
      (await wiki.ask(`/rest/api/space/${encodeURIComponent(space?.key ?? "")}/permissions`)).text.includes(
        "R&D: Plattform/Daten",
      );
    const before = await groupRights();
    await change({ kind: "remove-group", site: "wiki", group: "R&D: Plattform/Daten" });
    const without = await groupRights();
    await change({ kind: "add-group", site: "wiki", name: "R&D: Plattform/Daten" });

    assert.deepEqual([before, without, await groupRights()], [true, false, false]);
    assert.equal((await truth()).nestings["R&D: Plattform/Daten"], undefined);
  });

  it("give and take back a seeded right", async () => {
    const dc = instanceOf(simulator, "wiki");
    const space = dc.spaces[5]?.key ?? "";
    const isOpen = async () =>
      (await wiki.control(`/truth/space-readers?site=wiki&space=${encodeURIComponent(space)}`)).json["isAnonymous"];
    const before = await isOpen();
    await wiki.control("/change", [{ kind: "revoke", site: "wiki", space, key: "read", target: "space" }]);
    const closed = await isOpen();
    await wiki.control("/change", [{ kind: "grant", site: "wiki", space, key: "VIEWSPACE" }]);

    assert.deepEqual([before, closed, await isOpen()], [true, false, true]);
  });

  it("are refused in words when they make no sense", async () => {
    const nobody = await wiki.control("/change", [{ kind: "deactivate", site: "wiki", account: "nobody" }]);
    const cloud = await wiki.control("/change", [{ kind: "set-edition", site: "wiki", edition: "free" }]);
    const nowhere = await wiki.control("/change", [{ kind: "add-group", site: "nowhere", name: "x" }]);

    assert.match(nobody.text, /The instance knows no user nobody/);
    assert.match(cloud.text, /is for sites of Cloud/);
    assert.match(nowhere.text, /There is no site nowhere/);
  });
});

describe("the seed of an instance", () => {
  it("gives the same instance twice, and other ones to other seeds", async () => {
    const again = await startSimulator({ scale: "small", seed: 9 });
    const other = await startSimulator({ scale: "small", seed: 10 });
    const [same, different] = [instanceOf(again, "legacy"), instanceOf(other, "legacy")];
    await again.close();
    await other.close();

    assert.deepEqual(same.users, instanceOf(simulator, "legacy").users);
    assert.notDeepEqual(
      different.users.map((each) => each.userKey),
      same.users.map((each) => each.userKey),
    );
  });
});
