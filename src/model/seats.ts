import type { Edition } from "./connections.ts";
import type { AccountType, SeatStatus } from "./facts.ts";
import type { PersonStatus } from "./people.ts";

/** What a kind of evidence that sees readers covers for one account. */
export interface ReadingWindow {
  kind: "viewed" | "authenticated";
  /** Silence before this proves nothing. Null: the account's whole life is known. */
  knownSince: Date | null;
  /** What happened after this is not known yet. */
  knownUntil: Date;
}

/** What conditions of reclamation rules and of exclusions see of one seat, or of one guest. */
export interface SeatFacts {
  siteId: string;
  accountId: string;
  personId: string;
  /** Null of a guest, who holds no seat. */
  seatId: string | null;
  edition: Edition | null;
  /** What the site calls the edition, in upper case; left out where facts were not read from the store. */
  editionIdentifier?: string | null;
  grantedAt: Date;
  /** `first-seen`: the source does not tell when access was given, so its age counts from there. */
  grantedOrigin: "organization" | "first-seen";
  accountClass: "licensed" | "guest";
  accountType: AccountType;
  isManaged: boolean | null;
  /** In lower case; null when hidden. */
  email: string | null;
  /** Null: no import tells of this person. */
  personStatus: PersonStatus | null;
  department: string | null;
  jobTitle: string | null;
  costCenter: string | null;
  location: string | null;
  employmentType: string | null;
  managerId: string | null;
  groupsCount: number;
  /** Groups that the account is in, also through nesting; left out where facts were not read from the store. */
  groupIds?: readonly string[];
  /** Null: rights are not read at this site. */
  spacesCount: number | null;
  /** Among the seats of one person at one site: 1 stays; null where there is one only. */
  duplicateRank: number | null;
  viewedAt: Date | null;
  contributedAt: Date | null;
  administeredAt: Date | null;
  authenticatedAt: Date | null;
  /** At most one of each kind; none: reading is not observed. */
  reading: ReadingWindow[];
  /** By the connection's own terms; null of a guest. */
  seatStatus: SeatStatus | null;
}
