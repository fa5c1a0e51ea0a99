import type { Role } from "../../model/roles.ts";
import type { SsoSettings } from "../../model/sign-in-settings.ts";

/**
 * The roles that the provider's groups give. Null: no mapping is set, so that roles stay as they were given in Usher. The
 * default role is for whoever no mapping names.
 */
export function rolesByGroups(
  { mapping, defaultRole }: Pick<SsoSettings, "mapping" | "defaultRole">,
  groups: readonly string[],
): Role[] | null {
  if (mapping.length === 0) return null;
  const roles = new Set(mapping.filter(({ value }) => groups.includes(value)).map(({ role }) => role));
  if (roles.size > 0) return [...roles];
  return defaultRole === null ? [] : [defaultRole];
}

/** The values of a claim, which is a text, a list of texts, or lies deeper: `realm_access.roles`. */
export function groupsOf(claims: Readonly<Record<string, unknown>>, claim: string): string[] {
  const found = claim in claims ? claims[claim] : claim.split(".").reduce(stepInto, claims as unknown);
  const values = Array.isArray(found) ? found : [found];
  return values.filter((each): each is string => typeof each === "string");
}

function stepInto(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
