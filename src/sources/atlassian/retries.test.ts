import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { silentLog } from "../../lib/log.ts";
import {
  CLOUD_ID,
  credential,
  failureOf,
  NEVER,
  openScripted,
  pageOf,
  type ScriptedAnswer,
  scriptedServers,
} from "../testing/scripted-atlassian.ts";

const serve = scriptedServers();
const GROUP = { id: "g1", name: "R&D: a/b" };
const okay = () => pageOf([GROUP]);

describe("a rate limit", () => {
  it("is waited out as long as Retry-After says, in seconds", async () => {
    const atlassian = await serve((_, count) =>
      count === 1 ? { status: 429, headers: { "retry-after": "42" }, json: {} } : okay(),
    );
    const { site, clock, events } = openScripted(atlassian);
    const before = clock.now().getTime();

    await site.readGroups(null, NEVER);

    assert.equal(clock.now().getTime() - before, 42_000);
    assert.deepEqual(
      events.map((each) => (each.kind === "wait" ? each.reason : each.status)),
      [429, "rate-limited", 200],
    );
  });

  it("is waited out until the date that Retry-After names", async () => {
    const retryAfter = "Wed, 04 Mar 2026 05:08:07 GMT";
    const atlassian = await serve((_, count) =>
      count === 1 ? { status: 503, headers: { "retry-after": retryAfter }, json: {} } : okay(),
    );
    const { site, clock } = openScripted(atlassian);

    await site.readGroups(null, NEVER);

    assert.equal(clock.now().toUTCString(), retryAfter);
  });

  it("of the hourly quota is told as such", async () => {
    const headers = { "retry-after": "600", "ratelimit-reason": "confluence-quota-global-based" };
    const atlassian = await serve((_, count) => (count === 1 ? { status: 429, headers, json: {} } : okay()));
    const { site, events } = openScripted(atlassian);

    await site.readGroups(null, NEVER);

    assert.ok(events.some((each) => each.kind === "wait" && each.reason === "quota" && each.waitMs === 600_000));
  });

  it("of one credential does not hold back another one at the same site", async () => {
    const atlassian = await serve(({ path }) =>
      path.startsWith("/api/") ? { status: 429, headers: { "retry-after": "60" }, json: {} } : okay(),
    );
    const grant = credential({ kind: "oauth", scopes: ["read:space:confluence"] });
    const token = credential({ kind: "api-token", scopes: ["read:confluence-groups"] });
    const { site, events } = openScripted(atlassian, [grant, token]);

    await failureOf(site.readSpaces(null, NEVER));
    await site.readGroups(null, NEVER);

    const held = new Set(events.flatMap((each) => (each.kind === "wait" ? [each.quota] : [])));
    assert.deepEqual([...held], [`credential ${grant.id} at ${CLOUD_ID}`]);
  });

  it("of an OAuth client's points holds back all of its sites", async () => {
    const headers = { "retry-after": "600", "ratelimit-reason": "confluence-quota-global-based" };
    const atlassian = await serve((_, count) => (count === 1 ? { status: 429, headers, json: {} } : okay()));
    const grant = credential({ kind: "oauth", scopes: ["read:confluence-groups"], clientId: "client-1" });
    const { source, site, clock, events } = openScripted(atlassian, [grant]);
    const other = source.open({
      site: { sourceKey: "another-site", baseUrl: atlassian.hosts.siteUrl("labs"), organizationId: null },
      credentials: [{ ...grant, id: "another grant of the same client" }],
      concurrencyMax: 4,
      clock,
      log: silentLog,
      observe: (event) => events.push(event),
    });
    const before = clock.now().getTime();

    await Promise.all([site.readGroups(null, NEVER), other.readGroups(null, NEVER)]);

    const held = events.flatMap((each) => (each.kind === "wait" ? [each.quota] : []));
    assert.deepEqual(new Set(held), new Set(["OAuth client client-1"]));
    assert.equal(clock.now().getTime() - before, 600_000);
  });

  it("that never ends is a block, not a wait", async () => {
    const headers = { "retry-after": "9223372036854775807" };
    const atlassian = await serve(() => ({ status: 429, headers, json: {} }));

    const failure = await failureOf(openScripted(atlassian).site.readGroups(null, NEVER));

    assert.equal(failure.code, "source.blocked");
    assert.equal(atlassian.requests.length, 1);
  });

  it("without a named wait is tried again from 5 s on, and given up after four times", async () => {
    const atlassian = await serve(() => ({ status: 429, json: { code: 429, message: "Rate limit exceeded" } }));
    const { site, clock } = openScripted(atlassian);
    const before = clock.now().getTime();

    const failure = await failureOf(site.readGroups(null, NEVER));

    assert.equal(failure.code, "source.rate-limited");
    assert.equal(atlassian.requests.length, 5);
    assert.equal(clock.now().getTime() - before, 5_000 + 10_000 + 20_000 + 30_000);
  });
});

describe("an answer that is a passing fault", () => {
  const faults: Record<string, ScriptedAnswer> = {
    "a 502": { status: 502, text: "Bad Gateway" },
    "a 500": { status: 500, json: { message: "oops" } },
    "a dropped connection": { drop: "before" },
    "a connection dropped in the body": { ...okay(), drop: "in-body" },
    "truncated JSON": { text: '{"results":[{"id":"g1","na', headers: { "content-type": "application/json" } },
  };
  for (const [name, fault] of Object.entries(faults)) {
    it(`is tried again: ${name}`, async () => {
      const atlassian = await serve((_, count) => (count <= 2 ? fault : okay()));
      const { site, events } = openScripted(atlassian);

      const { rows } = await site.readGroups(null, NEVER);

      assert.equal(rows[0]?.sourceId, "g1");
      assert.equal(atlassian.requests.length, 3);
      assert.deepEqual(
        events.flatMap((each) => (each.kind === "request" ? [each.attempt] : [])),
        [1, 2, 3],
      );
    });
  }

  it("is tried again when no answer comes within a minute", async (test) => {
    test.mock.timers.enable({ apis: ["setTimeout"] });
    const atlassian = await serve(okay);
    let calls = 0;
    const silent: typeof fetch = (input, init) => {
      calls += 1;
      if (calls > 1) return fetch(input, init);
      setImmediate(() => test.mock.timers.tick(60_000));
      return new Promise((_, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      });
    };

    const { rows } = await openScripted(atlassian, undefined, { fetch: silent }).site.readGroups(null, NEVER);

    assert.equal(calls, 2);
    assert.equal(rows.length, 1);
  });

  it("is not one when the answer is larger than any page can be", async () => {
    const atlassian = await serve(() => ({ text: " ".repeat(33 * 1024 * 1024) }));

    const failure = await failureOf(openScripted(atlassian).site.readGroups(null, NEVER));

    assert.equal(failure.code, "source.unexpected-answer");
    assert.equal(atlassian.requests.length, 1);
  });

  it("is given up after four retries, as unreachable", async () => {
    const atlassian = await serve(() => ({ drop: "before" }));

    const failure = await failureOf(openScripted(atlassian).site.readGroups(null, NEVER));

    assert.equal(failure.code, "source.unreachable");
    assert.equal(atlassian.requests.length, 5);
  });
});
