export type SpaceRisk = "anonymous-can-read" | "no-admin" | "one-admin";

/** What whoever answers for spaces would want to know of one. Nothing is said where its rights were not read. */
export function spaceRisks(space: {
  type: string;
  /** Accounts, groups and classes that hold a right; none: its rights are not known. */
  principals: number;
  admins: number;
  isAnonymous: boolean;
}): SpaceRisk[] {
  const risks: SpaceRisk[] = [];
  if (space.isAnonymous) risks.push("anonymous-can-read");
  if (space.principals === 0 || space.type === "personal") return risks;
  if (space.admins === 0) risks.push("no-admin");
  if (space.admins === 1) risks.push("one-admin");
  return risks;
}
