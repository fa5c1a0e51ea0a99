import { type ReactNode, useState } from "react";
import type { RowOf } from "../../../api/call.ts";
import { useApi, useChange } from "../../../api/query.ts";
import { Button } from "../../../parts/button.tsx";
import { Section } from "../../../parts/page.tsx";
import { Shown } from "../../../parts/states.tsx";
import { say, sayProblem } from "../../../parts/toast.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { ReasonDialog } from "../reason-dialog.tsx";
import { CHANGED_BY_PLANS } from "./apply.tsx";
import { progressTexts as texts } from "./texts.ts";

type Action = RowOf<"actions.list">;

/** Changes that a person or another system makes: what is to be done, and what became of it. */
export function Reports({ planId, mayWrite }: { planId: string; mayWrite: boolean }): ReactNode {
  const actions = useApi("actions.list", { query: { planId, waits: true, limit: 200 } });
  if (actions.data?.items.length === 0) return null;
  return (
    <Section title={texts.waitsTitle}>
      <p className={classes["muted"]}>{t(texts.waitsEffect)}</p>
      <Shown query={actions} rows={2}>
        {({ items }) => (
          <ul role="list" className={classes["reports"]}>
            {items.map((action) => (
              <Report key={action.id} action={action} mayWrite={mayWrite} />
            ))}
          </ul>
        )}
      </Shown>
    </Section>
  );
}

function Report({ action, mayWrite }: { action: Action; mayWrite: boolean }): ReactNode {
  const [isFailing, setFailing] = useState(false);
  const report = useChange("actions.report", ["plans", ...CHANGED_BY_PLANS]);
  const params = { actionId: action.id };
  const name = action.name ?? action.target.accountSourceId;
  return (
    <li>
      <div>
        <strong>{t(texts.openGroups, { name, site: action.site })}</strong>
        <p>{action.instruction ?? action.outcome?.message ?? ""}</p>
      </div>
      {mayWrite && (
        <div className={classes["row"]}>
          <Button
            aria-label={`${t(texts.done)}: ${name}`}
            isBusy={report.isPending}
            onClick={() =>
              report.mutate(
                { params, body: { outcome: "done" } },
                { onSuccess: () => say(t(texts.reported)), onError: sayProblem },
              )
            }
          >
            {t(texts.done)}
          </Button>
          <Button aria-label={`${t(texts.reportFailed)}: ${name}`} onClick={() => setFailing(true)}>
            {t(texts.reportFailed)}
          </Button>
        </div>
      )}
      {isFailing && (
        <ReasonDialog
          title={t(texts.reportTitle, { name })}
          act={t(texts.reportAct)}
          name="note"
          label={t(texts.note)}
          onClose={() => setFailing(false)}
          onReason={(note) => report.mutateAsync({ params, body: { outcome: "failed", note } })}
        />
      )}
    </li>
  );
}
