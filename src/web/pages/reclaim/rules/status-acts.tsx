import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useChange } from "../../../api/query.ts";
import { Button } from "../../../parts/button.tsx";
import { Confirm } from "../../../parts/dialog.tsx";
import { say } from "../../../parts/toast.tsx";
import { t } from "../../../text/t.ts";
import { ReasonDialog } from "../reason-dialog.tsx";
import type { Rule } from "./draft.ts";
import { statusTexts as texts } from "./texts.ts";

type Act = "on" | "report" | "pause" | "remove";

/** On, reporting only, paused, gone. `wouldTake` is how many it would find now. */
export function StatusActs({ rule, wouldTake }: { rule: Rule; wouldTake: number | null }): ReactNode {
  const [open, setOpen] = useState<Act | null>(null);
  const navigate = useNavigate();
  const activate = useChange("reclamation-rules.activate", ["candidates"]);
  const report = useChange("reclamation-rules.report-only", ["candidates"]);
  const pause = useChange("reclamation-rules.pause", ["candidates"]);
  const remove = useChange("reclamation-rules.delete", ["candidates"]);
  const { name, revision: ifMatch, status } = rule;
  const params = { ruleId: rule.id };
  const close = () => setOpen(null);
  const { perRun, perDay } = rule.settings.limits;
  return (
    <>
      {status !== "active" && (
        <Button kind="primary" onClick={() => setOpen("on")}>
          {t(texts.turnOn)}
        </Button>
      )}
      {status !== "report-only" && <Button onClick={() => setOpen("report")}>{t(texts.reportOnly)}</Button>}
      {(status === "active" || status === "report-only") && (
        <Button onClick={() => setOpen("pause")}>{t(texts.pause)}</Button>
      )}
      <Button onClick={() => setOpen("remove")}>{t(texts.remove)}</Button>
      <Confirm
        isOpen={open === "on"}
        onClose={close}
        title={t(texts.onTitle, { name })}
        act={t(texts.onAct)}
        command={`usher reclamation-rule activate '${name}'`}
        onConfirm={async () => {
          await activate.mutateAsync({ params, ifMatch });
          say(t(texts.isOn, { name }));
        }}
      >
        <p>{t(texts.onEffect, { perRun, perDay, count: wouldTake ?? rule.openCandidates })}</p>
      </Confirm>
      <Confirm
        isOpen={open === "report"}
        onClose={close}
        title={t(texts.reportTitle, { name })}
        act={t(texts.reportAct)}
        command={`usher reclamation-rule report-only '${name}'`}
        onConfirm={async () => {
          await report.mutateAsync({ params, ifMatch });
          say(t(texts.reports, { name }));
        }}
      >
        <p>{t(texts.reportEffect)}</p>
      </Confirm>
      <Confirm
        isOpen={open === "remove"}
        onClose={close}
        isDangerous
        title={t(texts.removeTitle, { name })}
        act={t(texts.removeAct)}
        command={`usher reclamation-rule delete '${name}'`}
        onConfirm={async () => {
          await remove.mutateAsync({ params, ifMatch });
          say(t(texts.removed, { name }));
          await navigate({ to: "/reclaim" as string, search: { tab: "rules" } as never });
        }}
      >
        <p>{t(texts.removeEffect)}</p>
      </Confirm>
      {open === "pause" && (
        <ReasonDialog
          title={t(texts.pauseTitle, { name })}
          act={t(texts.pauseAct)}
          onClose={close}
          onReason={async (reason) => {
            await pause.mutateAsync({ params, ifMatch, body: { reason } });
            say(t(texts.isPaused, { name }));
          }}
        >
          <p>{t(texts.pauseEffect)}</p>
        </ReasonDialog>
      )}
    </>
  );
}
