import type { PrincipalType } from "../../model/facts.ts";

/**
 * Who holds a right, in the one spelling we store. The permissions API writes `access-class` and `ALL_LICENSED_USERS`,
 * the roles API `ACCESS_CLASS` and `all-licensed-users` (TRAPS §2.2).
 */
export function principalOf(type: string, id: string): { principalType: PrincipalType; principalId: string } {
  const known = type.toLowerCase().replaceAll("_", "-");
  if (known === "user" || known === "group" || known === "role") return { principalType: known, principalId: id };
  const principalId = id.toLowerCase().replaceAll("_", "-");
  if (known === "access-class") return { principalType: "access-class", principalId };
  // A kind of principal that Atlassian adds one day opens the space to someone: it is kept, and shown under its name.
  return { principalType: "access-class", principalId: `${known}:${principalId}` };
}
