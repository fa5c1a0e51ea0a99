import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "../server.ts";
import { type InstanceAsker, instanceAsker, instanceOf, USER } from "./testing.ts";

let simulator: Simulator;
let wiki: InstanceAsker;
let legacy: InstanceAsker;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 4, limits: "off" });
  wiki = instanceAsker(simulator, "wiki");
  legacy = instanceAsker(simulator, "legacy");
});

afterEach(async () => {
  await wiki.control("/faults", []);
  const settings = { nestedMembers: false, absoluteLinks: false, accessMode: "READ_WRITE" };
  await wiki.control("/change", [{ kind: "set-data-center", site: "wiki", settings }]);
});

after(() => simulator.close());

const names = (rows: Record<string, unknown>[], field = "name") => rows.map((each) => String(each[field]));
const group = (name: string) => `/rest/api/group/${encodeURIComponent(name)}`;
const set = (settings: Record<string, unknown>) =>
  wiki.control("/change", [{ kind: "set-data-center", site: "wiki", settings }]);

describe("people of an instance", () => {
  it("T63: are known by name and key of 32 digits, never by an address", async () => {
    const rows = await wiki.rows("/rest/api/user/list?expand=status");

    assert.ok(rows.every((each) => /^[0-9a-f]{32}$/.test(String(each["userKey"]))));
    assert.ok(!JSON.stringify(rows).includes("@"));
    assert.deepEqual([...new Set(names(rows, "status"))].sort(), ["current", "deactivated"]);
    assert.equal(new Set(names(rows, "username")).size, rows.length);
  });

  it("are a third of the company, some written differently, and some who are only here", () => {
    const { people } = simulator.world;
    for (const name of ["wiki", "legacy"] as const) {
      const { users } = instanceOf(simulator, name);
      const shared = users.filter((each) => each.cloudIndex !== null);
      const different = shared.filter((each) => people[each.cloudIndex ?? -1]?.displayName !== each.displayName);
      const renamed = shared.filter((each) => people[each.cloudIndex ?? -1]?.email !== `${each.username}@acme.example`);

      assert.ok(Math.abs(shared.length - people.length / 3) < 15, String(shared.length));
      assert.ok(different.length > 0 && different.length < shared.length / 4);
      assert.ok(renamed.length > 0 && renamed.length < shared.length / 4);
      assert.ok(users.length > shared.length);
    }
  });

  it("are found by name and by key", async () => {
    const byName = await wiki.ask("/rest/api/user?username=rita");
    const byKey = await wiki.ask(`/rest/api/user?key=${String(byName.json["userKey"])}`);
    const nobody = await wiki.ask("/rest/api/user?username=nobody");

    assert.deepEqual(byKey.json, byName.json);
    assert.equal(nobody.status, 404);
    assert.equal(nobody.json["reason"], "Not Found");
  });

  it("are the caller's own too", async () => {
    const { json } = await wiki.ask("/rest/api/user/current", { authorization: USER });

    assert.equal(json["username"], "rita");
  });
});

describe("seats of an instance", () => {
  for (const name of ["wiki", "legacy"] as const) {
    it(`${name}: are exactly what the list of active users shows`, async () => {
      const instance = name === "wiki" ? wiki : legacy;
      const shown = await instance.rows("/rest/api/admin/users/list/active");
      const truth = JSON.parse((await instance.control(`/truth?site=${name}`)).text);
      const holders = truth.accounts.filter((each: { holdsSeat: boolean }) => each.holdsSeat);

      assert.deepEqual(names(shown, "userKey"), names(holders, "id"));
      assert.deepEqual([...new Set(names(truth.accounts, "class"))].sort(), ["deactivated", "licensed", "no-access"]);
    });
  }

  it("T58, T59: come from groups within groups, and directly", async () => {
    const shown = new Set(names(await wiki.rows("/rest/api/admin/users/list/active"), "username"));
    const { users } = instanceOf(simulator, "wiki");
    const partner = users.find((each) => each.index % 24 === 9);
    const groups = await wiki.rows(`/rest/api/user/memberof?username=${partner?.username}`);
    const permissions = await wiki.ask("/rest/api/permissions");
    const direct = JSON.parse(permissions.text).filter(
      (each: { subject: { type: string } }) => each.subject.type === "known",
    );

    assert.ok(names(groups).includes("partners/EMEA"));
    assert.ok(!names(groups).some((each) => ["confluence-users", "licensed-partners"].includes(each)));
    assert.ok(shown.has(partner?.username ?? ""));
    assert.deepEqual(
      direct.map((each: { subject: { username: string } }) => shown.has(each.subject.username)),
      [true, false],
    );
  });

  it("T62: may be shown late", async () => {
    const all = await wiki.rows("/rest/api/admin/users/list/active");
    await wiki.control("/faults", [{ kind: "stale-index" }]);

    const shown = await wiki.rows("/rest/api/admin/users/list/active");

    assert.equal(shown.length, all.length - Math.floor(all.length / 5));
  });
});

