import * as api from "../../api/seat-history.ts";
import { ok, refuse } from "../../lib/result.ts";
import { mayBecomeGuest } from "../../rules/guests.ts";
import { licensedVerdict, mayBeOlder, sayLicensed } from "../../rules/seat-history.ts";
import type { Reader } from "../../store/database.ts";
import { listKnowledge } from "../../store/known-since.ts";
import { findPerson, hasPerson } from "../../store/people.ts";
import { listPersonVersions } from "../../store/person-attributes.ts";
import { findAccountName, listPastPaths, listPastSeats, type PastSeat } from "../../store/seat-history.ts";
import { handle } from "../route.ts";

/** What has to be known of a site before it can be said that somebody held no seat there. */
const NEEDS = { needed: ["accounts"], also: ["groups", "memberships", "product-access"] } as const;

export const seatHistoryHandlers = [
  handle(api.getPersonSeatHistory, async ({ reader, params: { personId } }) => {
    const person = await findPerson(reader, personId);
    if (!person && !(await hasPerson(reader, personId))) return refuse("no-such-person");
    const seats = await listPastSeats(reader, { personId });
    const [told] = person || seats.length > 0 ? [] : await listPersonVersions(reader, personId);
    const name = person?.name ?? seats[0]?.name ?? told?.name ?? personId;
    return ok(await historyOf(reader, { personId, name, siteIds: null }, seats));
  }),

  handle(api.getAccountSeatHistory, async ({ reader, params: { accountId } }) => {
    const account = await findAccountName(reader, accountId);
    if (!account) return refuse("no-such-account");
    const { personId, name, siteId } = account;
    const seats = await listPastSeats(reader, { accountId });
    return ok(await historyOf(reader, { personId, name, siteIds: [siteId] }, seats));
  }),
];

async function historyOf(
  reader: Reader,
  { personId, name, siteIds }: { personId: string; name: string; siteIds: readonly string[] | null },
  seats: readonly PastSeat[],
) {
  const [knownSince, paths] = await Promise.all([
    listKnowledge(reader, NEEDS, siteIds),
    listPastPaths(
      reader,
      seats.map((each) => each.seatId),
    ),
  ]);
  const pathsBySeat = Map.groupBy(paths, (each) => each.seatId);
  const since = seats.map((each) => each.since.getTime());
  return {
    personId,
    name,
    verdict: licensedVerdict(seats, knownSince),
    because: sayLicensed(name, seats, knownSince),
    firstLicensedAt: since.length > 0 ? new Date(Math.min(...since)) : null,
    mayBecomeGuest: mayBecomeGuest(seats.length > 0),
    knownSince,
    seats: seats.map((seat) => ({
      ...seat,
      mayBeOlder: mayBeOlder(seat, knownSince),
      through: (pathsBySeat.get(seat.seatId) ?? []).map(({ groupId, group, memberGroupId, memberGroup, ...path }) => ({
        groupId,
        group,
        via: memberGroupId === groupId ? null : memberGroup,
        access: path.access,
        from: path.from,
        to: path.to,
      })),
    })),
  };
}
