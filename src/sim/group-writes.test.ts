import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { type ManualClock, manualClock } from "../lib/clock.ts";
import { type Simulator, startSimulator } from "./server.ts";
import {
  acmeOf,
  ADMIN_TOKEN,
  type Answer,
  type Asker,
  asker,
  GROUPS_TOKEN,
  READER_TOKEN,
  SCOPED_TOKEN,
} from "./testing.ts";
import { ADMIN, type Account } from "./world/people.ts";
import { EVERYBODY, type Group, memberPosition, PLATFORM } from "./world/groups.ts";
import { seatsNow } from "./world/seat-count.ts";
import { groupsOf, holdsSeat } from "./world/world.ts";

let simulator: Simulator;
let ask: Asker;
let clock: ManualClock;

before(async () => {
  clock = manualClock(new Date("2026-11-21T12:00:00Z"));
  simulator = await startSimulator({ scale: "small", seed: 6, limits: "off", clock });
  ask = asker(simulator);
});

beforeEach(async () => {
  await ask.control("/faults", []);
  await ask.control("/writes", {});
});
after(() => simulator.close());

const MEMBERS = "/rest/api/group/userByGroupId";

function groupAt(place: number): Group {
  const group = acmeOf(simulator).groups[place];
  assert.ok(group);
  return group;
}

/** Somebody who holds a seat by the group of everybody and by no other. */
function seatOfOneGroup(): Account {
  const site = acmeOf(simulator);
  const found = site.people.find(
    (each) =>
      each.index > 1 && holdsSeat(site, each) && groupsOf(site, each.index).filter((group) => group.role).length === 1,
  );
  assert.ok(found);
  return found;
}

const add = (group: Group, account: Account, authorization = ADMIN_TOKEN) =>
  ask.site(`${MEMBERS}?groupId=${group.id}`, { body: { accountId: account.id }, authorization });
const remove = (group: Group, account: Account) =>
  ask.site(`${MEMBERS}?groupId=${group.id}&accountId=${encodeURIComponent(account.id)}`, { method: "DELETE" });
const isMember = (group: Group, account: Account) => memberPosition(group.members, account.index) >= 0;
const idsOf = ({ results }: Answer) => results.map((each) => each["accountId"]);
const shownMembers = async (group: Group) =>
  idsOf(await ask.site(`/rest/api/group/${group.id}/membersByGroupId?limit=200`));

async function writes(): Promise<Record<string, unknown>[]> {
  return JSON.parse((await ask.control("/writes")).text);
}

