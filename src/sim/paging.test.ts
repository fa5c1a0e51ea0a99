import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "./server.ts";
import { acmeOf, type Answer, type Asker, asker, labsOf, READER_TOKEN } from "./testing.ts";

let simulator: Simulator;
let ask: Asker;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 2, limits: "off" });
  ask = asker(simulator);
});

after(() => simulator.close());

/** Every row of a listing on the site host, by following its own end mark. */
async function everyRow(first: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let path: string | null = first;
  for (let page = 0; path !== null && page < 100; page++) {
    const answer: Answer = await ask.site(path);
    assert.equal(answer.status, 200, answer.text);
    rows.push(...answer.results);
    path = answer.next === null ? null : answer.next.replace(/^\/wiki/, "");
  }
  return rows;
}

const group = (number: number) => acmeOf(simulator).groups[number]?.id ?? "";

describe("a company of exactly 10,000 accounts", () => {
  it("T30: shows all of them in a user search, as a company of more would", async () => {
    for (const accounts of [10_000, 10_100]) {
      const full = await startSimulator({ scale: "small", accounts, limits: "off" });
      const last = await asker(full).site(
        "/rest/api/search/user?cql=type=user&limit=200&start=9800&sitePermissionTypeFilter=all",
      );
      await full.close();

      assert.deepEqual([last.results.length, last.next], [200, null]);
    }
  });
});

