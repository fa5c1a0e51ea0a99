import type { QueryOf } from "../../api/contract.ts";
import * as api from "../../api/people.ts";
import { seatCosts } from "../../commands/licenses/seat-costs.ts";
import { ok, refuse } from "../../lib/result.ts";
import { effectiveAccess } from "../../rules/access.ts";
import { costOfPerson, NO_COST } from "../../rules/billing/person-cost.ts";
import { listAccountHistory, listAccountsOfPerson, listSeatsOfPeople, type AccountRow } from "../../store/accounts.ts";
import { reachedSpaceList, type ReachedSpaceRow } from "../../store/access.ts";
import type { Reader } from "../../store/database.ts";
import { listExclusionsOf } from "../../store/exclusions/of-account.ts";
import { ACTIVITY_KINDS, findDataAsOf, PERMISSION_KINDS, ROSTER_KINDS } from "../../store/freshness.ts";
import { listGroupsOfAccounts } from "../../store/memberships.ts";
import { findGroup } from "../../store/groups.ts";
import { listSpaceLosses } from "../../store/plans/losses.ts";
import { findMembership, findSpacesOfGroupAlone } from "../../store/what-if.ts";
import type { Past } from "../../store/instants.ts";
import { findPerson, hasPerson, type PeopleFilters, peopleList, type PersonRow } from "../../store/people.ts";
import { countInactivity, listPeopleFacets } from "../../store/people-facets.ts";
import {
  findSuccessor,
  listManagers,
  listPersonAttributes,
  listPersonVersions,
} from "../../store/person-attributes.ts";
import { countReachAt } from "../../store/reach-at.ts";
import { listSeatsOfPerson, type SeatRow } from "../../store/seat-lists.ts";
import { listSeatPaths, type SeatPath } from "../../store/seat-paths.ts";
import { countWeeklyEvents, WEEKS } from "../../store/weekly-events.ts";
import { readAskedTime } from "../as-of.ts";
import { explainAccess, explainSeats, type ExplainedSeat } from "../explain-seats.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";
import { personHistory } from "../person-history.ts";

