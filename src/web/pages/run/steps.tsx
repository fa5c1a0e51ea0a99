import type { ReactNode } from "react";
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Clock,
  LoaderCircle,
  type LucideIcon,
  TriangleAlert,
} from "lucide-react";
import { Badge, type BadgeKind } from "../../parts/badge.tsx";
import type { Text } from "../../text/define.ts";
import { formatClock, formatDuration, formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { Changed } from "../runs/changed.tsx";
import { inOrder, listingLabel } from "./kinds.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";
import type { RunDetail, Step } from "./use-followed-run.ts";

/** What a run reads, step by step: how far, how fast, and what came of it. */
export function Steps({ run, isUnderWay }: { run: RunDetail; isUnderWay: boolean }): ReactNode {
  if (run.progress.length === 0) return <p>{t(texts.noSteps)}</p>;
  return (
    <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={t(texts.steps)}>
      <table className={classes["steps"]} aria-label={t(texts.steps)}>
        <thead>
          <tr>
            <th scope="col">{t(texts.step)}</th>
            <th scope="col">{t(texts.state)}</th>
            <th scope="col">{t(texts.done)}</th>
            <th scope="col" data-number="true">
              {t(texts.rate)}
            </th>
            <th scope="col" data-number="true">
              {t(texts.took)}
            </th>
            <th scope="col">{t(texts.changed)}</th>
          </tr>
        </thead>
        <tbody>
          {inOrder(run.progress).map((step) => (
            <tr key={step.kind}>
              <th scope="row">{listingLabel(step.kind)}</th>
              <td>
                <StepState step={step} waitsUntil={isUnderWay ? run.waitsUntil : null} />
              </td>
              <td>
                <Done step={step} />
              </td>
              <td data-number="true">
                {step.rowsPerSecond === null
                  ? NONE
                  : t(texts.perSecond, { rate: formatNumber(Math.round(step.rowsPerSecond)) })}
              </td>
              <td data-number="true">{step.tookMs === null ? NONE : formatDuration(step.tookMs)}</td>
              <td>
                <StepChanged step={step} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const STATES: Readonly<Record<Step["state"], { label: Text; kind: BadgeKind; icon: LucideIcon }>> = {
  waiting: { label: texts.stepWaiting, kind: "neutral", icon: CircleDashed },
  reading: { label: texts.stepReading, kind: "info", icon: LoaderCircle },
  complete: { label: texts.stepComplete, kind: "ok", icon: CircleCheck },
  partial: { label: texts.stepPartial, kind: "warn", icon: TriangleAlert },
  failed: { label: texts.stepFailed, kind: "danger", icon: CircleX },
  "not-allowed": { label: texts.stepNotAllowed, kind: "warn", icon: Ban },
};

function StepState({ step, waitsUntil }: { step: Step; waitsUntil: string | null }): ReactNode {
  if (step.state === "reading" && waitsUntil) {
    return (
      <Badge kind="info" icon={Clock}>
        {t(texts.stepPaused, { until: formatClock(waitsUntil) })}
      </Badge>
    );
  }
  const { label, kind, icon } = STATES[step.state];
  return (
    <Badge kind={kind} icon={icon}>
      {t(label)}
    </Badge>
  );
}

/** Of many listings how many have ended; of a single one only the rows, as nobody says beforehand how many there are. */
function Done({ step: { listings, ended, rows, state } }: { step: Step }): ReactNode {
  if (listings <= 1) return t(state === "reading" ? texts.rowsSoFar : texts.rows, { rows });
  const words = t(texts.doneRows, { done: ended, total: listings, rows });
  if (ended === listings) return words;
  return (
    <span className={classes["done"]}>
      <progress value={ended} max={listings} aria-label={words} />
      {words}
    </span>
  );
}

function StepChanged({ step }: { step: Step }): ReactNode {
  const { added, changed, gone, state } = step;
  if (added + changed + gone === 0) return state === "waiting" ? NONE : <Changed counts={step} />;
  return (
    <>
      <Changed counts={step} /> {state === "reading" && t(texts.soFar)}
    </>
  );
}
