import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { type Simulator, startSimulator } from "../server.ts";
import { basic } from "../testing.ts";
import { ADMIN_PASSWORD, CONFLUENCE_ADMIN, type InstanceAsker, instanceAsker, USER } from "./testing.ts";

const clock = manualClock(new Date("2026-11-21T12:00:00Z"));
let simulator: Simulator;
let wiki: InstanceAsker;
let legacy: InstanceAsker;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 2, clock });
  wiki = instanceAsker(simulator, "wiki");
  legacy = instanceAsker(simulator, "legacy");
});

afterEach(() => wiki.control("/faults", []));
after(() => simulator.close());

const CURRENT = "/rest/api/user/current";
const limit = (rateLimit: Record<string, number>) =>
  wiki.control("/change", [{ kind: "set-data-center", site: "wiki", settings: { rateLimit } }]);

describe("credentials of an instance", () => {
  it("are tokens and passwords, of which /__sim/credentials tells", async () => {
    const { dataCenter } = (await wiki.control("/credentials")).json;
    const { personalAccessTokens, passwords } = Object(dataCenter);

    assert.deepEqual(
      personalAccessTokens.map((each: { name: string }) => each.name),
      ["dc-admin", "dc-confluence-admin", "dc-user"],
    );
    for (const { username, token } of personalAccessTokens)
      assert.equal((await wiki.ask(CURRENT, { authorization: `Bearer ${token}` })).json["username"], username);
    for (const { username, password } of passwords)
      assert.equal(
        (await legacy.ask(CURRENT, { authorization: basic(username, password) })).json["username"],
        username,
      );
  });

  it("T12: when wrong are answered 401 in HTML with the reason in a header", async () => {
    const token = await wiki.ask(CURRENT, { authorization: "Bearer wrong" });
    const password = await wiki.ask(CURRENT, { authorization: basic("petra", "wrong") });

    for (const answer of [token, password]) {
      assert.equal(answer.status, 401);
      assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
      assert.equal(answer.headers.get("x-seraph-loginreason"), "AUTHENTICATED_FAILED");
    }
  });

  it("end with their owner", async () => {
    await wiki.control("/change", [{ kind: "deactivate", site: "wiki", account: "rita" }]);
    const during = await wiki.ask(CURRENT, { authorization: USER });
    await wiki.control("/change", [{ kind: "reactivate", site: "wiki", account: "rita" }]);

    assert.deepEqual([during.status, (await wiki.ask(CURRENT, { authorization: USER })).status], [401, 200]);
  });

  it("of a system administrator and of a Confluence administrator open administration, those of a user do not", async () => {
    const active = "/rest/api/admin/users/list/active";
    const statuses = [];
    for (const authorization of [ADMIN_PASSWORD, CONFLUENCE_ADMIN, USER])
      statuses.push((await wiki.ask(active, { authorization })).status);

    assert.deepEqual(statuses, [200, 200, 403]);
  });

  it("can be told apart by faults", async () => {
    await wiki.control("/faults", [{ kind: "forbidden-as-500", credential: "personal-access-token", site: "wiki" }]);

    assert.equal((await wiki.ask("/rest/auditing/1.0/events", { authorization: USER })).status, 500);
    assert.equal((await legacy.ask("/rest/auditing/1.0/events", { authorization: USER })).status, 403);
  });
});

