import { type ReactNode, useState } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useChange } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextField } from "../../parts/form.tsx";
import { Banner } from "../../parts/states.tsx";
import { say, sayProblem } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Group = AnswerFor<"groups.get">;

const STATES: Readonly<Record<NonNullable<Group["productAccess"]>, { label: Text; kind: "ok" | "warn" | "neutral" }>> =
  {
    found: { label: texts.accessFound, kind: "warn" },
    confirmed: { label: texts.accessConfirmed, kind: "ok" },
    added: { label: texts.accessAdded, kind: "ok" },
    dropped: { label: texts.accessDropped, kind: "neutral" },
    "not-found": { label: texts.accessNotFound, kind: "warn" },
  };

/** Whether the group counts as one that gives a seat, and who may decides it. */
export function ProductAccess({ group }: { group: Group }): ReactNode {
  const may = useMay();
  const decide = useChange("product-access-groups.decide", ["groups", "overview", "seats"]);
  const [isDropping, setDropping] = useState(false);
  const { siteId, groupId, productAccess, members } = group;
  const params = { siteId, groupId };
  const tell = (decision: "confirm" | "add", said: Text) =>
    decide.mutate(
      { params, body: { decision } },
      { onSuccess: () => say(t(said, { group: group.name })), onError: sayProblem },
    );
  const isDecidable = may("connections:write");
  const state = productAccess === null ? null : STATES[productAccess];
  return (
    <div className={classes["decide"]}>
      {state ? <Badge kind={state.kind}>{t(state.label)}</Badge> : <span>{t(texts.accessNone)}</span>}
      {isDecidable && productAccess === "found" && (
        <Button isBusy={decide.isPending} onClick={() => tell("confirm", texts.saidConfirmed)}>
          {t(texts.confirm)}
        </Button>
      )}
      {isDecidable && productAccess === "dropped" && (
        <Button isBusy={decide.isPending} onClick={() => tell("confirm", texts.saidConfirmed)}>
          {t(texts.confirmAgain)}
        </Button>
      )}
      {isDecidable && productAccess === null && (
        <Button isBusy={decide.isPending} onClick={() => tell("add", texts.saidAdded)}>
          {t(texts.add)}
        </Button>
      )}
      {isDecidable && productAccess !== null && productAccess !== "dropped" && (
        <Button onClick={() => setDropping(true)}>{t(texts.drop)}</Button>
      )}
      <FormDialog
        isOpen={isDropping}
        onClose={() => setDropping(false)}
        title={t(texts.dropTitle, { group: group.name })}
        act={t(texts.dropAct)}
        onSubmit={async (form) => {
          await decide.mutateAsync({ params, body: { decision: "drop", reason: String(form.get("reason") ?? "") } });
          say(t(texts.saidDropped, { group: group.name }));
        }}
      >
        <Banner kind="info">{t(texts.dropWhat, { members })}</Banner>
        <TextField name="reason" label={t(texts.reason)} required />
      </FormDialog>
    </div>
  );
}
