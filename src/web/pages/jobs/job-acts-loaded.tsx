import { Menu } from "@base-ui/react/menu";
import { Ellipsis } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { RowOf } from "../../api/call.ts";
import { useChange } from "../../api/query.ts";
import button from "../../parts/button.module.css";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextField } from "../../parts/form.tsx";
import { Icon } from "../../parts/icon.tsx";
import menu from "../../parts/menu.module.css";
import { say, sayProblem } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Job = RowOf<"jobs.list">;

/** Run now, move, on or off; nothing for who may only look. */
export function LoadedJobActs({ job }: { job: Job }): ReactNode {
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
      <Menu.Root>
        <Menu.Trigger className={button["icon"]} aria-label={t(texts.moreOf, values)} title={t(texts.moreOf, values)}>
          <Icon of={Ellipsis} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className={menu["positioner"]} align="end" sideOffset={4}>
            <Menu.Popup className={menu["popup"]}>
              <Menu.Item className={menu["item"]} onClick={() => setAsking("move")}>
                {t(texts.move)}
              </Menu.Item>
              <Menu.Item className={menu["item"]} onClick={job.enabled ? () => setAsking("off") : switchOn}>
                {t(job.enabled ? texts.switchOff : texts.switchOn)}
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
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
