import { type DataCenter, type DataCenterPlan, makeDataCenter, PROFILES } from "./world.ts";

/** The instances of the company. Each is made when somebody first asks: whoever tests Cloud does not pay for them. */
export interface DataCenters {
  all(): DataCenter[];
  /** Null for any other name. */
  find(name: string | null): DataCenter | null;
}

export function dataCentersOnDemand(plan: DataCenterPlan): DataCenters {
  const made = new Map<string, DataCenter>();
  const find = (name: string | null) => {
    const known = name === null ? undefined : made.get(name);
    if (known) return known;
    const profile = PROFILES.find((each) => each.name === name);
    if (!profile) return null;
    const instance = makeDataCenter(profile, plan);
    made.set(profile.name, instance);
    return instance;
  };
  return { find, all: () => PROFILES.flatMap((each) => find(each.name) ?? []) };
}
