import { startSimulatorChild } from "./child.ts";
import { PERSONNEL_COLUMNS, personnelRows } from "./personnel.ts";
import type { ScaleName } from "./world/scales.ts";

/** The instance of Data Center that the sample company has beside its sites in Cloud. */
const INSTANCE = "wiki";

export interface SampleSimulatorOptions {
  scale: ScaleName;
  seed: number;
  beganAt: Date;
  /** How its answers call it. */
  publicUrl: string;
  emailDomain: string;
}

/** The pretend Atlassian of the sample company, in a process of its own that ends with this one. */
export async function startSampleSimulator({ beganAt, ...options }: SampleSimulatorOptions) {
  const child = await startSimulatorChild({ ...options, simulatorPort: 0, began: beganAt.toISOString() });
  const instance = child.dataCenters.find(({ name }) => name === INSTANCE);
  if (!instance) {
    child.stop();
    throw new Error(`The simulator has no instance ${INSTANCE}.`);
  }
  return {
    listensAt: child.listensAt,
    cloudUrls: child.sites.map(({ name }) => `${child.url}/site/${name}`),
    dataCenterUrl: instance.baseUrl,
    credentials: child.credentials,
    personnel: async () => [PERSONNEL_COLUMNS, ...personnelRows(await child.employees(INSTANCE))],
    ended: child.ended,
    stop: child.stop,
  };
}
