export interface Nesting {
  outer: string;
  inner: string;
}

/** Of two groups of Data Center that no path can name, nothing tells that one is in the other (T54). */
export function unseenNestings(nestings: Record<string, readonly string[]> = {}): Nesting[] {
  return Object.entries(nestings).flatMap(([outer, all]) =>
    all.filter((inner) => outer.includes("/") && inner.includes("/")).map((inner) => ({ outer, inner })),
  );
}
