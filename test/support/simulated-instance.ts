import { manualClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { createSources } from "../../src/sources/index.ts";
import type { CredentialAccess, SourceEvent } from "../../src/sources/source.ts";
import { fixed, type OpenedSite } from "./simulated-site.ts";
import type { SimulatorProcess } from "./simulator-process.ts";

/** Credentials of the simulator's Data Center: of its administrator, and of somebody who is none. */
export const PAT = fixed(
  { id: "pat", kind: "personal-access-token", accountEmail: null, scopes: null },
  "sim-pat-of-petra",
);
export const PAT_OF_READER = fixed(
  { id: "pat-of-reader", kind: "personal-access-token", accountEmail: null, scopes: null },
  "sim-pat-of-rita",
);
export const PASSWORD: CredentialAccess = {
  ...fixed({ id: "password", kind: "basic", accountEmail: null, scopes: null }, "sim-password-of-petra"),
  username: "petra",
};

/** Opens one of the simulator's instances of Data Center; waits for retries take no time. */
export function openInstance(
  simulator: SimulatorProcess,
  name: string,
  credentials: readonly CredentialAccess[] = [PAT],
): OpenedSite & { baseUrl: string } {
  const clock = manualClock(new Date());
  const events: SourceEvent[] = [];
  const baseUrl = simulator.dataCenters.find((each) => each.name === name)?.baseUrl ?? "";
  const start = () => {
    const source = createSources({ clock, random: () => 0.5 }).get("confluence-data-center");
    if (!source) throw new Error("There is no source for Data Center.");
    const site = source.open({
      site: { sourceKey: baseUrl, baseUrl, organizationId: null },
      credentials,
      concurrencyMax: 8,
      clock,
      log: silentLog,
      observe: (event) => events.push(event),
    });
    return { source, site };
  };
  return { ...start(), baseUrl, events, reopen: () => start().site };
}
