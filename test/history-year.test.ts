import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import { acmeOf } from "../src/sim/testing.ts";
import { spaceHolderList } from "../src/store/access.ts";
import { accountList } from "../src/store/accounts.ts";
import { findGroup, groupList } from "../src/store/groups.ts";
import type { Past } from "../src/store/instants.ts";
import { memberList } from "../src/store/memberships.ts";
import { type ListSource, pageSql } from "../src/store/paging.ts";
import { productAccessList } from "../src/store/product-access.ts";
import { seatList } from "../src/store/seat-lists.ts";
import { findSpace, rightsList, spaceList } from "../src/store/spaces.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { type DayTruth, liveADay, recordDay } from "./support/history-year.ts";
import { type Random, seededRandom } from "./support/seeded-random.ts";
import { syncedSite, type SyncedSite } from "./support/synced-site.ts";
import { syncSimulated } from "./support/sync.ts";

const SEED = Number(process.env["USHER_HISTORY_SEED"] ?? 20_261_121);
/** Fewer for a quick look; the year is what counts. */
const DAYS = Number(process.env["USHER_HISTORY_DAYS"] ?? 365);
const DAYS_ASKED = 100;
/** Groups and spaces looked into on each of them. */
const OBJECTS_ASKED = 3;
const DAY_MS = 86_400_000;
const FIRST_RUN = new Date("2026-01-01T02:00:00Z");