describe("writing groups by Confluence's own API", () => {
  it("takes a seat away and gives it back, and every truth follows", async () => {
    const account = seatOfOneGroup();
    const everybody = groupAt(EVERYBODY);
    const seats = async () => (await ask.control("/truth/seats")).text.includes(account.id);
    const operations = async () =>
      (await ask.site(`/rest/api/user?accountId=${encodeURIComponent(account.id)}&expand=operations`)).json[
        "operations"
      ];

    await remove(everybody, account);
    const without = [await seats(), await operations(), (await shownMembers(everybody)).includes(account.id)];
    const audit = (await ask.site("/rest/api/audit?limit=1")).results[0];
    await add(everybody, account);

    assert.deepEqual(without, [false, [], false]);
    assert.equal(audit?.["summary"], "User removed from group");
    assert.deepEqual(audit?.["associatedObjects"], [{ name: account.displayName, objectType: "User" }]);
    assert.equal(await seats(), true);
  });

  it("makes and removes groups, and takes no name twice", async () => {
    const made = await ask.site("/rest/api/group", { body: { name: "seats: to give / back" } });
    const twice = await ask.site("/rest/api/group", { body: { name: "Seats: to give / back" } });
    const nameless = await ask.site("/rest/api/group", { body: { name: " " } });
    const id = String(made.json["id"]);
    const removed = await ask.site(`/rest/api/group/by-id?id=${id}`, { method: "DELETE" });
    const again = await ask.site(`/rest/api/group/by-id?id=${id}`, { method: "DELETE" });

    assert.equal(made.json["name"], "seats: to give / back");
    assert.deepEqual(
      [made, twice, nameless, removed, again].map((each) => each.status),
      [201, 400, 400, 204, 404],
    );
  });

  it("refuses what names nobody, what a token may not, and what another directory manages", async () => {
    const account = seatOfOneGroup();
    const platform = groupAt(PLATFORM);
    const synced = acmeOf(simulator).groups.find((each) => each.managedBy === "EXTERNAL" && each.members.length > 0);
    const nobody = { ...account, id: "nobody" };
    const nowhere = { ...platform, id: "nowhere" };
    assert.ok(synced);

    const scope = await ask.gateway(`${MEMBERS}?groupId=${platform.id}`, {
      body: { accountId: account.id },
      authorization: GROUPS_TOKEN,
    });
    const groupsScope = await ask.gateway("/rest/api/group", { body: { name: "x" }, authorization: SCOPED_TOKEN });
    const statuses = [
      await add(platform, account, READER_TOKEN),
      await add(platform, nobody),
      await add(nowhere, account),
      await ask.site(`${MEMBERS}?groupId=${platform.id}`, { body: {} }),
      await add(synced, account),
      await remove(synced, account),
      await remove(platform, nobody),
      await ask.site(`/rest/api/group/by-id?id=${synced.id}`, { method: "DELETE" }),
    ].map((each) => each.status);

    assert.deepEqual(scope.json, { code: 401, message: "Unauthorized; scope does not match" });
    assert.equal(groupsScope.status, 201);
    assert.deepEqual(statuses, [403, 404, 404, 400, 403, 403, 404, 403]);
    assert.ok((await writes()).every((each) => each["effect"] === "refused" || each["write"] === "add-group"));
  });

  it("T70: gives no seat past the license, and none is needed by who has one", async () => {
    const site = acmeOf(simulator);
    const account = seatOfOneGroup();
    const holder = site.people.find((each) => each.index !== account.index && each.index > 1 && holdsSeat(site, each));
    assert.ok(holder);
    const everybody = groupAt(EVERYBODY);
    const platform = groupAt(PLATFORM);
    await remove(everybody, account);
    await ask.control("/change", [{ kind: "set-seats-max", seats: seatsNow(site) }]);

    const full = await add(everybody, account);
    const held = await add(platform, holder);
    await ask.control("/change", [{ kind: "set-seats-max", seats: seatsNow(site) + 1 }]);
    const roomy = await add(everybody, account);

    assert.deepEqual([full.status, held.status, roomy.status], [400, 201, 201]);
    assert.match(String(full.json["message"]), /user limit/);
  });
});

describe("the account of writes", () => {
  it("says who wrote what when, whether it took effect, and how often it came", async () => {
    const account = seatOfOneGroup();
    const platform = groupAt(PLATFORM);

    await add(platform, account);
    await add(platform, account);
    await remove(platform, account);
    clock.moveBy(60_000);
    await add(platform, account);
    await remove(platform, account);

    const rows = await writes();
    assert.deepEqual(
      rows.map((each) => [each["write"], each["effect"], each["status"], each["times"], each["timesChanged"]]),
      [
        ["add-member", "changed", 201, 1, 1],
        ["add-member", "nothing", 201, 2, 1],
        ["remove-member", "changed", 204, 1, 1],
        ["add-member", "changed", 201, 3, 2],
        ["remove-member", "changed", 204, 2, 2],
      ],
    );
    const { at, site, group, account: whom, credential, caller, method } = rows[3] ?? {};
    assert.deepEqual(
      [at, site, group, whom, credential, caller, method],
      [clock.now().toISOString(), "acme", platform.id, account.id, "classic-token", "token:classic-admin", "POST"],
    );
  });

  it("T68: tells a change without an answer from one that was never reached", async () => {
    const account = seatOfOneGroup();
    const platform = groupAt(PLATFORM);
    const strike = (kind: string, more = {}) => ask.control("/faults", [{ kind, path: "userByGroupId", ...more }]);

    await strike("reset-before");
    await assert.rejects(add(platform, account));
    await strike("reset-after");
    await assert.rejects(add(platform, account));
    await strike("status-after", { status: 500 });
    const failed = await remove(platform, account);
    await strike("status", { status: 409 });
    const conflict = await add(platform, account);

    assert.deepEqual([failed.status, conflict.status, isMember(platform, account)], [500, 409, false]);
    assert.deepEqual(
      (await writes()).map((each) => [each["write"], each["effect"], each["status"]]),
      [
        ["add-member", "not-reached", null],
        ["add-member", "changed", null],
        ["remove-member", "changed", 500],
        ["add-member", "not-reached", 409],
      ],
    );
  });
});

