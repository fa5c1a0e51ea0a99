import { useNavigate } from "@tanstack/react-router";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { callApi } from "../../../api/call.ts";
import { useChange } from "../../../api/query.ts";
import { Button } from "../../../parts/button.tsx";
import { Confirm } from "../../../parts/dialog.tsx";
import { Section } from "../../../parts/page.tsx";
import { Banner } from "../../../parts/states.tsx";
import { say, sayProblem } from "../../../parts/toast.tsx";
import { formatDuration } from "../../../text/format.ts";
import type { Text } from "../../../text/define.ts";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { ReasonDialog } from "../reason-dialog.tsx";
import { CHANGED_BY_PLANS } from "./apply.tsx";
import type { PlanDetail } from "./page.tsx";
import { progressTexts as texts } from "./texts.ts";

interface Props {
  plan: PlanDetail;
  mayWrite: boolean;
}

const ENDED = ["done", "failed", "unverified", "restored"] as const;

function endedOf({ progress, counts }: PlanDetail): { done: number; total: number } {
  const done = ENDED.reduce((sum, state) => sum + (progress[state] ?? 0), 0);
  // Who was left out since the plan was made is done with, too.
  const leftOutSince = Math.max(0, (progress["left-out"] ?? 0) - counts.leftOut);
  return { done: done + leftOutSince, total: counts.seats };
}

/** "212 of 405 · 4 a second · about 48 s", and what stops it. */
export function Progress({ plan, mayWrite }: Props): ReactNode {
  const [open, setOpen] = useState<"pause" | "stop" | null>(null);
  const pause = useChange("plans.pause", CHANGED_BY_PLANS);
  const resume = useChange("plans.resume", CHANGED_BY_PLANS);
  const discard = useChange("plans.discard", CHANGED_BY_PLANS);
  const { done, total } = endedOf(plan);
  const pace = usePace(done, plan.paused !== null);
  const params = { planId: plan.id };
  return (
    <Section title={texts.title}>
      <progress className={classes["progress"]} max={total} value={done} aria-label={t(texts.aloud, { done, total })} />
      <p>
        {[
          t(texts.line, { done, total }),
          ...(pace > 0
            ? [
                t(texts.rate, { rate: Math.round(pace * 10) / 10 }),
                t(texts.left, { time: formatDuration(((total - done) / pace) * 1000) }),
              ]
            : []),
        ].join(" · ")}
      </p>
      {plan.paused && <Banner kind="warn">{t(texts.paused, { why: plan.paused.message })}</Banner>}
      {mayWrite && (
        <div className={classes["row"]}>
          {plan.paused ? (
            <Button
              kind="primary"
              isBusy={resume.isPending}
              onClick={() => resume.mutate({ params }, { onSuccess: () => say(t(texts.resumed)), onError: sayProblem })}
            >
              {t(texts.resume)}
            </Button>
          ) : (
            <Button onClick={() => setOpen("pause")}>{t(texts.pause)}</Button>
          )}
          <Button onClick={() => setOpen("stop")}>{t(texts.stop)}</Button>
        </div>
      )}
      {open === "pause" && (
        <ReasonDialog
          title={t(texts.pauseTitle)}
          act={t(texts.pauseAct)}
          onClose={() => setOpen(null)}
          onReason={async (reason) => {
            await pause.mutateAsync({ params, body: { reason } });
            say(t(texts.isPaused));
          }}
        >
          <p>{t(texts.pauseEffect)}</p>
        </ReasonDialog>
      )}
      {open === "stop" && (
        <ReasonDialog
          title={t(texts.stopTitle)}
          act={t(texts.stopAct)}
          onClose={() => setOpen(null)}
          onReason={async (reason) => {
            await discard.mutateAsync({ params, body: { reason } });
            say(t(texts.stopped));
          }}
        >
          <p>{t(texts.stopEffect, { count: plan.progress.planned ?? 0 })}</p>
        </ReasonDialog>
      )}
    </Section>
  );
}