describe("addresses of an instance", () => {
  it("are told by /__sim/info", async () => {
    const { dataCenters } = (await wiki.control("/info")).json;

    assert.deepEqual(dataCenters, [
      { name: "wiki", baseUrl: `${simulator.url}/dc/wiki/confluence`, version: "10.0.3", contextPath: "/confluence" },
      { name: "legacy", baseUrl: `${simulator.url}/dc/legacy`, version: "8.5.4", contextPath: "" },
    ]);
  });

  it("need the context path", async () => {
    const response = await fetch(`${simulator.url}/dc/wiki${CURRENT}`);

    assert.equal(response.status, 404);
    assert.match(await response.text(), /Apache Tomcat/);
  });

  it("T57: of another version of an API lead to the log-in page", async () => {
    const answer = await wiki.ask("/rest/api/2.0/user/current");

    assert.equal(answer.status, 302);
    assert.match(answer.headers.get("location") ?? "", /\/dc\/wiki\/confluence\/login\.action\?os_destination=/);
  });

  it("tell the version", async () => {
    const [one, other] = [
      await wiki.ask("/rest/api/server-information"),
      await legacy.ask("/rest/api/server-information"),
    ];

    assert.deepEqual([one.json["version"], other.json["version"]], ["10.0.3", "8.5.4"]);
    assert.equal(one.json["baseUrl"], `${simulator.url}/dc/wiki/confluence`);
  });

  it("tell seats by the license too", async () => {
    const count = async (name: string) => Number((await wiki.ask(`/rest/license/1.0/license/${name}`)).json["count"]);
    const metrics = await wiki.ask("/rest/api/instance-metrics");

    assert.equal(await count("userCount"), metrics.json["users"]);
    assert.equal((await count("maxUsers")) - (await count("userCount")), await count("remainingSeats"));
  });
});

describe("rate limits of an instance", () => {
  it("are a bucket for each user, told in headers and filled as time goes by", async () => {
    await limit({ limit: 2, fillRate: 1, intervalSeconds: 60 });
    const statuses = [];
    for (let each = 0; each < 3; each++) statuses.push((await wiki.ask(CURRENT)).status);
    const refused = await wiki.ask(CURRENT);
    const other = await wiki.ask(CURRENT, { authorization: USER });
    clock.moveBy(60_000);
    const later = await wiki.ask(CURRENT);
    await limit({});

    assert.deepEqual(statuses, [200, 200, 429]);
    assert.deepEqual([other.status, later.status], [200, 200]);
    assert.deepEqual(refused.json, { message: "Rate limit exceeded." });
    const headers = ["limit", "remaining", "fillrate", "interval-seconds"].map((each) =>
      refused.headers.get(`x-ratelimit-${each}`),
    );
    assert.deepEqual([...headers, refused.headers.get("retry-after")], ["2", "0", "1", "60", "60"]);
    assert.equal(later.headers.get("retry-after"), "0");
  });

  it("T31: of nothing at all are a block", async () => {
    await limit({ limit: 0 });
    const blocked = await wiki.ask(CURRENT);
    await limit({});

    assert.equal(blocked.status, 429);
    assert.equal(blocked.headers.get("retry-after"), "9223372036854775807");
  });

  it("T14: may be said with 403", async () => {
    await wiki.control("/faults", [{ kind: "rate-limited", site: "wiki", status: 403 }]);

    const [first, second] = [await wiki.ask(CURRENT), await wiki.ask(CURRENT)];

    assert.deepEqual([first.status, second.status], [403, 200]);
    assert.deepEqual([first.headers.get("retry-after"), first.headers.get("x-ratelimit-remaining")], ["1", "0"]);
  });
});

describe("settings of an instance", () => {
  it("are refused in words when there is no such setting", async () => {
    const unknown = await wiki.control("/change", [{ kind: "set-data-center", site: "wiki", settings: { colour: 1 } }]);
    const elsewhere = await wiki.control("/change", [{ kind: "set-data-center", site: "acme", settings: {} }]);

    assert.match(unknown.text, /There is no setting colour/);
    assert.match(elsewhere.text, /is for instances of Data Center/);
  });

  it("can be given at the start", async () => {
    const other = await startSimulator({ scale: "small", seed: 2, dataCenter: { nestedMembers: true } });
    const members = await instanceAsker(other, "legacy").rows("/rest/api/group/licensed-partners/member");
    await other.close();

    assert.ok(members.length > 0);
  });
});
