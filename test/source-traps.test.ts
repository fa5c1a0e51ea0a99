import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { type SiteSource, SourceFailure } from "../src/sources/source.ts";
import {
  CLASSIC,
  codeIs,
  fixed,
  MANY_ACCOUNTS,
  NEVER,
  openSimulated,
  readAll,
  sorted,
} from "./support/simulated-site.ts";
import { type SimulatorProcess, startSimulator } from "./support/simulator-process.ts";

const MEMBERS_OF_SEVERAL_PAGES = 400;

describe("Confluence Cloud, with a fault", () => {
  let simulator: SimulatorProcess;

  before(async () => {
    simulator = await startSimulator(MANY_ACCOUNTS);
  });
  after(() => simulator.close());
  beforeEach(() => simulator.setFaults([]));

  const spaces = (site: SiteSource) => readAll((cursor) => site.readSpaces(cursor, NEVER));
  const groups = (site: SiteSource) => readAll((cursor) => site.readGroups(cursor, NEVER));
  const users = (site: SiteSource) => readAll((cursor) => site.readAccounts(cursor, NEVER));
  const audit = (site: SiteSource) => site.findDeletedSpaces([], new Date(0), NEVER);

  const survived: [trap: string, rules: object[], read: (site: SiteSource) => Promise<unknown>][] = [
    [
      "T8: an empty page with a next",
      [{ kind: "empty-page-with-next", path: "/wiki/rest/api/group$", query: { start: "0?" } }],
      groups,
    ],
    ["T8: an empty v2 page with a next", [{ kind: "empty-page-with-next", path: "/wiki/api/v2/spaces$" }], spaces],
    ["T20: hidden e-mail addresses", [{ kind: "missing-email", path: "/wiki/rest/api/search/user" }], users],
    ["T23: a size that lies", [{ kind: "size-lies", path: "/wiki/rest/api/audit$" }], audit],
    ["T34: a rate limit", [{ kind: "status", status: 429, headers: { "retry-after": "1" } }], groups],
    ["T42: JSON cut off", [{ kind: "truncate-json", path: "/wiki/rest/api/search/user" }], users],
    ["T43: a dropped connection", [{ kind: "drop-before", path: "/wiki/rest/api/group" }], groups],
    [
      "T44: a connection dropped after the answer was made",
      [{ kind: "drop-after", path: "/wiki/rest/api/group" }],
      groups,
    ],
  ];
  for (const [trap, rules, read] of survived) {
    it(`survives ${trap}`, async () => {
      const { site } = openSimulated(simulator, [CLASSIC]);
      const expected = await read(site);
      await simulator.setFaults(rules);

      const rows = await read(site);

      assert.deepEqual(idsIn(rows), idsIn(expected));
    });
  }

  const told: [trap: string, rules: object[], read: (site: SiteSource) => Promise<unknown>, code: string][] = [
    [
      "T10: a bad token, in plain text",
      [{ kind: "bad-token", path: "/wiki/rest/api/group$" }],
      groups,
      "source.unauthorized",
    ],
    [
      "T11: a missing scope",
      [{ kind: "scope-missing", path: "/wiki/rest/api/group$" }],
      groups,
      "source.missing-scope",
    ],
    [
      "T13: a redirect to log-in",
      [{ kind: "login-redirect", path: "/wiki/rest/api/group$" }],
      groups,
      "source.login-redirect",
    ],
    [
      "T26: a role mode without roles",
      [{ kind: "roles-404", path: "/wiki/api/v2/space-roles" }],
      (site) => site.readSpaceRoles(null, NEVER),
      "source.edition-lacks",
    ],
    [
      "T40: a next link to another host",
      [{ kind: "foreign-next", path: "/wiki/api/v2/spaces$" }],
      spaces,
      "source.foreign-link",
    ],
    [
      "T41: a listing that never ends",
      [{ kind: "endless-cursor", path: "/wiki/api/v2/spaces$" }],
      spaces,
      "source.page-ceiling",
    ],
    ["T48: an allow-list of addresses", [{ kind: "ip-allowlist" }], groups, "source.ip-allowlist"],
  ];
  for (const [trap, rules, read, code] of told) {
    it(`is told in words: ${trap}`, async () => {
      await simulator.setFaults(rules);

      await assert.rejects(read(openSimulated(simulator, [CLASSIC]).site), codeIs(code));
    });
  }

  it("T15: a missing role is told as one, though it is a 500", async () => {
    await simulator.setFaults([{ kind: "forbidden-as-500", path: "/wiki/rest/api/audit" }]);
    const reader = { ...CLASSIC, accountEmail: "rita@acme.example", token: async () => "sim-classic-token-of-rita" };

    const probes = await openSimulated(simulator, [reader]).site.probe("activity", NEVER);

    assert.match(probes.at(-1)?.detail ?? "", /status 500.*may not read it/);
  });

  it("T17: HTML instead of JSON is not taken for an empty listing", async () => {
    await simulator.setFaults([{ kind: "html", path: "/wiki/api/v2/spaces$" }]);

    await assert.rejects(
      spaces(openSimulated(simulator, [CLASSIC]).site),
      (thrown) => thrown instanceof SourceFailure && /login-redirect|unexpected-answer/.test(thrown.code),
    );
  });

  it("T2: a cursor that is no longer known starts the listing again", async () => {
    const { site } = openSimulated(simulator, [CLASSIC]);
    const first = await site.readContent("page", new Date(0), null, NEVER);
    await simulator.setFaults([{ kind: "bad-cursor", path: "/wiki/rest/api/content/search", query: { cursor: ".+" } }]);

    await assert.rejects(site.readContent("page", new Date(0), first.next, NEVER), codeIs("source.cursor-expired"));
  });

  it("T28: a row removed in mid-listing is not passed over in silence", async () => {
    const { site } = openSimulated(simulator, [CLASSIC]);
    const { memberships } = await simulator.truth("acme");
    const [groupId = "", members = []] =
      Object.entries(memberships).find(([, each]) => each.length > MEMBERS_OF_SEVERAL_PAGES) ?? [];
    const first = await site.readMembers(groupId, null, { withAccess: false }, NEVER);
    const removed = first.rows[3]?.sourceId ?? "";

    await simulator.change([{ kind: "remove-member", group: groupId, account: removed }]);

    await assert.rejects(
      site.readMembers(groupId, first.next, { withAccess: false }, NEVER),
      codeIs("source.listing-drifted"),
    );
    const again = await readAll((cursor) => site.readMembers(groupId, cursor, { withAccess: false }, NEVER));
    assert.deepEqual(sorted(again.map(({ sourceId }) => sourceId)), sorted(members.filter((id) => id !== removed)));
  });

  it("T26: does not believe a role mode without roles", async () => {
    await simulator.setFaults([{ kind: "roles-404", path: "/wiki/api/v2/space-roles" }]);

    const { roleMode } = await openSimulated(simulator, [CLASSIC], { siteName: "acme-labs" }).site.describe(NEVER);

    assert.equal(roleMode, "pre-roles");
  });

  it("T47: a key whose scopes do not suffice is told so, though it is a 404", async () => {
    const { organizationId } = simulator;
    const key = fixed(
      { id: "groups-key", kind: "organization-key", accountEmail: null, scopes: null },
      "sim-organization-key-groups",
    );

    await assert.rejects(
      openSimulated(simulator, [key], { organizationId }).site.readOrganizationAccounts(null, NEVER),
      codeIs("source.missing-scope"),
    );
  });
});

function idsIn(rows: unknown): unknown {
  return Array.isArray(rows) ? rows.map((row: { sourceId: string }) => row.sourceId) : rows;
}