export const peopleHandlers = [
  handleList(api.listPeople, async (input) => {
    const { query, ctx } = input;
    const now = ctx.clock.now();
    const filters = filtersOf(query, now);
    const { past, told } = await readAskedTime(input, api.listPeople, {
      needs: { needed: ["accounts"], also: ["groups", "memberships", "product-access"] },
      kinds: [...ROSTER_KINDS, ...ACTIVITY_KINDS],
      siteIds: filters.siteId === null ? null : [filters.siteId],
    });
    return ok({
      ...peopleList(filters, past),
      toItems: (rows: PersonRow[], reader: Reader) =>
        past === null ? withReasons(rows, reader, now) : withPastOf(rows, reader, past),
      ...told,
    });
  }),

  handle(api.listPeopleFacets, async ({ query, reader, ctx }) =>
    ok({ facets: await listPeopleFacets(reader, filtersOf(query, ctx.clock.now())) }),
  ),

  handle(api.getInactivity, async ({ query, reader, ctx }) => {
    const now = ctx.clock.now();
    const { stepDays } = query;
    const counts = await countInactivity(reader, filtersOf(query, now), { now, stepDays, binsMax: BINS_MAX });
    return ok({ stepDays, ...counts });
  }),

  handle(api.getPerson, async ({ reader, ctx, params: { personId } }) => {
    const person = await findPerson(reader, personId);
    if (!person && !(await hasPerson(reader, personId))) return refuse("no-such-person");
    const accounts = await listAccountsOfPerson(reader, personId);
    const [explained, seats, groups, changes, paths, about, dataAsOf] = await Promise.all([
      explainSeats(reader, accounts),
      listSeatsOfPerson(reader, personId),
      listGroupsOfAccounts(
        reader,
        accounts.map((each) => each.accountId),
      ),
      listAccountHistory(reader, personId),
      seatPathsOf(reader, accounts),
      aboutPerson(reader, personId),
      findDataAsOf(
        reader,
        [...ROSTER_KINDS, ...ACTIVITY_KINDS, ...PERMISSION_KINDS],
        accounts.map((each) => each.siteId),
      ),
    ]);
    const exclusions = await listExclusionsOf(
      reader,
      accounts.map((each) => each.accountId),
      ctx.clock.now(),
    );
    const groupsByAccount = Map.groupBy(groups, (each) => each.accountId);
    return ok({
      personId,
      name: person?.name ?? about.versions[0]?.name ?? changes[0]?.displayName ?? personId,
      isGone: person === null,
      status: person?.status ?? null,
      lastActivityAt: person?.lastActivityAt ?? null,
      lastActivityKind: person?.lastActivityKind ?? null,
      lastActivity: person?.lastActivity ?? null,
      spaces: person?.spaces ?? null,
      ...about,
      accounts: accounts.map((account) => ({
        account: { ...account, exclusions: exclusions.get(account.accountId) ?? [] },
        seat: seatOf(
          seats.find((each) => each.seatId === account.seatId),
          explained.get(account.accountId),
          paths.get(account.accountId) ?? [],
        ),
        evidence: explained.get(account.accountId)?.evidence ?? [],
        groups: groupsByAccount.get(account.accountId) ?? [],
      })),
      history: personHistory(changes, seats),
      dataAsOf,
    });
  }),

  handle(api.whatIf, async ({ reader, params: { personId }, query: { removeFrom: groupId } }) => {
    if (!(await hasPerson(reader, personId))) return refuse("no-such-person");
    const group = await findGroup(reader, groupId);
    if (!group) return refuse("no-such-group");
    const { siteId } = group;
    const membership = await findMembership(reader, { personId, siteId, groupId });
    if (!membership?.isDirect) return refuse("not-a-member");
    const { accountId, holdsSeat, keepsSeat } = membership;
    const [[losses], alone] = await Promise.all([
      listSpaceLosses(reader, siteId, [{ accountId, groupIds: [groupId] }]),
      findSpacesOfGroupAlone(reader, { siteId, accountId, groupId }),
    ]);
    const losesSeat = holdsSeat && !keepsSeat;
    return ok({
      personId,
      accountId,
      siteId,
      groupId,
      group: group.name,
      managedBy: group.managedBy,
      losesSeat,
      spaces: losesSeat ? membership.spaces : alone.spaces,
      spacesOfGroup: alone.spaces,
      spaceKeys: alone.keys,
      lastAdminOf: losses?.lastAdminOf ?? [],
    });
  }),

  handleList(api.listPersonAccess, async (input) => {
    const { query, params } = input;
    const { siteId = null } = query;
    if (!(await hasPerson(input.reader, params.personId))) return refuse("no-such-person");
    const { past, at, told } = await readAskedTime(input, api.listPersonAccess, {
      needs: { needed: ["accounts", "spaces", "rights"], also: ["groups", "memberships", "product-access"] },
      kinds: [...ROSTER_KINDS, ...PERMISSION_KINDS],
      siteIds: siteId === null ? null : [siteId],
    });
    return ok({
      ...reachedSpaceList(params.personId, { siteId }, past),
      toItems: (rows: ReachedSpaceRow[], reader: Reader) => withPaths(rows, reader, at),
      ...told,
    });
  }),
];

/** Bins of the histogram of inactivity. */
const BINS_MAX = 60;

function filtersOf(query: QueryOf<typeof api.listPeopleFacets>, now: Date): PeopleFilters {
  return {
    statuses: query.status ?? null,
    classes: query.class ?? null,
    siteId: query.siteId ?? null,
    groupId: query.groupId ?? null,
    notInGroupId: query.notInGroupId ?? null,
    isAdmin: query.isAdmin ?? null,
    department: query.department ?? null,
    personStatuses: query.personStatus ?? null,
    costCenter: query.costCenter ?? null,
    managerId: query.managerId ?? null,
    situations: query.situation ?? null,
    hasAccounts: query.hasAccounts ?? null,
    search: query.q ?? null,
    idleSince: query.idleDays === undefined ? null : new Date(now.getTime() - query.idleDays * 86_400_000),
    exclusion: { isExcluded: query.excluded ?? null, effects: query.excludedFrom ?? null, now },
  };
}

async function aboutPerson(reader: Reader, personId: string) {
  const [movedTo, attributes, managers, versions] = await Promise.all([
    findSuccessor(reader, personId),
    listPersonAttributes(reader, personId),
    listManagers(reader, personId),
    listPersonVersions(reader, personId),
  ]);
  return { movedTo, attributes, managers, versions };
}

