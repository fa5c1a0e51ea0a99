import { fraction, hex, mix } from "../random.ts";
import { DAY_MS } from "./people.ts";
import { outsideQuietDays } from "./content.ts";
import type { SiteWorld } from "./world.ts";

export interface AuditRecord {
  at: number;
  /** Index of the account, or null for System. */
  author: number | null;
  summary: string;
  category: string;
  affected: { name: string; objectType: string };
  changedValues: { name: string; oldValue: string; newValue: string }[];
  associated: { name: string; objectType: string }[];
}

/** Records of the seed, newest first: number 0 is the last that happened before the simulator started. */
export function seededAuditRecord(site: SiteWorld, number: number): AuditRecord {
  const chance = mix(site.seed, site.number, number, 90);
  const age = ((number + fraction(site.seed, site.number, number, 91)) / site.scale.auditRecordsPerYear) * 365;
  const at = site.startedAt - Math.floor(outsideQuietDays(age) * DAY_MS);
  const admins = site.auditAuthors;
  const author = chance % 3 === 0 ? null : (admins[(chance >>> 4) % admins.length] ?? null);
  const groupName = site.seededGroupNames[(chance >>> 6) % site.seededGroupNames.length] ?? "";
  const person = site.people[site.seededMembers[(chance >>> 5) % site.seededMembers.length] ?? 0];
  const spaceName = site.seededSpaceNames[(chance >>> 7) % site.seededSpaceNames.length] ?? "";
  const personName = person?.displayName ?? "";
  switch (chance % 5) {
    case 0:
      return record(
        at,
        null,
        "User added to group",
        "Users and groups",
        { name: groupName, objectType: "Group" },
        [],
        personName,
      );
    case 1:
      return record(
        at,
        author,
        "User removed from group",
        "Users and groups",
        { name: groupName, objectType: "Group" },
        [],
        personName,
      );
    case 2:
      return record(at, author, "Space permission added", "Permissions", { name: spaceName, objectType: "Space" }, [
        { name: "Type", oldValue: "", newValue: "VIEWSPACE" },
      ]);
    case 3:
      return record(at, author, "Space configuration updated", "Spaces", { name: spaceName, objectType: "Space" }, [
        { name: "Name", oldValue: "", newValue: spaceName },
      ]);
    default:
      return record(at, null, "User created", "Users and groups", { name: personName, objectType: "User" }, [
        { name: "Active", oldValue: "", newValue: "Yes" },
      ]);
  }
}

/** Number of seeded records at or after `since`. */
export function seededAuditRecordsSince(site: SiteWorld, since: number): number {
  let low = 0;
  let high = site.scale.auditRecordsPerYear;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (seededAuditRecord(site, middle).at >= since) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `person` is a display name: the log never carries the account id of whom it happened to (FACTS §3). */
export function record(
  at: number,
  author: number | null,
  summary: string,
  category: string,
  affected: AuditRecord["affected"],
  changedValues: AuditRecord["changedValues"] = [],
  person?: string,
): AuditRecord {
  return {
    at,
    author,
    summary,
    category,
    affected,
    changedValues,
    associated: person === undefined ? [] : [{ name: person, objectType: "User" }],
  };
}

/** An address of the documentation range (RFC 5737). */
export function remoteAddress(site: SiteWorld, at: number): string {
  return `203.0.113.${Number.parseInt(hex(site.seed, at & 0xff, 92, 2), 16)}`;
}
