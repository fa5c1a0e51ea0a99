import { type ReactNode, useState } from "react";
import type { RowOf } from "../../api/call.ts";
import { useChange } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextField } from "../../parts/form.tsx";
import { say, sayProblem } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Job = RowOf<"jobs.list">;

/** Run now, move, on or off; nothing for who may only look. */
export function JobActs({ job }: { job: Job }): ReactNode {
  const may = useMay();
  const [asking, setAsking] = useState<"off" | "move" | null>(null);
  const run = useChange("jobs.run", ["job-results", "runs"]);
  const change = useChange("jobs.change");
  if (!may("jobs:write")) return null;
  const params = { jobId: job.id };
  const values = { job: job.name };

  function runNow(): void {
    run.mutate({ params }, { onSuccess: () => say(t(texts.started, values)), onError: sayProblem });
  }

  function switchOn(): void {
    change.mutate(
      { params, body: { enabled: true } },
      { onSuccess: () => say(t(texts.switchedOn, values)), onError: sayProblem },
    );
  }

  async function switchOff(): Promise<void> {
    await change.mutateAsync({ params, body: { enabled: false } });
    say(t(texts.switchedOff, values), { label: t(texts.switchOn), act: switchOn });
  }

  async function move(form: FormData): Promise<void> {
    const moved = await change.mutateAsync({ params, body: { cron: String(form.get("cron")).trim() } });
    say(t(texts.moved, { ...values, schedule: moved.schedule }));
  }

  return (
    <span className={classes["acts"]}>
      <Button onClick={runNow} isBusy={run.isPending} aria-label={t(texts.runNowOf, values)}>
        {t(texts.runNow)}
      </Button>
      <Button kind="quiet" onClick={() => setAsking("move")} aria-label={t(texts.moveOf, values)}>
        {t(texts.move)}
      </Button>
      {job.enabled ? (
        <Button kind="quiet" onClick={() => setAsking("off")} aria-label={t(texts.switchOffOf, values)}>
          {t(texts.switchOff)}
        </Button>
      ) : (
        <Button kind="quiet" onClick={switchOn} aria-label={t(texts.switchOnOf, values)}>
          {t(texts.switchOn)}
        </Button>
      )}
      <Confirm
        isOpen={asking === "off"}
        onClose={() => setAsking(null)}
        title={t(texts.offTitle, values)}
        act={t(texts.offAct)}
        onConfirm={switchOff}
        command={`usher job off ${job.id}`}
      >
        {t(texts.offBody, { schedule: job.schedule })}
      </Confirm>
      <FormDialog
        isOpen={asking === "move"}
        onClose={() => setAsking(null)}
        title={t(texts.moveTitle, values)}
        act={t(texts.moveAct)}
        onSubmit={move}
      >
        <TextField
          name="cron"
          label={t(texts.cron)}
          hint={t(texts.cronHint, { schedule: job.schedule })}
          defaultValue={job.cron}
          autoComplete="off"
          spellCheck={false}
        />
      </FormDialog>
    </span>
  );
}
