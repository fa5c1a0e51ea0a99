import type { AnswerFor } from "../../api/call.ts";

/** The steps in their order; each has an address of its own, `?step=`. */
export const STEPS = ["account", "capabilities", "connect", "sites", "groups", "check", "publish"] as const;
export type Step = (typeof STEPS)[number];

export type Draft = AnswerFor<"connections.get">;

type Progress = Pick<Draft, "state"> & {
  credentials: readonly Pick<Draft["credentials"][number], "isAuthorized">[];
  sites: readonly { probes: readonly unknown[] }[];
};

/** Where a draft is to be gone on with: the first step that is not done. */
export function stepToResume(draft: Progress | null): Step {
  if (!draft) return "capabilities";
  if (!draft.credentials.some(({ isAuthorized }) => isAuthorized)) return "connect";
  if (draft.sites.length === 0) return "sites";
  if (draft.state !== "draft") return "publish";
  return draft.sites.some(({ probes }) => probes.length > 0) ? "check" : "groups";
}

/** Whether a step was done; the ones behind where a draft is gone on with were. */
export function isDone(step: Step, draft: Progress | null): boolean {
  return STEPS.indexOf(step) < STEPS.indexOf(stepToResume(draft));
}

export function isStep(text: string | undefined): text is Step {
  return STEPS.includes(text as Step);
}

export function stepAfter(step: Step): Step {
  return STEPS[STEPS.indexOf(step) + 1] ?? "publish";
}

export function stepBefore(step: Step): Step {
  return STEPS[STEPS.indexOf(step) - 1] ?? "account";
}
