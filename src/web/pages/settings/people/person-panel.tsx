import { type ReactNode, useState } from "react";
import type { AnswerFor } from "../../../api/call.ts";
import { useApi, useChange } from "../../../api/query.ts";
import { Button } from "../../../parts/button.tsx";
import { Id } from "../../../parts/copy.tsx";
import { Confirm } from "../../../parts/dialog.tsx";
import { TextField } from "../../../parts/form.tsx";
import { SettingsForm } from "../../../parts/settings-form.tsx";
import { SlideOut } from "../../../parts/slide-out.tsx";
import { Shown } from "../../../parts/states.tsx";
import { useMay, useSession } from "../../../shell/session.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import type { Invitation } from "./people.tsx";
import { RoleFields } from "./role-fields.tsx";
import { texts } from "./texts.ts";

type Operator = AnswerFor<"operators.get">;

interface PanelProps {
  operatorId: string | null;
  onClose: () => void;
  onInvitation: (invitation: Invitation) => void;
}

/** One person: their roles, a new link, letting them in no more. */
export function PersonPanel({ operatorId, onClose, onInvitation }: PanelProps): ReactNode {
  const operator = useApi(
    "operators.get",
    { params: { operatorId: operatorId ?? "" } },
    { enabled: operatorId !== null },
  );
  return (
    <SlideOut
      isOpen={operatorId !== null}
      title={operator.data?.name ?? t(texts.person)}
      about={operatorId && <Id id={operatorId} />}
      onClose={onClose}
    >
      <Shown query={operator}>
        {(found) => (
          <div className={classes["section"]}>
            <RolesForm key={found.id} operator={found} onReload={operator.refetch} />
            <Acts operator={found} onInvitation={onInvitation} />
          </div>
        )}
      </Shown>
    </SlideOut>
  );
}

function RolesForm({ operator, onReload }: { operator: Operator; onReload: () => Promise<unknown> }): ReactNode {
  const may = useMay();
  const change = useChange("operators.change", ["session"]);
  return (
    <SettingsForm
      id={`operator.${operator.id}`}
      isReadOnly={!may("operators:write") || operator.endedAt !== null}
      onReload={onReload}
      onSave={(form) =>
        change.mutateAsync({
          params: { operatorId: operator.id },
          ifMatch: operator.revision,
          body: { name: form.get("name"), roles: form.getAll("roles") },
        })
      }
    >
      <TextField name="name" label={t(texts.name)} defaultValue={operator.name} />
      <RoleFields held={operator.roles} />
    </SettingsForm>
  );
}

function Acts({ operator, onInvitation }: { operator: Operator; onInvitation: (made: Invitation) => void }): ReactNode {
  const may = useMay();
  const session = useSession();
  const reset = useChange("operators.reset", ["sessions"]);
  const end = useChange("operators.end", ["sessions", "tokens"]);
  const [asked, setAsked] = useState<"reset" | "end" | null>(null);
  if (!may("operators:write")) return null;
  const params = { operatorId: operator.id };
  const isSelf = session.operator.id === operator.id;
  const isEnded = operator.endedAt !== null;
  const names = { name: operator.name };
  return (
    <div className={classes["row"]}>
      <Button onClick={() => setAsked("reset")}>{t(isEnded ? texts.letInAgain : texts.newLink)}</Button>
      {!isSelf && !isEnded && (
        <Button kind="danger" onClick={() => setAsked("end")}>
          {t(texts.end)}
        </Button>
      )}
      <Confirm
        isOpen={asked === "reset"}
        onClose={() => setAsked(null)}
        title={t(isEnded ? texts.letInAgainTitle : texts.newLinkTitle, names)}
        act={t(isEnded ? texts.letInAgain : texts.newLink)}
        onConfirm={async () => onInvitation(await reset.mutateAsync({ params }))}
      >
        <p>{t(texts.newLinkMeans)}</p>
      </Confirm>
      <Confirm
        isOpen={asked === "end"}
        onClose={() => setAsked(null)}
        title={t(texts.endTitle, names)}
        act={t(texts.end)}
        isDangerous
        onConfirm={() => end.mutateAsync({ params })}
      >
        <p>{t(texts.endMeans)}</p>
      </Confirm>
    </div>
  );
}
