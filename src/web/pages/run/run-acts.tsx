import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useChange } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { say, sayProblem } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { formatList } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { inOrder, listingLabel } from "./kinds.ts";
import { texts } from "./texts.ts";
import type { RunDetail } from "./use-followed-run.ts";

/** Cancel run… while it goes on, Run again afterwards; nothing for who may only look. */
export function RunActs({ run, isUnderWay }: { run: RunDetail; isUnderWay: boolean }): ReactNode {
  const may = useMay();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const cancel = useChange("runs.cancel", ["job-results"]);
  const request = useChange("runs.request", ["job-results"]);
  if (!may("runs:write")) return null;

  async function cancelRun(): Promise<void> {
    await cancel.mutateAsync({ params: { runId: run.id } });
    say(t(texts.canceled));
  }

  function runAgain(): void {
    const { siteId, connectionId, scope } = run;
    request.mutate(
      { body: { siteId, connectionId, scope } },
      {
        onSuccess: (next) => void navigate({ to: "/runs/$id" as string, params: { id: next.id } as never }),
        onError: sayProblem,
      },
    );
  }

  return (
    <>
      {isUnderWay ? (
        <Button onClick={() => setAsking(true)}>{t(texts.cancel)}</Button>
      ) : (
        <Button onClick={runAgain} isBusy={request.isPending}>
          {t(texts.again)}
        </Button>
      )}
      <Confirm
        isOpen={isAsking && isUnderWay}
        onClose={() => setAsking(false)}
        title={t(texts.cancelTitle, { site: run.siteName })}
        act={t(texts.cancelAct)}
        keep={t(texts.keepRunning)}
        isDangerous
        onConfirm={cancelRun}
        command={`usher run cancel ${run.id}`}
      >
        <CancelEffect run={run} />
      </Confirm>
    </>
  );
}

/** What is finished and stays, and where the rest stops. */
function CancelEffect({ run }: { run: RunDetail }): ReactNode {
  const steps = inOrder(run.progress);
  const finished = steps.filter(({ ended, listings }) => ended === listings);
  const stopped = steps.filter(({ ended, listings }) => ended < listings);
  return (
    <>
      {finished.length > 0 && (
        <p>
          {t(texts.cancelFinished, {
            steps: formatList(finished.map(({ kind }) => listingLabel(kind))),
            count: finished.length,
          })}
        </p>
      )}
      {stopped.map(({ kind, ended, listings }) => (
        <p key={kind}>{t(texts.cancelStops, { step: listingLabel(kind), done: ended, total: listings })}</p>
      ))}
      <p>{t(texts.cancelAfter)}</p>
    </>
  );
}