describe("what goes wrong with writes", () => {
  it("T69: keeps silent after the change, until the client gives up", async () => {
    const account = seatOfOneGroup();
    const platform = groupAt(PLATFORM);
    await ask.control("/faults", [{ kind: "hang-after", path: "userByGroupId" }]);

    await assert.rejects(
      fetch(`${simulator.url}/site/acme/wiki${MEMBERS}?groupId=${platform.id}`, {
        method: "POST",
        headers: { authorization: ADMIN_TOKEN },
        body: JSON.stringify({ accountId: account.id }),
        signal: AbortSignal.timeout(200),
      }),
      { name: "TimeoutError" },
    );

    assert.equal(isMember(platform, account), true);
    await remove(platform, account);
  });

  it("T67: shows a change to reads only after a while, and to the truth at once", async () => {
    const account = seatOfOneGroup();
    const everybody = groupAt(EVERYBODY);
    await ask.control("/faults", [{ kind: "late-effect", path: "userByGroupId" }]);
    const memberOf = async () =>
      (await ask.site(`/rest/api/user/memberof?accountId=${encodeURIComponent(account.id)}`)).results.length;
    const before = await memberOf();

    await remove(everybody, account);
    const early = [(await shownMembers(everybody)).includes(account.id), (await memberOf()) === before];
    const truth = (await ask.control("/truth/seats")).text.includes(account.id);
    clock.moveBy(29_999);
    const stillEarly = (await shownMembers(everybody)).includes(account.id);
    clock.moveBy(1);
    const late = [(await shownMembers(everybody)).includes(account.id), (await memberOf()) === before - 1];
    await ask.control("/faults", []);
    await add(everybody, account);

    assert.deepEqual([early, truth, stillEarly, late], [[true, true], false, true, [false, true]]);
    assert.equal((await shownMembers(everybody)).includes(account.id), true);
  });

  it("strikes a share of the requests, the same ones in every run", async () => {
    const platform = groupAt(PLATFORM);
    const stranger = acmeOf(simulator).people[ADMIN];
    assert.ok(stranger);
    const run = async () => {
      await ask.control("/faults", [
        { kind: "status", status: 429, headers: { "Retry-After": "2" }, path: "userByGroupId", share: 0.3 },
      ]);
      const statuses: number[] = [];
      for (let round = 0; round < 40; round++) statuses.push((await remove(platform, stranger)).status);
      return statuses;
    };

    const [first, second] = [await run(), await run()];

    assert.deepEqual(first, second);
    const struck = first.filter((each) => each === 429).length;
    assert.ok(struck > 4 && struck < 20, String(struck));
    assert.match((await ask.control("/faults", [{ kind: "status", share: 2 }])).text, /share must be from 0 to 1/);
  });

  it("lets a group go in between", async () => {
    const account = seatOfOneGroup();
    const made = await ask.site("/rest/api/group", { body: { name: "gone in between" } });
    const group = acmeOf(simulator).groups.find((each) => each.id === made.json["id"]);
    assert.ok(group);
    await ask.control("/faults", [
      { kind: "change-before", path: "userByGroupId", changes: [{ kind: "remove-group", group: group.id }] },
    ]);

    const gone = await add(group, account);

    assert.equal(gone.status, 404);
    assert.equal((await writes()).at(-1)?.["effect"], "refused");
  });
});
