/**
 * One change at a source. A source makes it by one request, which is sent once: whether it took effect after a time-out
 * or a lost answer is read back, never assumed.
 */
export type Change =
  | { kind: "add-member" | "remove-member"; groupSourceId: string; accountSourceId: string }
  /** Suspends or reinstates the account in the organization's directory: every product of the site's organization. */
  | { kind: "suspend-account" | "reinstate-account"; accountSourceId: string }
  /** Where the identity provider's directory is written by SCIM. */
  | { kind: "scim-deactivate" | "scim-activate"; accountSourceId: string }
  /** The account of a Data Center instance. */
  | { kind: "disable-account" | "enable-account"; accountSourceId: string }
  /** Only for the write proof: a group that gives nothing. */
  | { kind: "create-group"; name: string }
  | { kind: "delete-group"; groupSourceId: string };

export type ChangeKind = Change["kind"];

export const CHANGE_KINDS = [
  "add-member",
  "remove-member",
  "suspend-account",
  "reinstate-account",
  "scim-deactivate",
  "scim-activate",
  "disable-account",
  "enable-account",
  "create-group",
  "delete-group",
] as const satisfies readonly ChangeKind[];