describe("groups of an instance", () => {
  it("have names with slashes, blanks, ampersands and letters outside ASCII", async () => {
    const found = names(await wiki.rows("/rest/api/group"));

    assert.deepEqual(found.slice(0, 2), ["confluence-users", "confluence-administrators"]);
    for (const letter of ["/", "&", " ", "Ü", "橋"])
      assert.ok(
        found.some((each) => each.includes(letter)),
        letter,
      );
  });

  it("T58: hold groups, in a diamond and in a circle", async () => {
    const children = async (name: string) => names(await wiki.rows(`${group(name)}/groupmember`));
    const ancestors = async (name: string) => names(await wiki.rows(`${group(name)}/groupancestor`));

    assert.deepEqual(await children("licensed-partners"), ["Partners & Friends"]);
    assert.deepEqual(await children("Partners & Friends"), ["partners/EMEA"]);
    assert.deepEqual((await ancestors("r&d interns")).sort(), ["R&D: Plattform/Daten", "r&d backend", "r&d frontend"]);
    assert.deepEqual(names(await wiki.rows(`${group("r&d interns")}/groupparent`)), ["r&d backend", "r&d frontend"]);
    assert.deepEqual(await children("Projekt Übergang"), ["プロジェクト橋"]);
    assert.deepEqual(await ancestors("Projekt Übergang"), ["プロジェクト橋"]);
  });

  it("T54: cannot be addressed when their name has a slash", async () => {
    const encoded = await wiki.ask("/rest/api/group/partners%2FEMEA/member");
    const plain = await wiki.ask("/rest/api/group/partners/EMEA/member");

    assert.equal(encoded.status, 400);
    assert.match(encoded.text, /Apache Tomcat/);
    assert.equal(plain.status, 404);
  });

  it("T55: show direct members, or those of the groups in them too", async () => {
    const direct = await wiki.rows(`${group("r&d backend")}/member`);
    await set({ nestedMembers: true });
    const all = await wiki.rows(`${group("r&d backend")}/member`);
    const partners = await wiki.rows(`${group("licensed-partners")}/member`);

    const interns = await wiki.rows(`${group("r&d interns")}/member`);
    assert.equal(all.length, direct.length + interns.length);
    assert.ok(partners.length > 0);
    const memberOf = await wiki.rows(`/rest/api/user/memberof?username=${String(partners[0]?.["username"])}`);
    assert.ok(names(memberOf).includes("licensed-partners"));
  });

  it("show their members to administrators only", async () => {
    const refused = await wiki.ask(`${group("confluence-users")}/member`, { authorization: USER });
    const unknown = await wiki.ask(`${group("nobody")}/member`);

    assert.deepEqual([refused.status, unknown.status], [403, 404]);
  });
});

