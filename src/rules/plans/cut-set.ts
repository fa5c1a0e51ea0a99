/** Groups of a site as far as they decide who has the product. */
export interface AccessGroups {
  /** Groups that give the product to their members. */
  giving: ReadonlySet<string>;
  /** For each group, the groups it is nested in, at whatever depth. */
  above: ReadonlyMap<string, readonly string[]>;
}

/**
 * The smallest set of an account's direct memberships whose removal ends all access by groups. Each membership that
 * reaches a giving group, by itself or through nesting, is enough for access on its own; so every such one has to go, and
 * no other. Leaving a group that is reached only through nesting would do nothing: the account is not in it.
 */
export function cutSet(direct: readonly string[], groups: AccessGroups): string[] {
  return direct.filter(
    (group) => groups.giving.has(group) || (groups.above.get(group) ?? []).some((each) => groups.giving.has(each)),
  );
}
