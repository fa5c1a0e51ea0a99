import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { type CredentialAccess, type SiteSource, SourceFailure } from "../src/sources/source.ts";
import { openInstance, PASSWORD, PAT, PAT_OF_READER } from "./support/simulated-instance.ts";
import { codeIs, NEVER, readAll, sorted } from "./support/simulated-site.ts";
import { type SimulatorProcess, startSimulator } from "./support/simulator-process.ts";

const BLOCKED = "9223372036854775807";

const accounts = (site: SiteSource) => readAll((cursor) => site.readAccounts(cursor, NEVER));
const groups = (site: SiteSource) => readAll((cursor) => site.readGroups(cursor, NEVER));
const spaces = (site: SiteSource) => readAll((cursor) => site.readSpaces(cursor, NEVER));
const ids = (rows: readonly { sourceId: string }[]) => sorted(rows.map(({ sourceId }) => sourceId));

async function permissions(site: SiteSource): Promise<string[]> {
  const rows: string[] = [];
  for (const { sourceId: spaceId } of await spaces(site)) {
    const seen = await readAll((cursor) => site.readSpacePermissions(spaceId, cursor, NEVER));
    rows.push(...seen.map(({ sourceId }) => `${spaceId} ${sourceId}`));
  }
  return sorted(rows);
}

async function members(site: SiteSource): Promise<Record<string, string[]>> {
  const members: Record<string, string[]> = {};
  for (const { sourceId } of await groups(site)) {
    members[sourceId] = ids(
      await readAll((cursor) => site.readMembers(sourceId, cursor, { withAccess: false }, NEVER)),
    );
  }
  return members;
}

async function failureOf(work: Promise<unknown>): Promise<SourceFailure> {
  const thrown = await work.catch((error: unknown) => error);
  assert.ok(thrown instanceof SourceFailure, `expected a failure, got ${String(thrown)}`);
  return thrown;
}