describe("listings of an instance", () => {
  it("T9: are cut to the server's size while `next` counts what was asked for", async () => {
    await wiki.control("/faults", [{ kind: "page-cap", site: "wiki", amount: 20 }]);

    const first = await wiki.ask("/rest/api/user/list?limit=50");
    const second = await wiki.ask(first.next ?? "");

    assert.deepEqual([first.results.length, first.json["limit"], first.json["size"]], [20, 20, 20]);
    assert.equal(first.next, "/rest/api/user/list?limit=50&start=50");
    assert.equal(second.json["start"], 50);
    assert.equal((await wiki.rows("/rest/api/user/list?limit=50")).length, instanceOf(simulator, "wiki").users.length);
  });

  it("T9: are cut at 200 without any fault", async () => {
    const { json } = await wiki.ask("/rest/api/group?limit=1000");

    assert.equal(json["limit"], 200);
  });

  it("T64: have links relative to a base with the context path, or absolute ones", async () => {
    const relative = await wiki.ask("/rest/api/user/list?limit=1");
    await set({ absoluteLinks: true });
    const absolute = await wiki.ask("/rest/api/user/list?limit=1");

    const base = `${simulator.url}/dc/wiki/confluence`;
    const links = Object(relative.json["_links"]);
    assert.deepEqual([links.base, links.context], [base, "/confluence"]);
    assert.equal(relative.next, "/rest/api/user/list?limit=1&start=1");
    assert.equal(absolute.next, `${base}/rest/api/user/list?limit=1&start=1`);
  });

  it("T28: drift when a row goes in mid-listing, and end all the same", async () => {
    const [, , third] = await legacy.rows("/rest/api/user/list?limit=10");
    const gone = String(third?.["username"]);
    const changes = [{ kind: "remove-account", site: "legacy", account: gone }];
    await legacy.control("/faults", [
      { kind: "change-after", site: "legacy", path: "/rest/api/user/list$", query: { start: "0?" }, changes },
    ]);

    const shown = new Set(names(await legacy.rows("/rest/api/user/list?limit=10"), "username"));

    const passedOver = instanceOf(simulator, "legacy").users.filter(
      (each) => !each.isGone && !shown.has(each.username),
    );
    assert.equal(passedOver.length, 1);
  });

  it("refuse a page that is no number", async () => {
    assert.equal((await wiki.ask("/rest/api/user/list?start=-1")).status, 400);
  });
});

describe("writes to people and groups", () => {
  const membership = (name: string) => `/rest/api/user/rita/group/${encodeURIComponent(name)}`;
  const groupsOfRita = async () => names(await wiki.rows("/rest/api/user/memberof?username=rita"));

  it("add and remove a member, again without complaint", async () => {
    const path = membership("wiki-keepers");
    const added = [await wiki.ask(path, { method: "PUT" }), await wiki.ask(path, { method: "PUT" })];
    const during = await groupsOfRita();
    const removed = [await wiki.ask(path, { method: "DELETE" }), await wiki.ask(path, { method: "DELETE" })];

    assert.deepEqual(
      [...added, ...removed].map((each) => each.status),
      [204, 204, 204, 204],
    );
    assert.ok(during.includes("wiki-keepers"));
    assert.ok(!(await groupsOfRita()).includes("wiki-keepers"));
  });

  it("disable and enable a user, and the seat follows", async () => {
    const seats = async () => names(await wiki.rows("/rest/api/admin/users/list/active"), "username");
    const disabled = await wiki.ask("/rest/api/admin/user/rita/disable", { method: "PUT" });
    const during = await seats();
    const enabled = await wiki.ask("/rest/api/admin/user/rita/enable", { method: "PUT" });

    assert.deepEqual([disabled.status, enabled.status], [204, 204]);
    assert.ok(!during.includes("rita"));
    assert.ok((await seats()).includes("rita"));
  });

  it("T60: are refused by a read-only directory", async () => {
    const ldapUser = instanceOf(simulator, "wiki").users.find((each) => each.directory === "ldap");
    const member = await wiki.ask(membership("ldap-staff"), { method: "PUT" });
    const user = await wiki.ask(`/rest/api/admin/user/${ldapUser?.username}/disable`, { method: "PUT" });

    assert.deepEqual([member.status, user.status], [403, 403]);
    assert.match(member.text, /read-only/);
  });

  it("T65: answer 405 in read-only mode", async () => {
    await set({ accessMode: "READ_ONLY" });

    const answer = await wiki.ask(membership("wiki-keepers"), { method: "PUT" });

    assert.equal(answer.status, 405);
    assert.equal((await wiki.ask("/rest/api/accessmode")).text, '"READ_ONLY"');
  });

  it("are for administrators, and for names that exist", async () => {
    const path = membership("wiki-keepers");

    assert.equal((await wiki.ask(path, { method: "PUT", authorization: USER })).status, 403);
    assert.equal((await wiki.ask(membership("nobody"), { method: "PUT" })).status, 404);
    assert.equal((await wiki.ask("/rest/api/admin/user/nobody/disable", { method: "PUT" })).status, 404);
  });
});
