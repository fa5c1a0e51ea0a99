import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sourceContract } from "../src/sources/contract.ts";
import { type CredentialAccess, SourceFailure } from "../src/sources/source.ts";
import {
  CLASSIC,
  CLIENT,
  codeIs,
  consent,
  fixed,
  KEY,
  MANY_ACCOUNTS,
  NEVER,
  openSimulated,
  readAll,
  SCOPED,
  SCOPED_KEY,
  sorted,
} from "./support/simulated-site.ts";
import { openInstance } from "./support/simulated-instance.ts";
import { type SimulatorProcess, startSimulator } from "./support/simulator-process.ts";

const contractOf = (credentials: readonly CredentialAccess[], siteName: string) => async () => {
  const simulator = await startSimulator(MANY_ACCOUNTS);
  return { ...openSimulated(simulator, credentials, { siteName }), close: () => simulator.close() };
};
sourceContract("Confluence Cloud with an API token and an organization key", contractOf([CLASSIC, KEY], "acme"));
const instanceOf = (name: string) => async () => {
  const simulator = await startSimulator(["--accounts", "650"]);
  return { ...openInstance(simulator, name), close: () => simulator.close() };
};
sourceContract("Confluence Data Center with a personal access token", instanceOf("wiki"));
sourceContract("Confluence Data Center of an older version", instanceOf("legacy"));
sourceContract("Confluence Cloud with a scoped API token, on a site with roles", contractOf([SCOPED], "acme-labs"));

for (const name of ["wiki", "legacy"]) {
  describe(`Confluence Data Center, as the simulator pretends it (${name})`, () => {
    let simulator: SimulatorProcess;
    before(async () => {
      simulator = await startSimulator();
    });
    after(() => simulator.close());

    it("is read whole: accounts, seats, groups, members, groups within them and spaces as they are", async () => {
      const truth = await simulator.truth(name);
      const { site } = openInstance(simulator, name);

      const accounts = await readAll((cursor) => site.readAccounts(cursor, NEVER));
      const groups = await readAll((cursor) => site.readGroups(cursor, NEVER));
      const spaces = await readAll((cursor) => site.readSpaces(cursor, NEVER));

      assert.deepEqual(sorted(accounts.map(({ sourceId }) => sourceId)), sorted(truth.accounts.map(({ id }) => id)));
      assert.deepEqual(
        sorted(accounts.flatMap(({ sourceId, hasAccess }) => (hasAccess ? sourceId : []))),
        sorted(truth.accounts.flatMap(({ id, holdsSeat }) => (holdsSeat ? id : []))),
      );
      assert.deepEqual(sorted(groups.map(({ sourceId }) => sourceId)), sorted(truth.groups.map(({ id }) => id)));
      assert.deepEqual(sorted(spaces.map(({ sourceId }) => sourceId)), sorted(truth.spaces.map(({ id }) => id)));
      for (const { sourceId } of groups) {
        const members = await readAll((cursor) => site.readMembers(sourceId, cursor, { withAccess: false }, NEVER));
        const within = await readAll((cursor) => site.readSubgroups(sourceId, cursor, NEVER));
        assert.deepEqual(
          sorted(members.map((each) => each.sourceId)),
          sorted(truth.memberships[sourceId] ?? []),
          sourceId,
        );
        assert.deepEqual(
          sorted(within.map((each) => each.sourceId)),
          sorted(truth.nestings?.[sourceId] ?? []),
          sourceId,
        );
      }
    });
  });
}

