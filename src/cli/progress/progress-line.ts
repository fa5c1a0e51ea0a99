import { formatClock, formatDuration, formatNumber, formatPercent } from "../output/format.ts";

/** How far one step of some work is. */
export interface StepProgress {
  /** From 1. */
  position: number;
  steps: number;
  label: string;
  done: number;
  /** Null while nobody knows how much there is. */
  total: number | null;
  /** How long the step has been at work. */
  tookMs: number;
  /** Set while the source has asked us to slow down. */
  waitingUntil: Date | null;
}

/** Before this much was seen a rate would be a guess. */
const RATE_AFTER_MS = 1_000;

/** `[2/6] Spaces and permissions  121/214  56%  2/s  about 48 s` */
export function progressLine(step: StepProgress, timeZone?: string): string {
  const { position, steps, label, done, total, waitingUntil } = step;
  const parts = [`[${position}/${steps}] ${label}`];
  if (total === null) {
    if (done > 0) parts.push(formatNumber(done));
  } else {
    parts.push(`${formatNumber(done)}/${formatNumber(total)}`, formatPercent(done, total));
  }
  if (waitingUntil) {
    parts.push(`asked to slow down, resumes at ${formatClock(waitingUntil, timeZone)}`);
  } else {
    parts.push(...pace(step));
  }
  return parts.join("  ");
}

function pace({ done, total, tookMs }: StepProgress): string[] {
  if (done === 0 || tookMs < RATE_AFTER_MS) return [];
  const perSecond = (done * 1000) / tookMs;
  const rate = perSecond >= 1 ? `${formatNumber(perSecond)}/s` : `${formatNumber(perSecond * 60)}/min`;
  if (total === null || done >= total) return [rate];
  return [rate, `about ${formatDuration(((total - done) * 1000) / perSecond)}`];
}
