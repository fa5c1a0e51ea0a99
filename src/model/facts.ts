/** `customer` is a portal customer of Jira Service Management; it never holds a Confluence seat. */
export type AccountType = "atlassian" | "app" | "customer" | "unknown";

/** `inactive` is deactivated, `closed` is deleted (FACTS §4, users-bulk). */
export type AccountStatus = "active" | "inactive" | "closed" | "unknown";

/** Who may change a group's members (FACTS §3). */
export type GroupManagement = "admins" | "external" | "team-members" | "open";

export type ProductAccess = "user" | "admin";

/** What a person said of a group that gives a seat; dropping one takes a reason. */
export type ProductAccessDecision = "confirmed" | "added" | "dropped";

/**
 * Found by Usher and not decided yet, or decided by a person; `not-found`: decided once, but the source names it no
 * longer, so that it gives no seat.
 */
export type ProductAccessGroupState = "found" | ProductAccessDecision | "not-found";

/** Kinds of space as the v2 API names them; new ones appear live, so the type is open. */
export type SpaceType = string;
export type SpaceStatus = "current" | "archived";

/**
 * Who holds a right on a space. `access-class` is a whole class of people (all licensed users, anonymous, …), in the
 * one spelling we store: lower case with hyphens, as the role API writes it (TRAPS §2.2: ids differ by API).
 */
export type PrincipalType = "user" | "group" | "role" | "access-class";

/** One right, in Atlassian's own words: `{ key: "read", target: "space" }`. Unknown keys are kept. */
export interface Operation {
  key: string;
  target: string;
  /** The source's id of this permission; needed to take it back. */
  sourceId: string;
}

/** Which source a field of an account came from; a name split from the display name says so. */
export type FieldOrigin = "user-search" | "users-bulk" | "group-members" | "organization" | "display-name";

export type EvidenceKind = "viewed" | "contributed" | "administered" | "authenticated";

/** `contributed` and `administered` see only writers; silence there proves nothing about reading. */
export const KINDS_THAT_SEE_READERS: readonly EvidenceKind[] = ["viewed", "authenticated"];

export type ActivityType = "page" | "blogpost" | "comment" | "attachment" | "space" | "admin" | "view" | "other";

/** What an audit record says was changed; `other` is nothing that a run reads. */
export type AuditChange =
  | "account-added"
  | "account-changed"
  | "account-removed"
  | "group-added"
  | "group-changed"
  | "group-removed"
  | "member-added"
  | "member-removed"
  | "product-access"
  | "space-added"
  | "space-changed"
  | "space-removed"
  | "space-rights"
  | "other";

/** Something that an audit record names. */
export interface AuditObject {
  type: "account" | "group" | "space" | "other";
  /** Null where the record has only a name: Cloud names accounts so (FACTS §3). */
  sourceId: string | null;
  name: string;
}

/** Whether an event is listed under whoever did it, or under whom it was done to. */
export type ActivityPart = "author" | "concerned";

/** Where an activity event or a piece of evidence was read. */
export type EvidenceSource = "content-search" | "organization" | "audit-log" | "import";

export type SeatStatus = "active" | "idle" | "never-used" | "no-evidence";

/** Why an account is on a site, apart from whether it uses it. */
export type AccountClass = "licensed" | "guest" | "app" | "customer" | "deactivated" | "no-access";
