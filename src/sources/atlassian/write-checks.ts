import type { Clock } from "../../lib/clock.ts";
import type { Probe } from "../../model/connections.ts";
import { SourceFailure } from "../source.ts";

/** One thing that writing rests on, looked at without changing anything. */
export interface WriteCheck {
  name: string;
  /** What was seen, in words. A failure that is thrown fails the check. */
  run(signal: AbortSignal): Promise<Seen>;
}

export type Seen = { outcome: Probe["outcome"]; detail: string; fix: string | null };

export function passed(detail: string): Seen {
  return { outcome: "passed", detail, fix: null };
}

export function warning(detail: string, fix: string): Seen {
  return { outcome: "warning", detail, fix };
}

/** A failure as a check tells it. Without the credential that it needs nothing was checked, and nothing is wrong. */
export function seenAs(failure: SourceFailure, outcome: Probe["outcome"] = "failed"): Seen {
  return { outcome, detail: failure.publicMessage, fix: failure.fix };
}

/** Runs the checks one after the other, each named and timed, as probes of `reclaim`. */
export async function runWriteChecks(
  checks: readonly WriteCheck[],
  clock: Clock,
  signal: AbortSignal,
): Promise<Probe[]> {
  const probes: Probe[] = [];
  for (const { name, run } of checks) {
    const checkedAt = clock.now();
    const seen = await run(signal).catch((thrown: unknown) => {
      if (thrown instanceof SourceFailure) return seenAs(thrown);
      throw thrown;
    });
    const tookMs = clock.now().getTime() - checkedAt.getTime();
    probes.push({ name, capability: "reclaim", ...seen, tookMs, checkedAt });
  }
  return probes;
}
