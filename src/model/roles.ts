import { covers, type Scope, SCOPES } from "./scopes.ts";

/** What a person may be in Usher. Owners and approvers get their rights from what they own, not from a role. */
export const ROLES = ["admin", "connection-admin", "license-manager", "review-owner", "auditor", "member"] as const;

export type Role = (typeof ROLES)[number];

/** What each role may do; writing includes reading the same noun. */
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly Scope[]>> = {
  admin: ["*"],
  "connection-admin": [
    "connections:write",
    "inventory:read",
    "people:write",
    "evidence:write",
    "runs:write",
    "jobs:write",
    "tokens:write",
  ],
  "license-manager": [
    "connections:read",
    "inventory:read",
    "licenses:write",
    "people:write",
    "evidence:write",
    "reclamation:write",
    "exclusions:write",
    "runs:write",
    "jobs:write",
    "journal:read",
    "plans:write",
    "operators:read",
    "tokens:write",
    "notifications:write",
  ],
  "review-owner": ["inventory:read", "journal:read", "tokens:write"],
  auditor: SCOPES.filter((scope) => scope.endsWith(":read")),
  member: [],
};

/** What somebody with these roles may do. A role that this version does not know gives nothing. */
export function scopesOfRoles(roles: readonly string[]): Scope[] {
  const scopes = ROLES.filter((role) => roles.includes(role)).flatMap((role) => SCOPES_OF_ROLE[role]);
  return scopes.includes("*") ? ["*"] : SCOPES.filter((scope) => scopes.includes(scope));
}

/** What both allow: a token of a person may do no more than the person. */
export function scopesInBoth(left: readonly string[], right: readonly string[]): string[] {
  if (left.includes("*")) return [...right];
  if (right.includes("*")) return [...left];
  return SCOPES.filter((scope) => scope !== "*" && covers(left, scope) && covers(right, scope));
}

/** Nobody hands on, or takes, what they could not do themselves: a token for inviting people makes no admin. */
export function coversRoles(held: readonly string[], roles: readonly string[]): boolean {
  return scopesOfRoles(roles).every((scope) => covers(held, scope));
}

/** The least role that may do all of this, for a person who is made with a token. */
export function leastRoleFor(scopes: readonly Scope[]): Role {
  const order: readonly Role[] = ["review-owner", "connection-admin", "license-manager", "auditor"];
  return order.find((role) => scopes.every((scope) => covers(SCOPES_OF_ROLE[role], scope))) ?? "admin";
}
