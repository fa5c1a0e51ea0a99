/** What an import says of a person's employment. */
export type PersonStatus = "active" | "left" | "disabled";

export const PERSON_STATUSES = ["active", "left", "disabled"] as const;

/** Where a field of a person came from: an import, or the directory that told it of an account. */
export type PersonFieldOrigin = "import" | "directory";
