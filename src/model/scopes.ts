/** What a token may be given. Writing includes reading the same noun; `*` is everything. */
export const SCOPES = [
  "*",
  "connections:read",
  "connections:write",
  "inventory:read",
  "licenses:read",
  "licenses:write",
  "people:write",
  "evidence:write",
  "reclamation:read",
  "reclamation:write",
  "exclusions:read",
  "exclusions:write",
  "runs:read",
  "runs:write",
  "jobs:read",
  "jobs:write",
  "journal:read",
  "plans:read",
  "plans:write",
  "operators:read",
  "operators:write",
  "tokens:read",
  "tokens:write",
  "notifications:read",
  "notifications:write",
  "settings:read",
  "settings:write",
  "backup:read",
  "backup:write",
] as const;

export type Scope = (typeof SCOPES)[number];

/** Whether a token with `held` may do what asks for `needed`. */
export function covers(held: readonly string[], needed: Scope): boolean {
  return held.includes("*") || held.includes(needed) || held.includes(needed.replace(/:read$/, ":write"));
}
