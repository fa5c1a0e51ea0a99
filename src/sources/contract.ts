import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CHANGE_KINDS } from "../model/changes.ts";
import {
  type Cursor,
  type ObservedAccount,
  type ObservedGroup,
  type Page,
  type SiteListing,
  type SiteSource,
  type Source,
  type SourceEvent,
  SourceFailure,
} from "./source.ts";

/** A site that every listing can be read from, as the contract needs it. */
export interface ContractSite {
  source: Source;
  site: SiteSource;
  /** Opens the same site anew, as a process does that was started again. */
  reopen(): SiteSource;
  events: readonly SourceEvent[];
  close(): Promise<void>;
}

const NEVER = new AbortController().signal;
/** No listing of a contract's site is longer than this. */
const PAGES_MAX = 200;
const SINCE = new Date("2000-01-01T00:00:00.000Z");

/** What every source must keep to, whatever product it speaks to. */
export function sourceContract(name: string, openSite: () => Promise<ContractSite>): void {
  describe(`${name} keeps the contract of a source`, () => {
    let opened: ContractSite;
    let close = () => Promise.resolve();

    before(async () => {
      opened = await openSite();
      close = opened.close;
    });
    after(() => close());

    it("says what each offered capability stores and needs", () => {
      for (const needs of opened.source.needs) {
        assert.notEqual(needs.stores.length, 0, needs.capability);
        assert.notEqual(needs.role, "", needs.capability);
        assert.notEqual(needs.endpoints.length, 0, needs.capability);
        assert.notEqual(Object.keys(needs.scopes).length, 0, needs.capability);
      }
    });

    it("says of each listing whether it can be served, and by which credential", () => {
      const { listings, servedBy } = opened.site.abilities;
      for (const listing of Object.keys(listings).filter((each): each is SiteListing => each in listings)) {
        assert.equal(listings[listing] === null, servedBy[listing] !== undefined, listing);
        if (listings[listing]) assert.notEqual(listings[listing].fix, "", listing);
      }
    });

    it("describes the site", async () => {
      const description = await opened.site.describe(NEVER);

      assert.notEqual(description.name, null);
      assert.notEqual(description.currentAccountId, null);
    });

    it("gives each row of a listing once, with its own id", async () => {
      const { site } = opened;
      const spaces = await readAll((cursor) => site.readSpaces(cursor, NEVER));
      const [space] = spaces;
      assert.ok(space);
      const listings = {
        accounts: await readAll((cursor) => site.readAccounts(cursor, NEVER)),
        groups: await readAll((cursor) => site.readGroups(cursor, NEVER)),
        spaces,
        permissions: await readAll((cursor) => site.readSpacePermissions(space.sourceId, cursor, NEVER)),
      };
      for (const [listing, rows] of Object.entries(listings)) {
        const ids = rows.map(({ sourceId }) => sourceId);
        assert.notEqual(ids.length, 0, listing);
        assert.equal(new Set(ids).size, ids.length, listing);
      }
    });

    it("goes on from a cursor after a restart, and repeats a page when asked again", async () => {
      const { site } = opened;
      const first = await site.readAccounts(null, NEVER);
      if (first.next === null) return;

      const here = await site.readAccounts(first.next, NEVER);
      const restarted = opened.reopen();
      const there = await restarted.readAccounts(first.next, NEVER);
      restarted.close();

      assert.deepEqual(there, here);
    });

    it("gives members that its accounts or ids know, and tells of access only when asked", async () => {
      const { site } = opened;
      const group = await groupWithMembers(site);

      const plain = await site.readMembers(group.sourceId, null, { withAccess: false }, NEVER);
      const withAccess = await site.readMembers(group.sourceId, null, { withAccess: true }, NEVER);

      const ids = (rows: readonly ObservedAccount[]) => rows.map(({ sourceId }) => sourceId);
      assert.deepEqual(ids(withAccess.rows), ids(plain.rows));
      assert.ok(withAccess.rows.every(({ hasAccess }) => hasAccess !== null));
      const some = ids(plain.rows).slice(0, 20);
      const known = await site.readAccountsById(some, NEVER);
      assert.deepEqual(new Set(ids(known)), new Set(some));
    });

    it("gives the groups of an account the same way as the members of a group", async () => {
      const { site } = opened;
      const group = await groupWithMembers(site);
      const [member] = (await site.readMembers(group.sourceId, null, { withAccess: false }, NEVER)).rows;
      assert.ok(member);

      const groups = await readAll((cursor) => site.readGroupsOfAccount(member.sourceId, cursor, NEVER));

      assert.ok(groups.some(({ sourceId }) => sourceId === group.sourceId));
    });

    it("tells a group, a space and an account that it does not know from ones it knows", async () => {
      const { site } = opened;
      const [group] = (await site.readGroups(null, NEVER)).rows;
      const [space] = (await site.readSpaces(null, NEVER)).rows;
      assert.ok(group && space);
      const unknownGroup = "00000000-0000-4000-8000-00000000dead";

      assert.equal((await site.findGroup(group.sourceId, NEVER))?.name, group.name);
      assert.equal((await site.findSpace(space.sourceId, NEVER))?.key, space.key);
      assert.equal(await site.findGroup(unknownGroup, NEVER), null);
      assert.equal(await site.findSpace("999999999", NEVER), null);
      assert.deepEqual(await site.readAccountsById(["nobody-of-this-id"], NEVER), []);
      await assert.rejects(
        readAll((cursor) => site.readMembers(unknownGroup, cursor, { withAccess: false }, NEVER)),
        (thrown) => thrown instanceof SourceFailure && thrown.code === "source.not-found",
      );
    });

    it("gives the groups that give the product among its groups, or says that nothing tells them", async () => {
      const { site } = opened;
      const known = new Set(
        (await readAll((cursor) => site.readGroups(cursor, NEVER))).map(({ sourceId }) => sourceId),
      );
      for (const access of ["user", "admin"] as const) {
        const groups = await readAll((cursor) => site.readProductAccessGroups(access, cursor, NEVER)).catch(
          (thrown: unknown) => {
            if (thrown instanceof SourceFailure && thrown.code === "source.edition-lacks") return null;
            throw thrown;
          },
        );
        assert.ok(groups === null || groups.every(({ sourceId }) => known.has(sourceId)), access);
      }
    });

    it("tells of groups within a group only such as it lists, or says that the product has none", async () => {
      const { site } = opened;
      const groups = await readAll((cursor) => site.readGroups(cursor, NEVER));
      const known = new Set(groups.map(({ sourceId }) => sourceId));
      for (const { sourceId } of site.abilities.listings.subgroups === null ? groups : []) {
        const within = await readAll((cursor) => site.readSubgroups(sourceId, cursor, NEVER));
        assert.ok(
          within.every((each) => known.has(each.sourceId)),
          sourceId,
        );
      }
    });

    it("gives each event of the audit log once, newest first, the same whenever it is read", async () => {
      const { site } = opened;
      if (site.abilities.listings.audit !== null) return;
      const since = new Date(Date.now() - 30 * 86_400_000);
      const read = async () => (await site.readAuditEvents(since, null, NEVER)).rows;

      const events = await read();
      const again = new Set((await read()).map(({ eventId }) => eventId));

      assert.equal(new Set(events.map(({ eventId }) => eventId)).size, events.length);
      assert.ok(events.every(({ occurredAt }) => occurredAt >= since));
      const instants = events.map(({ occurredAt }) => occurredAt.getTime());
      assert.deepEqual(
        instants,
        instants.toSorted((one, other) => other - one),
      );
      // Reading may itself be recorded, so that the oldest of a page slide out of it; what is still there is the same.
      assert.ok(events.slice(0, -5).every(({ eventId }) => again.has(eventId)));
    });

    it("names who changed which content and when, each version once", async () => {
      for (const type of ["page", "blogpost", "comment", "attachment"] as const) {
        const { rows } = await opened.site.readContent(type, SINCE, null, NEVER);
        assert.equal(new Set(rows.map(({ eventId }) => eventId)).size, rows.length, type);
        assert.ok(
          rows.every(({ accountSourceId, summary, occurredAt }) => accountSourceId && summary && occurredAt >= SINCE),
          type,
        );
      }
    });

    it("names and times each probe, with a fix unless it passed", async () => {
      for (const { capability } of opened.source.needs) {
        const probes = await opened.site.probe(capability, NEVER);
        assert.notEqual(probes.length, 0, capability);
        for (const probe of probes) {
          assert.equal(probe.capability, capability);
          assert.equal(probe.outcome === "passed", probe.fix === null, probe.name);
          assert.ok(probe.name && probe.detail && probe.tookMs >= 0, probe.name);
        }
      }
    });

    it("says of each kind of change whether the credentials can make it, and else what to do", () => {
      const { writer } = opened.site;
      if (!writer) return;
      for (const kind of CHANGE_KINDS) {
        const missing: SourceFailure | null = writer.abilities[kind];
        if (missing) assert.ok(missing.publicMessage && missing.fix, kind);
      }
      assert.equal(writer.abilities["add-member"], null);
      assert.equal(writer.abilities["remove-member"], null);
    });

    it("reads what an account holds now as the listings tell it, and only the parts that are asked for", async () => {
      const { site } = opened;
      if (!site.writer) return;
      const group = await groupWithMembers(site);
      const [member] = (await site.readMembers(group.sourceId, null, { withAccess: false }, NEVER)).rows;
      assert.ok(member);
      const listed = await readAll((cursor) => site.readGroupsOfAccount(member.sourceId, cursor, NEVER));

      const access = await site.writer.readAccess(member.sourceId, ["groups"], NEVER);

      assert.equal(access.isKnown, true);
      const ids = (rows: readonly { sourceId: string }[]) => new Set(rows.map(({ sourceId }) => sourceId));
      assert.deepEqual(ids(access.groups ?? []), ids(listed));
      assert.deepEqual([access.isActive, access.isSuspended, access.otherProducts], [null, null, null]);
      const status = await site.writer.readAccess(member.sourceId, ["status"], NEVER);
      assert.deepEqual([status.isKnown, status.groups], [true, null]);
    });

    it("reads of an account that it does not know that it does not", async () => {
      const access = await opened.site.writer?.readAccess("nobody-of-this-id", ["groups", "status"], NEVER);

      assert.ok(!access || (!access.isKnown && access.groups === null && access.isActive === null));
    });

    it("makes, uses and deletes a group, each change seen when it is read back, and again being no failure", async () => {
      const { site } = opened;
      const { writer } = site;
      if (!writer || writer.abilities["create-group"]) return;
      const account = (await site.describe(NEVER)).currentAccountId ?? "";
      const name = "usher-contract-group";
      const isMember = async (group: string) =>
        (await writer.readAccess(account, ["groups"], NEVER)).groups?.some(({ sourceId }) => sourceId === group);

      const { createdSourceId } = await writer.make({ kind: "create-group", name }, NEVER);
      const group = createdSourceId ?? (await groupNamed(site, name)).sourceId;
      const membership = { groupSourceId: group, accountSourceId: account };

      assert.equal((await site.findGroup(group, NEVER))?.name, name);
      for (const [kind, expected] of [
        ["add-member", true],
        ["add-member", true],
        ["remove-member", false],
        ["remove-member", false],
      ] as const) {
        await writer.make({ kind, ...membership }, NEVER);
        assert.equal(await isMember(group), expected, kind);
      }
      await writer.make({ kind: "delete-group", groupSourceId: group }, NEVER);
      assert.equal(await site.findGroup(group, NEVER), null);
      for (const kind of ["add-member", "delete-group"] as const) {
        await assert.rejects(
          writer.make({ kind, ...membership }, NEVER),
          (thrown) => thrown instanceof SourceFailure && thrown.code === "source.not-found",
          kind,
        );
      }
    });

    it("does not find the account of a change that it does not know", async () => {
      const { site } = opened;
      if (!site.writer) return;
      const group = await groupWithMembers(site);
      const change = { groupSourceId: group.sourceId, accountSourceId: "nobody-of-this-id" };

      for (const kind of ["add-member", "remove-member"] as const) {
        await assert.rejects(
          site.writer.make({ kind, ...change }, NEVER),
          (thrown) => thrown instanceof SourceFailure && thrown.code === "source.not-found",
          kind,
        );
      }
    });

    it("tells no latest use from before the day it is asked for", async () => {
      const { site } = opened;
      const [account] = (await site.readAccounts(null, NEVER)).rows;
      assert.ok(account);
      const since = new Date(Date.now() - 7 * 86_400_000);

      const uses = (await site.readLatestUse?.(account.sourceId, since, NEVER)) ?? [];

      assert.ok(uses.every(({ at }) => at >= since));
      assert.equal(new Set(uses.map(({ kind }) => kind)).size, uses.length);
    });

    it("tells what is owned with its origin, or that nobody is told", async () => {
      const license = await opened.site.writer?.readLicense(NEVER);

      assert.ok(!license || license.seats === null || license.seats > 0);
    });

    it("forecasts less for the license-relevant part than for everything", () => {
      const sizes = {
        accounts: 1_000,
        groups: 50,
        memberships: 3_000,
        productAccessGroups: 2,
        productAccessMemberships: 1_100,
        spaces: 100,
        permissionsPerSpace: 120,
        contentItems: 1_000,
        roleMode: null,
      };

      const license = opened.site.forecast(sizes, "license");
      const full = opened.site.forecast(sizes, "full");

      assert.ok(license.requests > 0 && license.requests < full.requests);
      assert.ok(license.points <= full.points);
    });

    it("stops with the reason it is given", async () => {
      const stopper = new AbortController();
      stopper.abort(new Error("enough"));

      await assert.rejects(opened.site.readAccounts(null, stopper.signal), /enough/);
    });

    it("tells of each request by its template, without an id or a query", async () => {
      await opened.site.readGroups(null, NEVER);

      const requests = opened.events.flatMap((each) => (each.kind === "request" ? [each] : []));
      assert.notEqual(requests.length, 0);
      for (const { endpoint, tookMs, attempt } of requests) {
        assert.match(endpoint, /^(GET|POST|PUT|PATCH|DELETE) \/[\w./{}-]+$/);
        assert.doesNotMatch(endpoint, /\d{4}/);
        assert.ok(tookMs >= 0 && attempt >= 1);
      }
    });
  });
}

/** The first group that somebody is in. */
async function groupWithMembers(site: SiteSource): Promise<ObservedGroup> {
  for (const group of await readAll((cursor) => site.readGroups(cursor, NEVER))) {
    const { rows } = await site.readMembers(group.sourceId, null, { withAccess: false }, NEVER);
    if (rows.length > 0) return group;
  }
  throw new Error("A contract's site has a group with members.");
}

async function groupNamed(site: SiteSource, name: string): Promise<ObservedGroup> {
  const group = (await readAll((cursor) => site.readGroups(cursor, NEVER))).find((each) => each.name === name);
  if (!group) throw new Error(`There is no group ${name}.`);
  return group;
}

async function readAll<Row>(readPage: (cursor: Cursor) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: Cursor = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const read: Page<Row> = await readPage(cursor);
    rows.push(...read.rows);
    if (read.next === null) return rows;
    cursor = read.next;
  }
  throw new Error(`The listing did not end within ${PAGES_MAX} pages.`);
}