/** How many are done in a second since one began to look; 0 until that can be told. */
function usePace(done: number, isPaused: boolean): number {
  const began = useRef<{ at: number; done: number } | null>(null);
  const [pace, setPace] = useState(0);
  useEffect(() => {
    const now = Date.now();
    if (isPaused || began.current === null) {
      began.current = { at: now, done };
      return;
    }
    const seconds = (now - began.current.at) / 1000;
    if (seconds > 0 && done > began.current.done) setPace((done - began.current.done) / seconds);
  }, [done, isPaused]);
  return isPaused ? 0 : pace;
}

/** What became of it, and what can be done about that. */
export function Outcome({ plan, mayWrite }: Props): ReactNode {
  const [open, setOpen] = useState<"undo" | "retry" | null>(null);
  const isRestore = plan.kind === "restore";
  const counts: readonly (readonly [string, number, Text])[] = [
    ["done", plan.progress.done ?? 0, isRestore ? texts.givenBack : texts.removed],
    ["restored", plan.progress.restored ?? 0, texts.restored],
    ["failed", plan.progress.failed ?? 0, texts.failed],
    ["unverified", plan.progress.unverified ?? 0, texts.unverified],
    ["left-out", plan.progress["left-out"] ?? 0, texts.leftOut],
  ];
  const failed = plan.progress.failed ?? 0;
  const taken = plan.progress.done ?? 0;
  return (
    <Section title={texts.outcome}>
      <p className={classes["row"]}>
        {counts
          .filter(([, count]) => count > 0)
          .map(([state, count, words]) => (
            <Link key={state} to="." search={{ state } as never}>
              {t(words, { count })}
            </Link>
          ))}
      </p>
      {mayWrite && (
        <div className={classes["row"]}>
          {failed > 0 && <Button onClick={() => setOpen("retry")}>{t(texts.retry)}</Button>}
          {!isRestore && taken > 0 && <Button onClick={() => setOpen("undo")}>{t(texts.undo)}</Button>}
        </div>
      )}
      {open === "undo" && <UndoAll plan={plan} onClose={() => setOpen(null)} />}
      <RetryFailed plan={plan} count={failed} isOpen={open === "retry"} onClose={() => setOpen(null)} />
    </Section>
  );
}

function UndoAll({ plan, onClose }: { plan: PlanDetail; onClose: () => void }): ReactNode {
  const undo = useChange("plans.undo", CHANGED_BY_PLANS);
  const showPlan = useShowPlan();
  return (
    <ReasonDialog
      title={t(texts.undoAllTitle)}
      act={t(texts.undoAct)}
      onClose={onClose}
      onReason={async (reason) => showPlan(await undo.mutateAsync({ params: { planId: plan.id }, body: { reason } }))}
    >
      <p>{t(texts.undoEffect)}</p>
    </ReasonDialog>
  );
}

function RetryFailed({
  plan,
  count,
  isOpen,
  onClose,
}: {
  plan: PlanDetail;
  count: number;
  isOpen: boolean;
  onClose: () => void;
}): ReactNode {
  const create = useChange("plans.create", CHANGED_BY_PLANS);
  const showPlan = useShowPlan();
  return (
    <Confirm
      isOpen={isOpen}
      onClose={onClose}
      title={t(texts.retryTitle, { count })}
      act={t(texts.retryAct)}
      onConfirm={async () => {
        const { items } = await callApi("plan-rows.list", {
          params: { planId: plan.id },
          query: { state: "failed", limit: 200 },
        });
        const seats = items.map(({ siteId, accountId }) => ({ siteId, accountId }));
        const body = { kind: plan.kind, seats, reason: t(texts.retryReason, { plan: plan.id }) };
        await showPlan(await create.mutateAsync({ body }));
      }}
    >
      <p>{t(texts.retryEffect)}</p>
    </Confirm>
  );
}

export function useShowPlan(): (plan: { id: string }) => Promise<void> {
  const navigate = useNavigate();
  return ({ id }) => navigate({ to: "/reclaim/plans/$planId" as string, params: { planId: id } as never });
}
