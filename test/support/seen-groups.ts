/** Members of groups that no path can name are looked for among so many accounts, and no more. */
const LOOKED_THROUGH_MAX = 5_000;

interface Truth {
  accounts: readonly unknown[];
  groups: readonly { id: string }[];
  /** Of Data Center only. */
  nestings?: Record<string, readonly string[]>;
}

export interface Nesting {
  outer: string;
  inner: string;
}

/** Of two groups of Data Center that no path can name, nothing tells that one is in the other (T54). */
export function unseenNestings({ nestings = {} }: Pick<Truth, "nestings">): Nesting[] {
  return Object.entries(nestings).flatMap(([outer, all]) =>
    all.filter((inner) => outer.includes("/") && inner.includes("/")).map((inner) => ({ outer, inner })),
  );
}

/** Takes from a large Data Center the groups whose members nothing tells; there are none elsewhere. */
export function removalsOfUnseenGroups(site: string, { accounts, groups, nestings }: Truth): object[] {
  if (!nestings || accounts.length <= LOOKED_THROUGH_MAX) return [];
  return groups.filter(({ id }) => id.includes("/")).map(({ id }) => ({ kind: "remove-group", site, group: id }));
}
