import type { AccountChange } from "../store/accounts.ts";
import type { SeatRow } from "../store/seat-lists.ts";

export interface HistoryEntry {
  at: Date;
  accountId: string;
  what: "account-seen" | "account-changed" | "account-gone" | "seat-opened" | "seat-ended";
  detail: string;
}

/** What happened to a person's accounts and seats, newest first; instants are those of the runs that saw it. */
export function personHistory(changes: readonly AccountChange[], seats: readonly SeatRow[]): HistoryEntry[] {
  const entries = [...Map.groupBy(changes, (each) => each.accountId).values()].flatMap(accountEntries);
  for (const { accountId, site, since, sinceOrigin, endedAt, endReason } of seats) {
    const origin = sinceOrigin === "organization" ? "added to the organization" : "first seen with a seat";
    entries.push({ at: since, accountId, what: "seat-opened", detail: `${site}: ${origin}` });
    if (endedAt)
      entries.push({ at: endedAt, accountId, what: "seat-ended", detail: `${site}: ${endReason ?? "unknown"}` });
  }
  return entries.toSorted((left, right) => right.at.getTime() - left.at.getTime());
}

/** Versions of one account come newest first. */
function accountEntries(versions: readonly AccountChange[]): HistoryEntry[] {
  return versions.flatMap((version, index) => {
    const { accountId, validFrom, validTo } = version;
    const next = versions[index - 1];
    const entries: HistoryEntry[] = [];
    if (validTo && next?.validFrom.getTime() !== validTo.getTime()) {
      entries.push({ at: validTo, accountId, what: "account-gone", detail: version.displayName });
    }
    const isFirst = index === versions.length - 1;
    entries.push({
      at: validFrom,
      accountId,
      what: isFirst ? "account-seen" : "account-changed",
      detail: stateOf(version),
    });
    return entries;
  });
}

function stateOf({ displayName, accountStatus, isGuest, isSuspended }: AccountChange): string {
  const also = [isGuest ? "guest" : null, isSuspended ? "suspended" : null].filter((each) => each !== null);
  return [displayName, accountStatus, ...also].join(", ");
}