describe("listings", () => {
  it("show every account, each once, whatever the page size (user search)", async () => {
    const rows = await everyRow("/rest/api/search/user?cql=type=user&limit=33&sitePermissionTypeFilter=all");
    const ids = rows.map((each) => Reflect.get(Object(each["user"]), "accountId"));

    assert.equal(new Set(ids).size, 200);
    assert.deepEqual(
      ids,
      simulator.world.people.map((each) => each.id),
    );
  });

  it("T7: give the page's size as totalSize of a user search", async () => {
    const answer = await ask.site("/rest/api/search/user?cql=type=user&limit=10&sitePermissionTypeFilter=all");

    assert.equal(answer.json["totalSize"], 10);
    assert.match(answer.next ?? "", /^\/rest\/api\/search\/user\?.*start=10/);
  });

  it("T35: leave guests out of a user search unless all are asked for", async () => {
    const rows = (filter: string) => everyRow(`/rest/api/search/user?cql=type=user&limit=200${filter}`);
    const isGuest = (row: Record<string, unknown>) => Reflect.get(Object(row["user"]), "isGuest") === true;

    const licensed = await rows("");
    const guests = await rows("&sitePermissionTypeFilter=externalCollaborator");

    assert.ok(
      !licensed.some(isGuest) && licensed.some((each) => Reflect.get(Object(each["user"]), "accountType") === "app"),
    );
    assert.ok(guests.length > 0 && guests.every(isGuest));
  });

  it("T52: show an account without access by its empty operations only", async () => {
    const suspended = simulator.world.people.find((each) => each.state === "suspended");
    const id = encodeURIComponent(suspended?.id ?? "");

    const user = await ask.site(`/rest/api/user?accountId=${id}&expand=operations`);
    const status = await ask.site("/api/v2/users-bulk", { body: { accountIds: [suspended?.id, "unknown"] } });

    assert.deepEqual(user.json["operations"], []);
    assert.deepEqual(
      status.results.map((each) => each["accountStatus"]),
      ["active"],
    );
  });

  it("T5: refuse more than 200 members a page", async () => {
    assert.equal((await ask.site(`/rest/api/group/${group(0)}/membersByGroupId?limit=201`)).status, 400);
  });

  it("T6: show an empty page for a group that nobody knows", async () => {
    const answer = await ask.site("/rest/api/group/6f0d3b0e-0000-4000-a000-000000000000/membersByGroupId");

    assert.deepEqual([answer.status, answer.results, answer.next], [200, [], null]);
  });

  it("T28: drift when a row goes in mid-listing", async () => {
    const members = acmeOf(simulator).groups[0]?.members ?? new Int32Array();
    const before = Array.from(members, (index) => simulator.world.people[index]?.id);
    const path = `/rest/api/group/${group(0)}/membersByGroupId?limit=50`;

    const first = await ask.site(path);
    await ask.control("/change", [{ kind: "remove-member", account: before[0], group: group(0) }]);
    const second = await ask.site(`${path}&start=50`);
    await ask.control("/change", [{ kind: "add-member", account: before[0], group: group(0) }]);

    const seen = [...first.results, ...second.results].map((each) => each["accountId"]);
    assert.ok(!seen.includes(before[50]), "the row that moved was seen all the same");
  });

  it("T1: pass over `start` in v2 and follow the cursor", async () => {
    const plain = await ask.site("/api/v2/spaces?limit=5");
    const shifted = await ask.site("/api/v2/spaces?limit=5&start=5");
    const rows = await everyRow("/api/v2/spaces?limit=7");

    assert.deepEqual(shifted.results, plain.results);
    assert.match(plain.next ?? "", /^\/wiki\/api\/v2\/spaces\?.*cursor=/);
    assert.match(plain.headers.get("link") ?? "", /rel="next"/);
    assert.equal(new Set(rows.map((each) => each["id"])).size, 50);
  });

  it("T2: answer 400 to a cursor that is none of ours", async () => {
    const answer = await ask.site("/api/v2/spaces?cursor=bm90IG91cnM");

    assert.equal(answer.status, 400);
    assert.match(answer.text, /INVALID_REQUEST_PARAMETER/);
  });

  it("T3, T4: miss what Cloud has not", async () => {
    const spaces = await ask.site("/rest/api/space");
    const rpc = await ask.site("/rpc/json-rpc/confluenceservice-v2/getSpaces", { body: [] });

    assert.equal(spaces.status, 410);
    assert.match(spaces.text, /GoneException/);
    assert.equal(rpc.status, 404);
  });

  it("T29: show fewer spaces to a weaker account, with 200", async () => {
    const all = await ask.site("/api/v2/spaces?limit=250");
    const few = await ask.site("/api/v2/spaces?limit=250", { authorization: READER_TOKEN });

    assert.equal(few.status, 200);
    assert.ok(few.results.length > 0 && few.results.length < all.results.length, `${few.results.length} spaces`);
  });

  it("T33: carry access classes and undocumented operations in permissions", async () => {
    const rows = await everyRow(`/api/v2/spaces/${acmeOf(simulator).spaces[0]?.id}/permissions?limit=100`);
    const types = new Set(rows.map((each) => Reflect.get(Object(each["principal"]), "type")));
    const keys = new Set(rows.map((each) => Reflect.get(Object(each["operation"]), "key")));

    assert.deepEqual([...types].sort(), ["access-class", "group", "user"]);
    assert.ok(keys.has("manage_guest_users"));
  });

  it("page content by cursor, newest first, and only what was asked for", async () => {
    const cql = encodeURIComponent(
      'type in ("page","blogpost") and lastmodified >= now("-90d") order by lastmodified desc',
    );
    const rows = await everyRow(`/rest/api/content/search?cql=${cql}&limit=50&expand=version`);
    const instants = rows.map((each) => String(Reflect.get(Object(each["version"]), "when")));

    assert.ok(rows.length > 200);
    assert.deepEqual(instants, [...instants].sort().reverse());
    assert.deepEqual([...new Set(rows.map((each) => each["type"]))].sort(), ["blogpost", "page"]);
  });

  it("find what one account contributed, as creator or as editor", async () => {
    const { id } = simulator.world.people[0] ?? { id: "" };
    const rows = await everyRow(
      `/rest/api/content/search?cql=${encodeURIComponent(`contributor = "${id}"`)}&limit=200&expand=version,history`,
    );
    const took = rows.filter((each) => {
      const by = Reflect.get(Object(Reflect.get(Object(each["version"]), "by")), "accountId");
      const createdBy = Reflect.get(Object(Reflect.get(Object(each["history"]), "createdBy")), "accountId");
      return by === id || createdBy === id;
    });

    assert.ok(rows.length > 0);
    assert.equal(took.length, rows.length);
  });

  it("refuse a query that cannot be read, or begins with a negation", async () => {
    for (const cql of ["type =", "frobnicate = 1", "type != page", "lastmodified >= yesterday"]) {
      assert.equal((await ask.site(`/rest/api/content/search?cql=${encodeURIComponent(cql)}`)).status, 400, cql);
    }
  });

  it("T23: page the audit log by start until a page is empty, without a next link", async () => {
    const sizes: number[] = [];
    for (let start = 0; ; start += 300) {
      const answer = await ask.site(`/rest/api/audit?limit=300&start=${start}`);
      assert.equal(answer.next, null);
      sizes.push(answer.results.length);
      if (answer.results.length === 0) break;
    }

    assert.deepEqual(sizes, [300, 300, 200 + acmeOf(simulator).auditChanges.length, 0]);
  });

  it("show role assignments on the role site only", async () => {
    const labs = await ask.site(`/api/v2/spaces/${labsOf(simulator).spaces[0]?.id}/role-assignments?limit=250`, {
      siteName: "acme-labs",
    });
    const acme = await ask.site(`/api/v2/spaces/${acmeOf(simulator).spaces[0]?.id}/role-assignments`);

    assert.ok(labs.results.length > 10);
    assert.equal(acme.status, 404);
  });
});