/** Each person with the sentence of the seat that gave the status. */
async function withReasons(rows: PersonRow[], reader: Reader, now: Date) {
  const seats = await listSeatsOfPeople(
    reader,
    rows.map((each) => each.personId),
  );
  const explained = await explainSeats(
    reader,
    seats.filter((each) => each.status !== null),
  );
  const exclusions = await listExclusionsOf(
    reader,
    seats.map((each) => each.accountId),
    now,
  );
  const held = seats.filter((each) => each.status !== null);
  const [costs, weeks] = await Promise.all([
    seatCosts(reader, [...new Set(held.map((each) => each.siteId))], now),
    countWeeklyEvents(reader, seats, now),
  ]);
  const seatsByPerson = Map.groupBy(seats, (each) => each.personId);
  return rows.map((row) => {
    const theirs = seatsByPerson.get(row.personId) ?? [];
    const theirCosts = theirs.filter((each) => each.status !== null).map((each) => costs.get(each.siteId));
    const told = theirs.find((each) => each.status === row.status && each.status !== null);
    const because = told ? (explained.get(told.accountId)?.text ?? null) : null;
    const over = new Map(
      theirs.flatMap((each) => exclusions.get(each.accountId) ?? []).map((each) => [each.ruleId, each]),
    );
    return {
      ...row,
      ...costOfPerson(theirCosts),
      eventsByWeek: weeks.get(row.personId) ?? Array.from({ length: WEEKS }, () => 0),
      because,
      exclusions: [...over.values()],
      sites: [...new Set(theirs.map((each) => each.site))],
    };
  });
}

/** People of an earlier day: on which sites they were, and what they could open there. */
async function withPastOf(rows: PersonRow[], reader: Reader, past: Past) {
  const personIds = rows.map((each) => each.personId);
  const accounts = await listSeatsOfPeople(reader, personIds, past);
  const bySite = [...Map.groupBy(accounts, (each) => each.siteId)];
  const counted = await Promise.all(
    bySite.map(([siteId, theirs]) =>
      countReachAt(
        reader,
        siteId,
        theirs.map((each) => each.accountId),
        past.at,
      ),
    ),
  );
  const spacesById = new Map(counted.flatMap((each) => [...each]));
  const accountsByPerson = Map.groupBy(accounts, (each) => each.personId);
  return rows.map((row) => {
    const theirs = accountsByPerson.get(row.personId) ?? [];
    const spaces = theirs.map((each) => spacesById.get(each.accountId)).filter((each) => each !== undefined);
    return {
      ...row,
      ...NO_COST,
      eventsByWeek: null,
      because: null,
      exclusions: [],
      sites: [...new Set(theirs.map((each) => each.site))],
      spaces: spaces.length > 0 ? spaces.reduce((sum, each) => sum + each, 0) : null,
    };
  });
}

async function seatPathsOf(reader: Reader, accounts: readonly AccountRow[]): Promise<Map<string, SeatPath[]>> {
  const held = accounts.filter((each) => each.seatId !== null);
  const found = await Promise.all(held.map((each) => listSeatPaths(reader, each.siteId, [each.accountId])));
  return Map.groupBy(found.flat(), (each) => each.accountId);
}

function seatOf(seat: SeatRow | undefined, explained: ExplainedSeat | undefined, paths: SeatPath[]) {
  if (!seat?.status) return null;
  const { seatId, status, edition, since, sinceOrigin, costPerMonthMinor, currency } = seat;
  const because = explained?.text ?? "";
  const reasons = explained?.because ?? [];
  return { seatId, status, because, reasons, edition, since, sinceOrigin, costPerMonthMinor, currency, paths };
}

async function withPaths(rows: ReachedSpaceRow[], reader: Reader, at: Date | null) {
  const bySite = [...Map.groupBy(rows, (each) => each.siteId)];
  const found = await Promise.all(
    bySite.map(([siteId, theirs]) =>
      explainAccess(
        reader,
        siteId,
        {
          accountIds: [...new Set(theirs.map((each) => each.accountId))],
          spaceIds: theirs.map((each) => each.spaceId),
        },
        at,
      ),
    ),
  );
  const pathsByPair = new Map(found.flatMap((each) => [...each]));
  return rows.map((row) => {
    const paths = pathsByPair.get(`${row.accountId}/${row.spaceId}`) ?? [];
    return { ...row, canAdminister: effectiveAccess(paths).canAdminister, paths };
  });
}
