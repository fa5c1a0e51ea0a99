import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { parseFaultRules } from "./faults.ts";
import { type Simulator, startSimulator } from "./server.ts";
import { acmeOf, type Asker, asker, basic } from "./testing.ts";
import { CHANGE_KINDS } from "./control/changes.ts";
import { TRAPS } from "./traps.ts";

let simulator: Simulator;
let ask: Asker;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 4, limits: "off" });
  ask = asker(simulator);
});

afterEach(() => ask.control("/faults", []));
after(() => simulator.close());

const set = (...rules: object[]) => ask.control("/faults", rules);

describe("fault schedule", () => {
  it("strikes the named page as often as it says, and no other", async () => {
    await set({
      kind: "status",
      status: 503,
      path: "/wiki/rest/api/search/user",
      query: { start: "100" },
      times: 2,
      headers: { "Retry-After": "1" },
    });
    const page = (start: number) => ask.site(`/rest/api/search/user?cql=type=user&limit=50&start=${start}`);

    const answers = [await page(50), await page(100), await page(100), await page(100)];

    assert.deepEqual(
      answers.map((each) => each.status),
      [200, 503, 503, 200],
    );
    assert.equal(answers[1]?.headers.get("retry-after"), "1");
    const [rule] = JSON.parse((await ask.control("/faults")).text);
    assert.deepEqual([rule.met, rule.struck], [3, 2]);
  });

  it("drops the connection before or after the change was made", async () => {
    const { groups, accounts, people } = acmeOf(simulator);
    const group = groups.find((each, index) => index > 5 && each.managedBy === "ADMINS");
    const outsider = people[accounts.find((index) => !group?.members.includes(index)) ?? 0];
    const add = () =>
      ask.site(`/rest/api/group/userByGroupId?groupId=${group?.id}`, { body: { accountId: outsider?.id } });
    const isMember = () => group?.members.includes(outsider?.index ?? -1);

    await set({ kind: "drop-before", method: "POST", path: "userByGroupId" });
    await assert.rejects(add());
    const early = isMember();
    await set({ kind: "drop-after", method: "POST", path: "userByGroupId" });
    await assert.rejects(add());

    assert.deepEqual([early, isMember()], [false, true]);
  });

  it("spoils answers: cut JSON, HTML, a foreign or endless next link, an empty page that goes on", async () => {
    const first = async (kind: string) => {
      await set({ kind, path: "/wiki/api/v2/spaces$" });
      return ask.site("/api/v2/spaces?limit=10");
    };

    const cut = await first("truncate-json");
    assert.throws(() => JSON.parse(cut.text), SyntaxError);
    assert.match((await first("html")).headers.get("content-type") ?? "", /text\/html/);
    assert.match((await first("foreign-next")).next ?? "", /^https:\/\/attacker\.example\/wiki\/api\/v2\/spaces/);
    const endless = await first("endless-cursor");
    assert.equal((await ask.site((endless.next ?? "").replace("/wiki", ""))).next, endless.next);
    const empty = await first("empty-page-with-next");
    assert.deepEqual([empty.status, empty.results], [200, []]);
    assert.ok(empty.next);
  });

  it("answers as guards of a site do: log-in page, allow-list, scope, no access", async () => {
    const first = async (kind: string) => {
      await set({ kind, path: "/wiki/rest/api/group$" });
      return ask.site("/rest/api/group");
    };

    assert.equal((await first("login-redirect")).status, 302);
    assert.equal((await first("ip-allowlist")).status, 403);
    assert.deepEqual((await first("scope-missing")).json, { code: 401, message: "Unauthorized; scope does not match" });
    assert.equal((await first("no-site-access")).text, "Current user not permitted to use Confluence");
  });

  it("changes the world in mid-listing", async () => {
    const { groups } = acmeOf(simulator);
    const group = groups.at(-1);
    await set({
      kind: "change-after",
      path: "/wiki/rest/api/group$",
      nth: 1,
      changes: [{ kind: "remove-group", group: group?.id }],
    });

    const first = await ask.site("/rest/api/group?limit=10");
    const second = await ask.site("/rest/api/group?limit=10&start=10");

    assert.equal(first.results.length + second.results.length, 19);
    assert.ok(!second.text.includes(group?.id ?? "-"));
  });

  it("lets a credential see less, roles vanish, an edition lapse", async () => {
    await set({ kind: "weaker-credential", path: "/wiki/api/v2/spaces" }, { kind: "roles-404", path: "/space-roles" });
    const spaces = await ask.site("/api/v2/spaces?limit=250");
    const hidden = await ask.site(`/api/v2/spaces/${acmeOf(simulator).spaces[1]?.id}`);
    const roles = await ask.site("/api/v2/space-roles", { siteName: "acme-labs" });
    const mode = await ask.site("/api/v2/space-role-mode", { siteName: "acme-labs" });
    await ask.control("/change", [{ kind: "set-edition", edition: "free" }]);
    const audit = await ask.site("/rest/api/audit");
    await ask.control("/change", [{ kind: "set-edition", edition: "standard" }]);

    assert.equal(spaces.results.length, 25);
    assert.equal(hidden.status, 404);
    assert.equal(roles.status, 404);
    assert.deepEqual(mode.json, { mode: "ROLES" });
    assert.equal(audit.status, 403);
  });

  it("cuts a user search at the number that it is told, as Atlassian does at 10,000", async () => {
    await set({ kind: "user-search-cap", amount: 60 });
    const last = await ask.site("/rest/api/search/user?cql=type=user&limit=50&start=50&sitePermissionTypeFilter=all");

    assert.deepEqual([last.results.length, last.next], [10, null]);
  });

  it("ends every access token at once", async () => {
    await set({ kind: "expire-token", path: "/wiki/rest/api/group$" });
    const answer = await ask.site("/rest/api/group");

    assert.deepEqual([answer.status, answer.json], [401, { code: 401, message: "Unauthorized" }]);
  });

  it("refuses a schedule that it does not understand, in words", async () => {
    assert.throws(() => parseFaultRules({}), /a list of rules/);
    assert.throws(() => parseFaultRules([{ kind: "meteor" }]), /Rule 1: kind must be one of/);
    assert.throws(() => parseFaultRules([{ kind: "html", path: "(" }]), /Rule 1: Invalid regular expression/);
    const answer = await ask.control("/faults", [{ kind: "meteor" }]);
    assert.equal(answer.status, 400);
  });

  it("T10: says 401 in plain text to a wrong token", async () => {
    const answer = await ask.site("/rest/api/group", { authorization: basic("petra@acme.example", "wrong") });

    assert.equal(answer.status, 401);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/plain/);
  });
});

describe("the list of traps", () => {
  it("numbers each once, without a gap", () => {
    assert.deepEqual(
      TRAPS.map((each) => each.id),
      TRAPS.map((_, index) => `T${index + 1}`),
    );
  });

  it("says of each how it is set, in rules and changes that are understood", () => {
    for (const { id, set } of TRAPS) {
      if (set.by === "change")
        assert.ok(
          CHANGE_KINDS.some((each) => each === set.change.kind),
          id,
        );
      if (set.by === "fault") assert.equal(parseFaultRules([set.rule]).length, 1, id);
    }
  });
});