describe(`a year of daily runs (USHER_HISTORY_SEED=${SEED})`, () => {
  let simulator: Simulator;
  let installation: SyncInstallation;
  let site: { siteId: string; connectionId: string };
  const days: DayTruth[] = [];

  before(async () => {
    const random = seededRandom(SEED);
    installation = await syncInstallation(FIRST_RUN);
    const { clock } = installation;
    simulator = await startSimulator({ scale: "tiny", seed: SEED, limits: "off", clock });
    const simulated = await syncedSite(simulator.url, { clock });
    site = await installation.addSite({
      // What people did is no part of what is asked; a third of each run would go to it.
      capabilities: ["roster", "permissions"],
      // Of so few, a removed space takes many rights at once, which nobody is there to accept.
      settings: { safeguardCountMin: 1_000 },
    });
    for (let day = 0; day < DAYS; day += 1) {
      const lived = day === 0 ? [] : liveADay(simulator, acmeOf(simulator), random);
      await runDay(simulated, day, lived);
      days.push(recordDay(acmeOf(simulator)));
      clock.moveBy(DAY_MS);
    }
  });
  after(async () => {
    await installation.close();
    await simulator.close();
  });

  async function runDay(simulated: SyncedSite, day: number, lived: readonly string[]): Promise<void> {
    const context = { clock: installation.clock };
    const run = await syncSimulated(installation, simulated, site, { context });
    assert.equal(run.state, "succeeded", `day ${day} after ${lived.join(", ")}: ${run.errorMessage ?? ""}`);
  }

  async function everything<Row, Item>(
    source: ListSource<Row, Item, never> | ListSource<Row, Item, string>,
  ): Promise<Item[]> {
    const [column] = Object.values(source.sorts);
    assert.ok(column);
    const page = pageSql({ column, tie: source.tie, descends: false, after: null, limit: null });
    const rows = await installation.db.query<Row & object>(source.select(page));
    return source.toItems ? source.toItems(rows, installation.db) : (rows as unknown as Item[]);
  }

  it("answers for a hundred days what was so on each", async () => {
    const random = seededRandom(SEED + 1);
    for (let asked = 0; asked < DAYS_ASKED; asked += 1) {
      const day = random.below(DAYS);
      const truth = days[day];
      assert.ok(truth);
      const at = new Date(FIRST_RUN.getTime() + day * DAY_MS + random.below(DAY_MS - 7_200_000));

      const answers = await answersAt(at, random);

      assert.deepEqual(answers, expectedOf(truth, answers), `day ${day}, ${at.toISOString()}, seed ${SEED}`);
    }
  });

  async function answersAt(at: Date, random: Random) {
    const past: Past = { at, siteIds: [site.siteId] };
    const { siteId } = site;
    const none = { siteId, search: null, statuses: null };
    const accounts = await everything(accountList({ ...none, classes: null, groupId: null, situations: null }, past));
    const licensed = await everything(
      accountList({ ...none, classes: ["licensed"], groupId: null, situations: null }, past),
    );
    const seats = await everything(seatList({ ...none, state: "current", personId: null }, past));
    const groups = await everything(groupList({ siteId, search: null, givesSeat: null, managedBy: null }, past));
    const spaces = await everything(
      spaceList({ siteId, search: null, types: null, status: null, isAnonymous: null }, past),
    );
    const giving = await everything(productAccessList(siteId, null, at));
    const sourceIds = new Map(accounts.map((each) => [each.accountId, each.sourceId]));
    const idOf = (each: { accountId: string }) => sourceIds.get(each.accountId) ?? each.accountId;

    const memberships = new Map<string, string[]>();
    for (const { groupId, sourceId } of someOf(groups, random)) {
      const group = await findGroup(installation.db, groupId, at);
      assert.ok(group);
      const members = await everything(memberList(group, { statuses: null, classes: null, isNested: false }, at));
      memberships.set(sourceId, members.map(idOf));
      assert.equal(members.length, group.members, `${group.name} is counted as it is listed`);
    }
    const permissions = new Map<string, string[]>();
    const readers = new Map<string, string[]>();
    for (const { spaceId, sourceId } of someOf(spaces, random)) {
      const space = await findSpace(installation.db, spaceId, at);
      assert.ok(space);
      const rights = await everything(rightsList(space, null, at));
      permissions.set(
        sourceId,
        rights.flatMap(({ principalType, principalId, operations }) =>
          operations.map(({ key, target }) => `${principalType}:${principalId}:${key}/${target}`),
        ),
      );
      const holders = await everything(spaceHolderList(space, { canAdminister: false, classes: null }, at));
      readers.set(sourceId, holders.map(idOf));
    }
    assert.deepEqual(licensed.map(idOf).toSorted(), seats.map(idOf).toSorted(), "who is licensed holds a seat");
    return sorted({
      accounts: new Map(accounts.map((each) => [each.sourceId, `${each.displayName}, ${each.accountClass}`])),
      seats: seats.map(idOf),
      groups: new Map(groups.map((each) => [each.sourceId, each.name])),
      memberships,
      productAccessGroups: giving.filter((each) => each.isEffective).map((each) => each.sourceId),
      spaces: new Map(spaces.map((each) => [each.sourceId, each.name])),
      permissions,
      readers,
    });
  }
});

function someOf<Value>(values: readonly Value[], random: Random): Value[] {
  return [...new Set(Array.from({ length: OBJECTS_ASKED }, () => random.of(values)))];
}

/** The truth of the whole day, of groups and spaces as far as they were looked into. */
function expectedOf(truth: DayTruth, answers: ReturnType<typeof sorted>) {
  const expected = sorted(truth);
  const asked = (lists: [string, string[]][], of: [string, string[]][]) =>
    lists.filter(([id]) => of.some(([each]) => each === id));
  return {
    ...expected,
    memberships: asked(expected.memberships, answers.memberships),
    permissions: asked(expected.permissions, answers.permissions),
    readers: asked(expected.readers, answers.readers),
  };
}

function sorted(day: DayTruth) {
  const texts = (map: Map<string, string>) => [...map].toSorted(byFirst);
  const lists = (map: Map<string, string[]>) =>
    [...map].map(([id, each]): [string, string[]] => [id, each.toSorted()]).toSorted(byFirst);
  return {
    accounts: texts(day.accounts),
    seats: day.seats.toSorted(),
    groups: texts(day.groups),
    memberships: lists(day.memberships),
    productAccessGroups: day.productAccessGroups.toSorted(),
    spaces: texts(day.spaces),
    permissions: lists(day.permissions),
    readers: lists(day.readers),
  };
}

function byFirst([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
