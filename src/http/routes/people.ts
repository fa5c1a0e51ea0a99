import * as api from "../../api/people.ts";
import { ok, refuse } from "../../lib/result.ts";
import { effectiveAccess } from "../../rules/access.ts";
import { listAccountHistory, listAccountsOfPerson, listSeatsOfPeople, type AccountRow } from "../../store/accounts.ts";
import { reachedSpaceList, type ReachedSpaceRow } from "../../store/access.ts";
import type { Reader } from "../../store/database.ts";
import { ACTIVITY_KINDS, findDataAsOf, PERMISSION_KINDS, ROSTER_KINDS } from "../../store/freshness.ts";
import { listGroupsOfAccounts } from "../../store/groups.ts";
import { findPerson, hasPerson, peopleList, type PersonRow } from "../../store/people.ts";
import {
  findSuccessor,
  listManagers,
  listPersonAttributes,
  listPersonVersions,
} from "../../store/person-attributes.ts";
import { listSeatPaths, listSeatsOfPerson, type SeatPath, type SeatRow } from "../../store/seat-lists.ts";
import { explainAccess, explainSeats, type ExplainedSeat } from "../explain-seats.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";
import { personHistory } from "../person-history.ts";

export const peopleHandlers = [
  handleList(api.listPeople, async ({ query, reader, ctx }) => {
    const filters = {
      statuses: query.status ?? null,
      classes: query.class ?? null,
      siteId: query.siteId ?? null,
      groupId: query.groupId ?? null,
      department: query.department ?? null,
      personStatuses: query.personStatus ?? null,
      costCenter: query.costCenter ?? null,
      managerId: query.managerId ?? null,
      situations: query.situation ?? null,
      hasAccounts: query.hasAccounts ?? null,
      search: query.q ?? null,
      idleSince:
        query.idleDays === undefined ? null : new Date(ctx.clock.now().getTime() - query.idleDays * 86_400_000),
    };
    const dataAsOf = await findDataAsOf(
      reader,
      [...ROSTER_KINDS, ...ACTIVITY_KINDS],
      filters.siteId === null ? null : [filters.siteId],
    );
    return ok({ ...peopleList(filters), toItems: withReasons, dataAsOf });
  }),

  handle(api.getPerson, async ({ reader, params: { personId } }) => {
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
        account,
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

  handleList(api.listPersonAccess, async ({ query, reader, params: { personId } }) => {
    if (!(await hasPerson(reader, personId))) return refuse("no-such-person");
    return ok({
      ...reachedSpaceList(personId, { siteId: query.siteId ?? null }),
      toItems: withPaths,
      dataAsOf: await findDataAsOf(reader, [...ROSTER_KINDS, ...PERMISSION_KINDS]),
    });
  }),
];

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
async function withReasons(rows: PersonRow[], reader: Reader) {
  const seats = await listSeatsOfPeople(
    reader,
    rows.map((each) => each.personId),
  );
  const explained = await explainSeats(
    reader,
    seats.filter((each) => each.status !== null),
  );
  const seatsByPerson = Map.groupBy(seats, (each) => each.personId);
  return rows.map((row) => {
    const theirs = seatsByPerson.get(row.personId) ?? [];
    const told = theirs.find((each) => each.status === row.status && each.status !== null);
    const because = told ? (explained.get(told.accountId)?.text ?? null) : null;
    return { ...row, because, sites: [...new Set(theirs.map((each) => each.site))] };
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

async function withPaths(rows: ReachedSpaceRow[], reader: Reader) {
  const bySite = [...Map.groupBy(rows, (each) => each.siteId)];
  const found = await Promise.all(
    bySite.map(([siteId, theirs]) =>
      explainAccess(reader, siteId, {
        accountIds: [...new Set(theirs.map((each) => each.accountId))],
        spaceIds: theirs.map((each) => each.spaceId),
      }),
    ),
  );
  const pathsByPair = new Map(found.flatMap((each) => [...each]));
  return rows.map((row) => {
    const paths = pathsByPair.get(`${row.accountId}/${row.spaceId}`) ?? [];
    return { ...row, canAdminister: effectiveAccess(paths).canAdminister, paths };
  });
}
