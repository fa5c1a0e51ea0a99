import type { ScaleName } from "../../src/sim/world/scales.ts";

export interface TruthCase {
  scale: ScaleName;
  site: "acme" | "acme-labs";
  withOrganizationKey: boolean;
}

/** Small in every combination and medium in the two that differ most; the bench names a larger scale. */
export function truthCases(scale = process.env["USHER_TRUTH_SCALE"] as ScaleName | undefined): TruthCase[] {
  if (scale) return [true, false].map((withOrganizationKey) => ({ scale, site: "acme", withOrganizationKey }));
  const sites = ["acme", "acme-labs"] as const;
  return [
    ...sites.flatMap((site) =>
      [true, false].map((withOrganizationKey) => ({ scale: "small" as const, site, withOrganizationKey })),
    ),
    { scale: "medium", site: "acme", withOrganizationKey: true },
    { scale: "medium", site: "acme-labs", withOrganizationKey: false },
  ];
}
