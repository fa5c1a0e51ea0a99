import { type DataCenter, type DataCenterPlan, makeDataCenter, PROFILES } from "./world.ts";

/** The instances of the company, made when somebody first asks: whoever tests Cloud does not pay for them. */
export function dataCentersOnDemand(plan: DataCenterPlan): () => DataCenter[] {
  let made: DataCenter[] | null = null;
  return () => (made ??= PROFILES.map((each) => makeDataCenter(each, plan)));
}

/** Null for any other name, without making an instance. */
export function findDataCenter(world: { readonly dataCenters: DataCenter[] }, name: string | null): DataCenter | null {
  if (!PROFILES.some((each) => each.name === name)) return null;
  return world.dataCenters.find((each) => each.name === name) ?? null;
}
