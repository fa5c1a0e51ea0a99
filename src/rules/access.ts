import type { SourceKind } from "../model/connections.ts";
import type { AccountClass, AccountStatus, AccountType, PrincipalType } from "../model/facts.ts";

/** Enough of a right to judge it; `Operation` and what a source observed both fit. */
export interface RightOnTarget {
  key: string;
  target: string;
}

/** Whether these classic rights let their holder open the space. Keys that we do not know say nothing (TRAPS §2.2). */
export function canRead(operations: readonly RightOnTarget[]): boolean {
  return operations.some((each) => each.key === "read" && each.target === "space");
}

/** Whether these classic rights let their holder change the rights of others on the space (FACTS §5, "Admin"). */
export function canAdminister(operations: readonly RightOnTarget[]): boolean {
  return operations.some((each) => each.key === "administer" && each.target === "space");
}

/**
 * As `canRead`, for the permission ids of a space role. Atlassian documents the ids as opaque text and publishes no
 * list of them (FACTS, "unverified"); the spellings seen are `read/space` and the like of "View content".
 */
export function roleCanRead(permissionIds: readonly string[]): boolean {
  return permissionIds.some((each) => ROLE_READS.has(plain(each)));
}

/** As `canAdminister`, for a role: either half of what roles split it into, managing the space or the access to it. */
export function roleCanAdminister(permissionIds: readonly string[]): boolean {
  return permissionIds.some((each) => ROLE_ADMINISTERS.has(plain(each)));
}

const ROLE_READS = new Set(["readspace", "spaceread", "viewspace", "viewcontent", "readcontent"]);
const ROLE_ADMINISTERS = new Set([
  "administerspace",
  "spaceadminister",
  "managespacefeatures",
  "managespace",
  "manageaccess",
  "manageusersspace",
]);

/** How the permission ids of roles may spell a right such as `administer/space`, in small letters only. */
export function spellingsInRoles(operation: string): string[] {
  if (operation === "read/space") return [...ROLE_READS];
  if (operation === "administer/space") return [...ROLE_ADMINISTERS];
  const [key = "", target = ""] = operation.split("/", 2);
  return [plain(key + target), plain(target + key)];
}

/** `read/space`, `READ_SPACE` and `read:space` are one id spelled three ways. */
function plain(permissionId: string): string {
  return permissionId.toLowerCase().replaceAll(/[^a-z]/g, "");
}

export interface AccountFacts {
  accountType: AccountType;
  status: AccountStatus;
  isGuest: boolean;
  /** Null where no organization key tells. */
  isSuspended: boolean | null;
  /** Whether a group gives it the product, and the source does not say that it may not use it. */
  isGivenProduct: boolean;
}

export interface AccessFacts {
  source: SourceKind;
  /** What the source itself says of the account; null where it does not tell. */
  hasAccess: boolean | null;
  isSuspended: boolean | null;
  /** Whether a group that gives the product has the account as a member, directly or through nested groups. */
  isInGroup: boolean;
  /** Whether any group is known to give the product; a credential may not be allowed to read groups. */
  areGroupsKnown: boolean;
}

/**
 * Whether an account is given the product. Data Center tells for each account whether the license counts it, and that
 * word is final (FACTS §10). On Cloud groups give it; the source's own word takes it away, except from somebody of whom
 * the directory says that they are not suspended, and gives it only where no group is known to.
 */
export function isGivenProduct({ source, hasAccess, isSuspended, isInGroup, areGroupsKnown }: AccessFacts): boolean {
  if (source === "confluence-data-center" && hasAccess !== null) return hasAccess;
  if (!areGroupsKnown) return hasAccess ?? false;
  return isInGroup && (hasAccess !== false || isSuspended === false);
}

/**
 * Why an account is on a site. Only `licensed` holds a seat: guests and apps are free, and who cannot use the product is
 * not billed. An account whose status no credential could read counts as active: Atlassian bills it, and a seat that is
 * paid must not be missing from the list (FACTS §7).
 */
export function classOfAccount(account: AccountFacts): AccountClass {
  if (account.accountType === "app") return "app";
  if (account.accountType === "customer") return "customer";
  if (account.status === "inactive" || account.status === "closed") return "deactivated";
  if (account.isSuspended) return "no-access";
  if (account.isGuest) return "guest";
  return account.isGivenProduct ? "licensed" : "no-access";
}

/**
 * The classes of people that an account belongs to, as principals of space permissions. A guest is signed in too, and
 * who may see a space is better told once too often than left out. `anonymous-users` means visitors without an account,
 * so it holds nobody we could name, and who manages Jira projects is not known here.
 */
export function accessClassesOf(account: { accountClass: AccountClass; isProductAdmin: boolean }): string[] {
  if (account.accountClass === "guest") return ["authenticated-users"];
  if (account.accountClass !== "licensed") return [];
  const classes = ["authenticated-users", "all-licensed-users"];
  return account.isProductAdmin ? [...classes, "all-product-admins"] : classes;
}

/** One way from an account to a space. */
export interface AccessPath {
  through: "direct" | "group" | "access-class";
  principalType: PrincipalType;
  /** As the source knows it: account id, group id, or access class. */
  principalId: string;
  /** The group's name, or the class in words; null for a direct right. */
  name: string | null;
  /** Names of the groups nested in that one on the way to the account; empty for a direct member. */
  via: string[];
  canRead: boolean;
  canAdminister: boolean;
  /** Names of the roles, where rights are given by role. */
  roles: string[];
}

/** What all paths together allow. */
export function effectiveAccess(paths: readonly AccessPath[]): { canRead: boolean; canAdminister: boolean } {
  return { canRead: paths.some((each) => each.canRead), canAdminister: paths.some((each) => each.canAdminister) };
}

/** A class in the reader's words; one that we do not know keeps its own name. */
export function nameOfAccessClass(id: string): string {
  return CLASS_NAMES[id] ?? id;
}

const CLASS_NAMES: Record<string, string> = {
  "anonymous-users": "Anyone, without signing in",
  "authenticated-users": "Anyone signed in",
  "all-licensed-users": "Everybody with a seat",
  "all-product-admins": "Confluence administrators",
  "jsm-project-admins": "Jira Service Management project administrators",
};
