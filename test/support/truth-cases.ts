import type { ScaleName } from "../../src/sim/world/scales.ts";
import type { RoleMode } from "../../src/sim/world/world.ts";

export interface TruthCase {
  scale: ScaleName;
  site: "acme" | "acme-labs" | "wiki" | "legacy";
  withOrganizationKey: boolean;
  /** Instead of the mode that the site begins with. */
  roleMode?: RoleMode;
}

/** What a company's site is called in the name of a test. */
export function titleOf({ scale, site, withOrganizationKey, roleMode }: TruthCase): string {
  if (isDataCenter(site)) return `${site}, a Data Center, at ${scale}`;
  const mode = roleMode === "ROLES_TRANSITION" ? " in transition" : "";
  return `${site}${mode} at ${scale} ${withOrganizationKey ? "with" : "without"} an organization key`;
}

export function isDataCenter(site: string): boolean {
  return site === "wiki" || site === "legacy";
}

/** Small in every combination and medium in those that differ most; the bench names another scale. */
export function truthCases(scale = process.env["USHER_TRUTH_SCALE"] as ScaleName | undefined): TruthCase[] {
  const inTransition = { site: "acme", withOrganizationKey: false, roleMode: "ROLES_TRANSITION" } as const;
  const instances = (["wiki", "legacy"] as const).map((site) => ({ site, withOrganizationKey: false }));
  if (scale) {
    const whole = [true, false].map((withOrganizationKey) => ({ scale, site: "acme" as const, withOrganizationKey }));
    return [...whole, { ...inTransition, scale }, ...instances.map((each) => ({ ...each, scale }))];
  }
  const sites = ["acme", "acme-labs"] as const;
  return [
    ...sites.flatMap((site) =>
      [true, false].map((withOrganizationKey) => ({ scale: "small" as const, site, withOrganizationKey })),
    ),
    { scale: "medium", site: "acme", withOrganizationKey: true },
    { scale: "medium", site: "acme-labs", withOrganizationKey: false },
    ...(["small", "medium"] as const).flatMap((scale) => [
      { ...inTransition, scale },
      ...instances.map((each) => ({ ...each, scale })),
    ]),
  ];
}
