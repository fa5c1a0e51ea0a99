import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { type ManualClock, manualClock } from "../../lib/clock.ts";
import { type Simulator, startSimulator } from "../server.ts";
import { seatHolders } from "./access.ts";
import { type InstanceAsker, instanceAsker, instanceOf, USER } from "./testing.ts";

let simulator: Simulator;
let wiki: InstanceAsker;
let legacy: InstanceAsker;
let clock: ManualClock;

before(async () => {
  clock = manualClock(new Date("2026-11-21T12:00:00Z"));
  simulator = await startSimulator({ scale: "small", seed: 5, clock });
  wiki = instanceAsker(simulator, "wiki");
  legacy = instanceAsker(simulator, "legacy");
});

afterEach(async () => {
  await wiki.control("/faults", []);
  await wiki.control("/change", [{ kind: "set-data-center", site: "wiki", settings: { maxUsers: null } }]);
});
after(() => simulator.close());

const groups = (name: string) => `/rest/api/admin/group${name === "" ? "" : `/${encodeURIComponent(name)}`}`;
const remove = { method: "DELETE" };
const seatsOf = () => seatHolders(instanceOf(simulator, "wiki")).size;
const count = async (name: string) => (await wiki.ask(`/rest/license/1.0/license/${name}`)).json["count"];

describe("administration of an instance", () => {
  it("makes and removes groups, those with letters outside ASCII too", async () => {
    const made = await wiki.ask(groups(""), { body: { name: "Übergabe & mehr", type: "group" } });
    const twice = await wiki.ask(groups(""), { body: { name: "Übergabe & mehr", type: "group" } });
    const nameless = await wiki.ask(groups(""), { body: { type: "group" } });
    const reader = await wiki.ask(groups(""), { body: { name: "x" }, authorization: USER });
    const removed = await wiki.ask(groups("Übergabe & mehr"), remove);
    const gone = await wiki.ask(groups("Übergabe & mehr"), remove);

    assert.equal(made.json["name"], "Übergabe & mehr");
    assert.deepEqual(
      [made, twice, nameless, reader, removed, gone].map((each) => each.status),
      [200, 409, 400, 403, 204, 404],
    );
  });

  it("keeps the last group of administrators and the groups of a read-only directory", async () => {
    const ldap = await wiki.ask(groups("ldap-staff"), remove);
    await legacy.ask(groups("wiki-keepers"), remove);
    const last = await legacy.ask(groups("confluence-administrators"), remove);

    assert.deepEqual([ldap.status, last.status], [403, 400]);
  });

  it("makes a user with a seat, until no license is left", async () => {
    const person = { userName: "nora", fullName: "Nora New", email: "nora@acme.example", notifyViaEmail: true };
    const before = seatsOf();
    const settings = { maxUsers: before + 1 };
    await wiki.control("/change", [{ kind: "set-data-center", site: "wiki", settings }]);

    const made = await wiki.ask("/rest/api/admin/user", { body: person });
    const twice = await wiki.ask("/rest/api/admin/user", { body: person });
    const full = await wiki.ask("/rest/api/admin/user", { body: { ...person, userName: "nils" } });
    const wrong = await wiki.ask("/rest/api/admin/user", { body: { ...person, userName: "Nils Upper" } });

    assert.deepEqual([made.status, twice.status, full.status, wrong.status], [201, 409, 402, 400]);
    assert.deepEqual(Object.keys(made.json), ["userKey"]);
    assert.equal(seatsOf(), before + 1);
    assert.deepEqual(
      [await count("maxUsers"), await count("userCount"), await count("remainingSeats")],
      [before + 1, before + 1, 0],
    );
  });

  it("asks for an administrator session first where one is demanded, and changes nothing", async () => {
    await wiki.control("/writes", {});
    await wiki.control("/faults", [{ kind: "websudo", site: "wiki", path: "/rest/api/admin/" }]);

    const page = await wiki.ask("/rest/api/admin/user/rita/disable", { method: "PUT" });

    assert.equal(page.status, 200);
    assert.match(page.headers.get("content-type") ?? "", /text\/html/);
    const [write] = JSON.parse((await wiki.control("/writes")).text);
    assert.deepEqual(
      [write.site, write.write, write.account, write.effect],
      ["wiki", "deactivate", "rita", "not-reached"],
    );
  });

  it("refuses a name with a slash in the container, and says in the account of writes that nothing was done", async () => {
    await wiki.control("/writes", {});

    const answer = await wiki.ask(`/rest/api/user/rita/group/${encodeURIComponent("partners/EMEA")}`, remove);

    assert.equal(answer.status, 400);
    const [write] = JSON.parse((await wiki.control("/writes")).text);
    assert.deepEqual([write.status, write.effect], [400, "not-reached"]);
  });

  it("accounts for memberships that were written without an answer", async () => {
    await wiki.control("/writes", {});
    const path = "/rest/api/user/rita/group/wiki-keepers";
    await wiki.control("/faults", [{ kind: "reset-after", path: "/group/wiki-keepers$" }]);

    await assert.rejects(wiki.ask(path, { method: "PUT" }));
    const again = await wiki.ask(path, { method: "PUT" });
    await wiki.ask(path, remove);

    assert.equal(again.status, 204);
    const writes: Record<string, unknown>[] = JSON.parse((await wiki.control("/writes")).text);
    assert.deepEqual(
      writes.map((each) => [each["write"], each["group"], each["account"], each["status"], each["effect"]]),
      [
        ["add-member", "wiki-keepers", "rita", null, "changed"],
        ["add-member", "wiki-keepers", "rita", 204, "nothing"],
        ["remove-member", "wiki-keepers", "rita", 204, "changed"],
      ],
    );
  });

  it("shows a change to reads only after a while, and to the truth at once", async () => {
    const path = "/rest/api/user/rita/group/wiki-keepers";
    const shown = async () => {
      const { results } = await wiki.ask("/rest/api/group/wiki-keepers/member?limit=200");
      return results.some((each) => each["username"] === "rita");
    };
    const isMember = async () => {
      const truth = JSON.parse((await wiki.control("/truth?site=wiki")).text);
      const rita = instanceOf(simulator, "wiki").usersByName.get("rita");
      return truth.memberships["wiki-keepers"].includes(rita?.userKey);
    };
    await wiki.control("/faults", [{ kind: "late-effect", path: "/group/wiki-keepers$" }]);

    await wiki.ask(path, { method: "PUT" });
    const early = [await shown(), await isMember()];
    clock.moveBy(29_999);
    const stillEarly = await shown();
    clock.moveBy(1);
    const late = [await shown(), await isMember()];
    await wiki.control("/faults", []);
    await wiki.ask(path, remove);

    assert.deepEqual([early, stillEarly, late], [[false, true], false, [true, true]]);
    assert.equal(await shown(), false);
  });
});
