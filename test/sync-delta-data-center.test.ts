import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import type { RunRow } from "../src/store/runs.ts";
import { listSeatPaths } from "../src/store/seat-paths.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { syncedFacts, syncedRights, type SyncedFacts } from "./support/synced-facts.ts";
import { syncedSite, type SyncedSite } from "./support/synced-site.ts";
import { syncSimulated } from "./support/sync.ts";

interface Truth {
  accounts: { id: string; username: string; displayName: string; class: string }[];
  groups: { id: string; members: number }[];
  memberships: Record<string, string[]>;
  nestings: Record<string, string[]>;
  productAccessGroups: string[];
  spaces: { id: string; key: string; name: string }[];
}

/** So many that the group of everybody is not listed on one page, and its members are asked for their groups. */
const ACCOUNTS = 800;
/** The groups before are those that traps are about. */
const FIRST_PLAIN_GROUP = 14;

for (const name of ["wiki", "legacy"] as const) {
  describe(`a delta run of ${name}, a Data Center`, () => {
    let simulator: Simulator;
    let installation: SyncInstallation;
    let site: { siteId: string; connectionId: string };
    let simulated: SyncedSite;
    before(async () => {
      simulator = await startSimulator({ scale: "small", accounts: ACCOUNTS, limits: "off" });
      installation = await syncInstallation(new Date());
      simulated = await syncedSite(simulator.url, { site: name });
      site = await installation.addSite({ source: "confluence-data-center", roleMode: "pre-roles" });
      await syncSimulated(installation, simulated, site);
    });
    after(async () => {
      await installation.close();
      await simulator.close();
    });

    const delta = () => syncSimulated(installation, simulated, site, { scope: "delta" });
    const truth = () => simulated.truth<Truth>();
    const facts = () => syncedFacts(installation.db, site.siteId);
    const change = (...changes: object[]) => simulated.change(changes.map((each) => ({ ...each, site: name })));
    /** Within no other group, giving no seat, and each of them one page. */
    const plainGroups = async () =>
      (await truth()).groups.slice(FIRST_PLAIN_GROUP).filter(({ id }) => !id.includes("/"));

    /** By source id, whoever holds a seat. */
    async function seats(): Promise<string[]> {
      const rows = await installation.db.query<{ id: string }>(sql`
        select a.source_id as id from seats s join accounts a on a.id = s.account_id
         where s.site_id = ${site.siteId} and s.ended_at is null order by a.source_id collate "C"
      `);
      return rows.map(({ id }) => id);
    }

    /** What the simulator says, and no more than a full run finds. */
    async function assertTruth(run: RunRow): Promise<void> {
      assert.equal(run.state, "succeeded", run.errorMessage ?? "");
      const [found, expected] = [await facts(), await truth()];
      const sorted = (lists: Record<string, string[]>) =>
        Object.entries(lists).toSorted(([a], [b]) => (a < b ? -1 : 1));
      assert.deepEqual(sorted(found.memberships), sorted(expected.memberships));
      assert.deepEqual(sorted(found.nestings), sorted(expected.nestings));
      assert.deepEqual(
        found.spaces.map(({ id, name: title }) => ({ id, title })),
        expected.spaces.map(({ id, name: title }) => ({ id, title })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      );
      assert.deepEqual(
        await seats(),
        expected.accounts
          .filter((each) => each.class === "licensed")
          .map(({ id }) => id)
          .toSorted(),
      );
      if (name === "wiki") assert.deepEqual(found.productAccessGroups, expected.productAccessGroups.toSorted());
    }

    /** Rights as they are there, but for those of groups that are gone, which the log does not name. */
    async function assertRights(): Promise<void> {
      const spaces = (await (await fetch(`${simulator.url}/__sim/truth/rights?site=${name}`)).json()) as {
        spaceId: string;
        permissions: { type: string; id: string; key: string; target: string }[];
      }[];
      const idOf = (type: string, id: string) => (type === "access-class" ? id.toLowerCase().replaceAll("_", "-") : id);
      const expected = spaces.flatMap(({ spaceId, permissions }) =>
        permissions.map(({ type, id, key, target }) => `${spaceId} ${type} ${idOf(type, id)} ${key}/${target}`),
      );
      assert.deepEqual(await syncedRights(installation.db, site.siteId), expected.toSorted());
    }

    async function assertFullFindsNothing(before: SyncedFacts): Promise<void> {
      const full = await syncSimulated(installation, simulated, site);
      assert.equal(full.state, "succeeded");
      assert.deepEqual({ ...(await facts()), events: [] }, { ...before, events: [] });
    }

    it("T58, T59: follows a full run that says of every seat how it is come by, also by nested groups and directly", async () => {
      const holders = await installation.db.query<{ id: string }>(sql`
        select account_id as id from seats where site_id = ${site.siteId} and ended_at is null
      `);
      const paths = await listSeatPaths(
        installation.db,
        site.siteId,
        holders.map(({ id }) => id),
      );

      assert.equal(new Set(paths.map(({ accountId }) => accountId)).size, holders.length);
      const direct = paths.filter(({ through }) => through === "direct");
      // Of the two who may use it themselves one is deactivated, and holds no seat.
      assert.equal(direct.length, name === "wiki" ? 1 : holders.length);
      const nested = paths.some(({ via }) => via.join() === "Partners & Friends,partners/EMEA");
      assert.equal(nested, name === "wiki");
    });

    it("asks for nothing but the audit log when nothing was changed", async () => {
      const run = await delta();

      assert.deepEqual([run.state, run.counts.added, run.counts.changed, run.counts.gone], ["succeeded", 0, 0, 0]);
      // Who is asked, which version answers, and the log.
      assert.ok(run.requests <= 4, `${run.requests} requests`);
    });

    it("finds members who came and went", async () => {
      const [first, second] = await plainGroups();
      const { accounts, memberships } = await truth();
      const members = memberships[first?.id ?? ""] ?? [];
      const outside = accounts.find(({ id, class: kind }) => kind === "licensed" && !members.includes(id));
      await change(
        { kind: "add-member", group: first?.id, account: outside?.id },
        { kind: "remove-member", group: second?.id, account: memberships[second?.id ?? ""]?.[0] },
      );

      await assertTruth(await delta());
    });

    it("finds who left the large group that gave the seat, and the seat ends", async () => {
      const { memberships, groups } = await truth();
      const others = groups.filter(({ id }) => id !== "confluence-users").flatMap(({ id }) => memberships[id] ?? []);
      const account = memberships["confluence-users"]?.find((id) => !others.includes(id));
      assert.ok(account && (memberships["confluence-users"]?.length ?? 0) > 200);
      await change({ kind: "remove-member", group: "confluence-users", account });

      const run = await delta();

      assert.equal((await seats()).includes(account), false);
      await assertTruth(run);
    });

    it("finds a group that was put into another one, with the seats that its members have by it", async () => {
      const { accounts } = await truth();
      const inner = (await plainGroups())[2]?.id ?? "";
      const guest = accounts.find((each) => each.class === "no-access")?.id ?? "";
      await change({ kind: "add-member", group: inner, account: guest });
      await assertTruth(await delta());
      assert.equal((await seats()).includes(guest), false);
      await change({ kind: "nest-group", group: "licensed-partners", subgroup: inner });

      const run = await delta();

      await assertTruth(run);
      assert.ok((await seats()).includes(guest));
      const [account] = await installation.db.query<{ id: string }>(sql`
        select id from accounts where site_id = ${site.siteId} and source_id = ${guest}
      `);
      const paths = await listSeatPaths(installation.db, site.siteId, [account?.id ?? ""]);
      const way = paths.map(({ through, group, via }) => [through, group, ...via].join(" "));
      // Where no API tells which groups give the product, the license alone says that somebody has it.
      assert.deepEqual(way, name === "wiki" ? [`group licensed-partners ${inner}`] : ["direct "]);
    });

    it("finds a group that was taken out of another one, and the seats that end by it", async () => {
      const { nestings } = await truth();
      const inner = nestings["licensed-partners"]?.find((each) => each !== "Partners & Friends") ?? "";
      const before = await seats();
      await change({ kind: "unnest-group", group: "licensed-partners", subgroup: inner });

      const run = await delta();

      await assertTruth(run);
      assert.ok((await seats()).length < before.length);
    });

    it("finds a new group within another one, and one within the new one", async () => {
      const [outer, inner] = (await plainGroups()).slice(3);
      await change(
        { kind: "add-group", name: "Night watch: North" },
        { kind: "nest-group", group: outer?.id, subgroup: "Night watch: North" },
        { kind: "nest-group", group: "Night watch: North", subgroup: inner?.id },
      );

      const run = await delta();

      await assertTruth(run);
      const [closure] = await installation.db.query<{ is: boolean }>(sql`
        select exists (select from group_closure c
                         join groups outside on outside.id = c.group_id and outside.source_id = ${outer?.id ?? ""}
                         join groups inside on inside.id = c.member_group_id and inside.source_id = ${inner?.id ?? ""}
                        where c.site_id = ${site.siteId} and c.valid_to is null) as is
      `);
      assert.deepEqual(closure, { is: true });
    });

    it("finds a group that was deleted, in everything that held it and that it held", async () => {
      await change({ kind: "remove-group", group: "Night watch: North" });

      await assertTruth(await delta());
    });

    it("finds rights that were given and taken in spaces", async () => {
      const { spaces, accounts } = await truth();
      const [group] = await plainGroups();
      const reader = accounts.find((each) => each.class === "licensed")?.id;
      const [one, two] = spaces;
      await change(
        { kind: "grant", space: one?.key, group: group?.id, key: "SETSPACEPERMISSIONS" },
        { kind: "grant", space: two?.key, account: reader, key: "create", target: "page" },
        { kind: "grant", space: two?.key },
      );
      const given = await delta();
      await assertRights();
      await change(
        { kind: "revoke", space: one?.key, group: group?.id, key: "SETSPACEPERMISSIONS" },
        { kind: "revoke", space: two?.key },
      );

      const taken = await delta();

      assert.deepEqual([given.state, taken.state], ["succeeded", "succeeded"]);
      await assertRights();
    });

    it("finds spaces that are new, renamed and deleted", async () => {
      const { spaces } = await truth();
      await change(
        { kind: "add-space", name: "Fresh ground" },
        { kind: "rename-space", space: spaces[3]?.key, name: "Renamed ground" },
        { kind: "remove-space", space: spaces[4]?.key },
      );

      await assertTruth(await delta());
    });

    it("finds who is new, who was deactivated and who came back, with their seats", async () => {
      const { accounts } = await truth();
      const [leaver, gone] = accounts.filter((each) => each.class === "licensed").slice(-2);
      await change(
        { kind: "add-account", name: "Nils Newcomer" },
        { kind: "deactivate", account: leaver?.id },
        { kind: "remove-account", account: gone?.id },
      );
      await assertTruth(await delta());
      await change({ kind: "reactivate", account: leaver?.id });

      const run = await delta();

      await assertTruth(run);
      assert.ok((await seats()).includes(leaver?.id ?? ""));
    });

    it("leaves nothing for a full run to find but the rights of whoever is gone", async () => {
      const found = await facts();
      const { groups, accounts } = found;
      const there = new Set([...groups, ...accounts].map(({ id }) => id));
      const isHeld = (right: string) =>
        !/ (user|group) /.test(right) || [...there].some((id) => right.includes(` ${id} `));

      await assertFullFindsNothing({ ...found, rights: found.rights.filter(isHeld) });
    });
  });
}