describe("Confluence Data Center, with its traps", () => {
  let simulator: SimulatorProcess;

  before(async () => {
    simulator = await startSimulator(["--accounts", "300"]);
  });
  after(() => simulator.close());
  beforeEach(() => simulator.setFaults([]));

  const wiki = (credentials: readonly CredentialAccess[] = [PAT]) => openInstance(simulator, "wiki", credentials);
  const legacy = (credentials: readonly CredentialAccess[] = [PAT]) => openInstance(simulator, "legacy", credentials);

  it("T9: loses no row to capped pages whose next links count the requested size", async () => {
    const truth = await simulator.truth("wiki");
    await simulator.setFaults([{ kind: "page-cap", site: "wiki", amount: 20 }]);
    const { site } = wiki();

    const rows = await accounts(site);

    assert.deepEqual(ids(rows), sorted(truth.accounts.map(({ id }) => id)));
    assert.ok(rows.every(({ hasAccess }) => hasAccess !== null));
  });

  it("T12: says what the log-in filter says of a wrong token", async () => {
    const wrong = { ...PAT, token: () => Promise.resolve("no-such-token"), renew: PAT.renew };
    const failure = await failureOf(groups(wiki([{ ...wrong, renew: wrong.token }]).site));

    assert.equal(failure.code, "source.unauthorized");
    assert.match(failure.publicMessage, /wrong, expired or revoked \(\w+\)/);
  });

  it("T14: waits where a 403 is a rate limit, and is not taken for a missing right", async () => {
    const expected = ids(await groups(wiki().site));
    await simulator.setFaults([{ kind: "rate-limited", site: "wiki", status: 403, times: 1 }]);
    const { site, events } = wiki();

    const rows = await groups(site);

    assert.deepEqual(ids(rows), expected);
    assert.ok(events.some((each) => each.kind === "wait" && each.reason === "rate-limited"));
  });

  it("T16: reads rights on spaces by JSON-RPC where there is no REST for them", async () => {
    const { site, events } = legacy();

    const rows = await permissions(site);

    assert.notEqual(rows.length, 0);
    assert.ok(rows.some((each) => each.includes(":read/space")));
    assert.ok(rows.every((each) => !/[A-Z]{5,}/.test(each.split(":").at(-1) ?? "")));
    const rest = events.filter((each) => each.kind === "request" && each.endpoint.endsWith("/permissions"));
    assert.equal(rest.length, 1);
  });

  it("T16: takes 500 for the missing right that it is", async () => {
    const { site } = wiki([PAT_OF_READER]);
    const [space] = await spaces(site);
    assert.ok(space);

    await assert.rejects(site.readProductAccessGroups("user", null, NEVER), codeIs("source.missing-role"));
    await assert.rejects(site.readSpacePermissions(space.sourceId, null, NEVER), codeIs("source.missing-role"));
  });

  it("T18: understands JSON-RPC as a bare list and as an envelope", async () => {
    const bare = await permissions(legacy().site);
    await simulator.setFaults([{ kind: "rpc-envelope", site: "legacy" }]);

    assert.deepEqual(await permissions(legacy().site), bare);
  });

  for (const name of ["wiki", "legacy"]) {
    it(`T19: sees visitors without an account in either shape, on ${name}`, async () => {
      const usual = await permissions(openInstance(simulator, name).site);
      await simulator.setFaults([{ kind: "anonymous-as-null" }]);

      const others = await permissions(openInstance(simulator, name).site);

      assert.ok(usual.some((each) => each.includes("access-class:anonymous-users:read/space")));
      assert.deepEqual(others, usual);
    });
  }

  it("T24, T56: reads the audit log to its end once each, although reading it adds to it", async () => {
    const { site } = wiki();
    const since = new Date(Date.now() - 90 * 86_400_000);

    const events = await readAll((cursor) => site.readAuditEvents(since, cursor, NEVER));

    assert.ok(events.some(({ change }) => change === "member-added"));
    assert.equal(new Set(events.map(({ eventId }) => eventId)).size, events.length);
    const again = await readAll((cursor) => site.readAuditEvents(since, cursor, NEVER));
    assert.deepEqual(again, events);
  });

  it("T31: says that an account is blocked, and does not wait for ever", async () => {
    await simulator.setFaults([{ kind: "rate-limited", site: "wiki", headers: { "retry-after": BLOCKED } }]);

    const failure = await failureOf(groups(wiki().site));

    assert.equal(failure.code, "source.blocked");
  });

  it("T53: says how to get past a secure administrator session", async () => {
    await simulator.setFaults([{ kind: "websudo", path: "/rpc/json-rpc/" }]);
    const { site } = legacy([PASSWORD]);
    const [space] = await spaces(site);

    const failure = await failureOf(site.readSpacePermissions(space?.sourceId ?? "", null, NEVER));

    assert.equal(failure.code, "source.missing-role");
    assert.match(failure.fix, /personal access token.*secure administrator sessions/);
  });

  it("T54, T58: reads every group's own members and groups, slashes, diamonds and circles included", async () => {
    const truth = await simulator.truth("wiki");
    const { site } = wiki();

    const seen = await members(site);

    for (const { id } of truth.groups) {
      assert.deepEqual(seen[id], sorted(truth.memberships[id] ?? []), id);
      const within = await readAll((cursor) => site.readSubgroups(id, cursor, NEVER));
      assert.deepEqual(ids(within), sorted(truth.nestings?.[id] ?? []), id);
    }
  });

  it("T55: tells a group's own members from those of groups within it, also where both are listed", async () => {
    const usual = await members(wiki().site);
    await simulator.change([{ kind: "set-data-center", site: "wiki", settings: { nestedMembers: true } }]);

    const others = await members(wiki().site);
    await simulator.change([{ kind: "set-data-center", site: "wiki", settings: { nestedMembers: false } }]);

    // Of two groups that hold each other nothing tells who is in which: both keep everybody that they show.
    const circle = ["Projekt Übergang", "プロジェクト橋"];
    for (const [group, own] of Object.entries(usual)) {
      if (circle.includes(group)) assert.ok(own.every((each) => others[group]?.includes(each)));
      else assert.deepEqual(others[group], own, group);
    }
  });

  it("T64: follows no link, relative or absolute", async () => {
    const expected = ids(await accounts(wiki().site));
    await simulator.change([{ kind: "set-data-center", site: "wiki", settings: { absoluteLinks: true } }]);

    const rows = await accounts(wiki().site);
    await simulator.change([{ kind: "set-data-center", site: "wiki", settings: { absoluteLinks: false } }]);

    assert.deepEqual(ids(rows), expected);
  });

  it("T66: takes an error in a JSON-RPC answer for the missing right that it is", async () => {
    const { site } = legacy([PAT_OF_READER]);
    const [space] = await spaces(site);

    const failure = await failureOf(site.readSpacePermissions(space?.sourceId ?? "", null, NEVER));

    assert.equal(failure.code, "source.missing-role");
  });

  it("reads the same with a password as with a token", async () => {
    assert.deepEqual(ids(await accounts(wiki([PASSWORD]).site)), ids(await accounts(wiki().site)));
  });
});
