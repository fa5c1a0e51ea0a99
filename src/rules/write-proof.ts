import type { Probe } from "../model/connections.ts";
import type { WriteProof } from "../model/write-proofs.ts";

/** The probe under which a proof stands among a site's others. */
export const WRITE_PROOF = "Write proof";

/** Failures that say nothing of the right to write: another time the same proof may succeed. */
const PASSING: readonly string[] = ["source.uncertain", "source.unreachable", "source.rate-limited"];

/**
 * What the last proof says of `reclaim`: who proved it and when, or what failed. A proof that was refused shows that
 * writing does not work; one that was cut off shows nothing.
 */
export function probeOfProof(proof: WriteProof & { requestedByName: string }): Probe | null {
  const { state, steps, problem, requestedByName, startedAt, finishedAt } = proof;
  if (state === "running" || finishedAt === null) return null;
  const day = finishedAt.toISOString().slice(0, 10);
  const told = { name: WRITE_PROOF, capability: "reclaim", checkedAt: finishedAt } as const;
  const tookMs = finishedAt.getTime() - startedAt.getTime();
  if (state === "proved") {
    const timed = steps.map(({ name, tookMs: stepMs }) => `${name} ${(stepMs / 1000).toFixed(1)} s`);
    const detail = `Proved on ${day} by ${requestedByName}: ${timed.join(", ")}.`;
    return { ...told, outcome: "passed", detail, fix: null, tookMs };
  }
  if (state === "interrupted" || !problem) {
    const detail = `The proof that ${requestedByName} began on ${day} was cut off.`;
    return { ...told, outcome: "warning", detail, fix: "Run the write proof again.", tookMs };
  }
  const outcome = PASSING.includes(problem.code) ? "warning" : "failed";
  const failed = steps.find((each) => each.outcome === "failed");
  const where = failed ? `${failed.name}: ` : "";
  const detail = `Tried on ${day} by ${requestedByName}. ${where}${problem.reason}`;
  return { ...told, outcome, detail, fix: `${problem.fix} Then run the write proof again.`, tookMs };
}