describe("Confluence Cloud, as the simulator pretends it", () => {
  let simulator: SimulatorProcess;

  before(async () => {
    simulator = await startSimulator(MANY_ACCOUNTS);
  });
  after(() => simulator.close());

  it("is read exactly as it is: accounts, groups, members, spaces", async () => {
    const { site } = openSimulated(simulator, [CLASSIC]);
    const truth = await simulator.truth("acme");

    const groups = await readAll((cursor) => site.readGroups(cursor, NEVER));
    const access = await readAll((cursor) => site.readProductAccessGroups("user", cursor, NEVER));
    const spaces = await readAll((cursor) => site.readSpaces(cursor, NEVER));
    const accounts = await readAll((cursor) => site.readAccounts(cursor, NEVER));

    assert.deepEqual(sorted(groups.map(({ sourceId }) => sourceId)), sorted(truth.groups.map(({ id }) => id)));
    assert.ok(access.every(({ sourceId }) => truth.productAccessGroups.includes(sourceId)));
    assert.deepEqual(sorted(spaces.map(({ sourceId }) => sourceId)), sorted(truth.spaces.map(({ id }) => id)));
    const truthIds = new Set(truth.accounts.map(({ id }) => id));
    assert.ok(accounts.every(({ sourceId }) => truthIds.has(sourceId)));
    for (const { sourceId } of groups) {
      const members = await readAll((cursor) => site.readMembers(sourceId, cursor, { withAccess: false }, NEVER));
      assert.deepEqual(sorted(members.map((each) => each.sourceId)), sorted(truth.memberships[sourceId] ?? []));
    }
  });

  it("tells of everybody in the organization, with an organization key that has scopes or none", async () => {
    const { organizationId } = simulator;
    const truth = await simulator.truth("acme");
    const unscoped = openSimulated(simulator, [KEY]).site;
    const scoped = openSimulated(simulator, [SCOPED_KEY], { organizationId }).site;
    const unknown = openSimulated(simulator, [SCOPED_KEY]).site;

    const accounts = await readAll((cursor) => unscoped.readOrganizationAccounts(cursor, NEVER));
    const groups = await readAll((cursor) => scoped.readOrganizationGroups(cursor, NEVER));

    assert.ok(accounts.some(({ productAccess }) => productAccess?.lastActiveAt));
    const counts = new Map(groups.map(({ sourceId, memberCount }) => [sourceId, memberCount]));
    for (const { id, members } of truth.groups) assert.equal(counts.get(id), members, id);
    await assert.rejects(unknown.readOrganizationAccounts(null, NEVER), codeIs("source.not-found"));
  });

  it("is described with its edition, role mode and account, whichever host answers", async () => {
    const preRoles = await openSimulated(simulator, [CLASSIC]).site.describe(NEVER);
    const roles = await openSimulated(simulator, [SCOPED], { siteName: "acme-labs" }).site.describe(NEVER);

    assert.deepEqual([preRoles.edition, preRoles.roleMode, preRoles.name], ["standard", "pre-roles", "Acme"]);
    assert.deepEqual([roles.edition, roles.roleMode], ["premium", "roles"]);
    assert.equal(preRoles.currentAccountId, roles.currentAccountId);
  });

  it("says of a site that was typed which one it is", async () => {
    const { source } = openSimulated(simulator, []);
    const [acme] = simulator.sites;
    for (const typed of ["acme", `${acme?.baseUrl}/wiki/spaces/ENG`, "acme.atlassian.net"]) {
      const hint = source.understandSite(typed);
      assert.ok(hint.ok, typed);
      const [site] = await source.listSites(CLASSIC, hint.value, NEVER);
      assert.deepEqual([site?.sourceKey, site?.baseUrl], [acme?.cloudId, acme?.baseUrl], typed);
    }
    const byCloudId = source.understandSite(acme?.cloudId ?? "");
    assert.ok(byCloudId.ok);
    const [site] = await source.listSites(SCOPED, byCloudId.value, NEVER);
    assert.equal(site?.baseUrl, acme?.baseUrl);
  });

  describe("through an OAuth grant", () => {
    it("reads the sites of the grant, renews a token that ends, and counts points", async () => {
      const { source } = openSimulated(simulator, []);
      let pair = await consent(source, simulator, [
        "offline_access",
        "read:confluence-groups",
        "read:space:confluence",
      ]);
      let renewals = 0;
      const grant: CredentialAccess = {
        id: "grant",
        kind: "oauth",
        accountEmail: null,
        scopes: pair.scopes,
        clientId: CLIENT.clientId,
        token: () => Promise.resolve(pair.accessToken),
        renew: async () => {
          renewals += 1;
          pair =
            (await source.authorizer?.refresh({ ...CLIENT, refreshToken: pair.refreshToken ?? "" }, NEVER)) ?? pair;
          return pair.accessToken;
        },
      };
      const { site, events } = openSimulated(simulator, [grant]);

      const sites = await source.listSites(grant, null, NEVER);
      await simulator.setFaults([{ kind: "expire-token", path: "/wiki/rest/api/group$" }]);
      const groups = await readAll((cursor) => site.readGroups(cursor, NEVER));
      const failure = await site.readAccounts(null, NEVER).catch((thrown: unknown) => thrown);

      assert.deepEqual(sorted(sites.map(({ name }) => name)), sorted(new Set(sites.map(({ name }) => name))));
      assert.equal(renewals, 1);
      assert.ok(failure instanceof SourceFailure && failure.fix.includes("read:content-details:confluence"));
      const read = events.find((each) => each.kind === "request" && each.status === 200);
      assert.equal(read?.kind === "request" ? read.points : null, 1 + groups.length * 2);
    });

    it("T32: counts points as Atlassian does", async () => {
      const { source } = openSimulated(simulator, []);
      const scopes = source.needs.flatMap((needs) => needs.scopes.oauth ?? []);
      const pair = await consent(source, simulator, scopes);
      const grant = fixed({ id: "grant", kind: "oauth", accountEmail: null, scopes: pair.scopes }, pair.accessToken);
      const { site, events } = openSimulated(simulator, [grant]);
      const before = (await simulator.counts()).points;

      const [group] = await readAll((cursor) => site.readGroups(cursor, NEVER));
      const [space] = await readAll((cursor) => site.readSpaces(cursor, NEVER));
      assert.ok(group && space);
      await site.describe(NEVER);
      await site.findGroup(group.sourceId, NEVER);
      await site.findSpace(space.sourceId, NEVER);
      const [account] = await readAll((cursor) => site.readAccounts(cursor, NEVER));
      assert.ok(account);
      await site.readAccountsById([account.sourceId], NEVER);
      await site.readGroupsOfAccount(account.sourceId, null, NEVER);
      await readAll((cursor) => site.readMembers(group.sourceId, cursor, { withAccess: true }, NEVER));
      await readAll((cursor) => site.readSpacePermissions(space.sourceId, cursor, NEVER));
      await site.readContent("page", new Date(0), null, NEVER);
      await site.findDeletedSpaces([], new Date(0), NEVER);
      const labs = openSimulated(simulator, [grant], { siteName: "acme-labs" });
      await labs.site.readSpaceRoles(null, NEVER);
      const [other] = (await labs.site.readSpaces(null, NEVER)).rows;
      await labs.site.readRoleAssignments(other?.sourceId ?? "", null, NEVER);

      const counted = [...events, ...labs.events].reduce(
        (sum, each) => sum + (each.kind === "request" ? each.points : 0),
        0,
      );
      assert.equal(counted, (await simulator.counts()).points - before);
    });

    it("is lost when its refresh token is not known", async () => {
      const { source } = openSimulated(simulator, []);

      await assert.rejects(
        async () => source.authorizer?.refresh({ ...CLIENT, refreshToken: "never-given" }, NEVER),
        codeIs("source.grant-lost"),
      );
      await assert.rejects(
        async () => source.authorizer?.refresh({ ...CLIENT, clientSecret: "wrong", refreshToken: "x" }, NEVER),
        codeIs("source.grant-lost"),
      );
    });
  });

  describe("as it changes", () => {
    it("T6: tells a group that is gone from one that was emptied", async () => {
      const { site } = openSimulated(simulator, [CLASSIC]);
      const [group] = (await site.readGroups(null, NEVER)).rows.slice(-1);
      assert.ok(group);

      await simulator.change([{ kind: "remove-group", group: group.name }]);

      await assert.rejects(
        site.readMembers(group.sourceId, null, { withAccess: false }, NEVER),
        codeIs("source.not-found"),
      );
      assert.equal(await site.findGroup(group.sourceId, NEVER), null);
    });

    it("finds in the audit log which of the spaces that vanished were deleted", async () => {
      const { site } = openSimulated(simulator, [CLASSIC]);
      const [gone, kept] = (await site.readSpaces(null, NEVER)).rows;
      assert.ok(gone && kept);
      const since = new Date(Date.now() - 3_600_000);

      await simulator.change([{ kind: "remove-space", space: gone.key }]);

      assert.deepEqual(await site.findDeletedSpaces([gone, kept], since, NEVER), new Set([gone.sourceId]));
      assert.equal(await site.findSpace(gone.sourceId, NEVER), null);
    });

    it("T38: says that the Free edition has no audit log", async () => {
      await simulator.change([{ kind: "set-edition", edition: "free" }]);
      const { site } = openSimulated(simulator, [CLASSIC]);

      const probes = await site.probe("activity", NEVER);

      assert.equal(await site.findDeletedSpaces([], new Date(0), NEVER), null);
      const audit = probes.find(({ name }) => name === "Audit log");
      assert.equal(audit?.outcome, "warning");
      assert.match(audit?.detail ?? "", /Free edition/);
    });
  });
});
