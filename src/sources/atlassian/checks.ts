import type { Clock } from "../../lib/clock.ts";
import type { Capability, Probe } from "../../model/connections.ts";
import { type SiteAbilities, SourceFailure, type SiteListing } from "../source.ts";

/** One thing that a capability rests on, tried for real. */
export interface Check<Client> {
  name: string;
  listing: SiteListing;
  /** What failing costs: the whole capability, or a part that it can do without. */
  loss: "capability" | { part: string };
  /** What was seen, in words. */
  run(client: Client, signal: AbortSignal): Promise<string>;
}

/** Runs the checks of one capability, one after the other, each named and timed. */
export async function runChecks<Client>(
  client: Client,
  asked: {
    capability: Capability;
    listings: SiteAbilities["listings"];
    checks: readonly Check<Client>[];
    clock: Clock;
  },
  signal: AbortSignal,
): Promise<Probe[]> {
  const probes: Probe[] = [];
  for (const check of asked.checks) probes.push(await runCheck(client, asked, check, signal));
  return probes;
}

async function runCheck<Client>(
  client: Client,
  { capability, listings, clock }: { capability: Capability; listings: SiteAbilities["listings"]; clock: Clock },
  check: Check<Client>,
  signal: AbortSignal,
): Promise<Probe> {
  const missing = listings[check.listing];
  const checkedAt = clock.now();
  const done = (outcome: Probe["outcome"], detail: string, fix: string | null): Probe => ({
    name: check.name,
    capability,
    outcome,
    detail,
    fix,
    tookMs: clock.now().getTime() - checkedAt.getTime(),
    checkedAt,
  });
  const failed = (failure: SourceFailure): Probe => {
    if (check.loss === "capability") return done("failed", failure.publicMessage, failure.fix);
    return done("warning", `${failure.publicMessage} Without it: ${check.loss.part}.`, failure.fix);
  };
  if (missing?.code === "source.missing-credential") return { ...failed(missing), outcome: "not-checked" };
  if (missing) return failed(missing);
  try {
    return done("passed", await check.run(client, signal), null);
  } catch (thrown) {
    if (thrown instanceof SourceFailure) return failed(thrown);
    throw thrown;
  }
}
