import { type ReactNode, useState } from "react";
import { useChange } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { TextArea } from "../../parts/form.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { say } from "../../parts/toast.tsx";
import { formatDay } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import type { Exclusion } from "./conditions.ts";
import { CHANGED_BY_EXCLUSIONS, ExclusionDialog, tellStale, textOf, UntilField } from "./dialog.tsx";
import classes from "./page.module.css";
import { actTexts as texts } from "./texts.ts";

type Act = "edit" | "end" | "renew" | "switch";

/** What can be done with an exclusion; those that come with Usher are switched, others extended and ended. */
export function Acts({ rule }: { rule: Exclusion }): ReactNode {
  const [act, setAct] = useState<Act | null>(null);
  const close = () => setAct(null);
  const isEdited = rule.builtIn === null || rule.builtIn === "break-glass-admins";
  return (
    <div className={classes["row"]}>
      {isEdited && <Button onClick={() => setAct("edit")}>{t(texts.edit)}</Button>}
      {rule.builtIn === null ? (
        <>
          <Button onClick={() => setAct("renew")}>{t(texts.renew)}</Button>
          <Button onClick={() => setAct("end")}>{t(texts.end)}</Button>
        </>
      ) : (
        <Button onClick={() => setAct("switch")}>{t(rule.state === "off" ? texts.switchOn : texts.switchOff)}</Button>
      )}
      {act === "edit" && <ExclusionDialog rule={rule} onClose={close} />}
      {act === "end" && <EndDialog rule={rule} onClose={close} />}
      {act === "renew" && <RenewDialog rule={rule} onClose={close} />}
      {act === "switch" && <SwitchDialog rule={rule} onClose={close} />}
    </div>
  );
}

interface ActProps {
  rule: Exclusion;
  onClose: () => void;
}

function EndDialog({ rule, onClose }: ActProps): ReactNode {
  const end = useChange("exclusion-rules.end", CHANGED_BY_EXCLUSIONS);
  const { id: ruleId, name, hits, revision } = rule;
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(texts.endTitle, { name })}
      act={t(texts.endAct)}
      onSubmit={async (form) => {
        const body = { reason: textOf(form, "reason") };
        await end.mutateAsync({ params: { ruleId }, body, ifMatch: revision }).catch(tellStale);
        say(t(texts.ended, { name }));
      }}
    >
      <p>{t(texts.endEffect, { hits })}</p>
      <Why />
    </FormDialog>
  );
}

function RenewDialog({ rule, onClose }: ActProps): ReactNode {
  const renew = useChange("exclusion-rules.renew", CHANGED_BY_EXCLUSIONS);
  const { id: ruleId, name, revision } = rule;
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(texts.renewTitle, { name })}
      act={t(texts.renewAct)}
      onSubmit={async (form) => {
        const day = textOf(form, "expiresAt");
        const body = { expiresAt: `${day}T00:00:00Z`, reason: textOf(form, "reason") };
        await renew.mutateAsync({ params: { ruleId }, body, ifMatch: revision }).catch(tellStale);
        say(t(texts.renewed, { name, day: formatDay(day) }));
      }}
    >
      <UntilField from={rule.expiresAt} />
      <Why />
    </FormDialog>
  );
}

function SwitchDialog({ rule, onClose }: ActProps): ReactNode {
  const change = useChange("exclusion-rules.switch", CHANGED_BY_EXCLUSIONS);
  const { id: ruleId, name, hits, revision } = rule;
  const isEnabled = rule.state === "off";
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(isEnabled ? texts.onTitle : texts.offTitle, { name })}
      act={t(isEnabled ? texts.onAct : texts.offAct)}
      onSubmit={async (form) => {
        const body = { isEnabled, reason: textOf(form, "reason") };
        await change.mutateAsync({ params: { ruleId }, body, ifMatch: revision }).catch(tellStale);
        say(t(texts.switched, { name, state: isEnabled ? "on" : "off" }));
      }}
    >
      <p>{isEnabled ? t(texts.onEffect) : t(texts.offEffect, { hits })}</p>
      <Why />
    </FormDialog>
  );
}

function Why(): ReactNode {
  return <TextArea name="reason" label={t(texts.why)} maxLength={1000} />;
}
