import { type ReactNode, useState } from "react";
import type { AnswerFor, RowOf } from "../../../api/call.ts";
import { useChange } from "../../../api/query.ts";
import { Badge } from "../../../parts/badge.tsx";
import { Button } from "../../../parts/button.tsx";
import { FormDialog } from "../../../parts/form-dialog.tsx";
import { TextField } from "../../../parts/form.tsx";
import { ShownOnce } from "../../../parts/shown-once.tsx";
import { Empty } from "../../../parts/states.tsx";
import { DataTable } from "../../../parts/table/table.tsx";
import type { Column } from "../../../parts/table/table-types.ts";
import { Time } from "../../../parts/time.tsx";
import { say } from "../../../parts/toast.tsx";
import { useMay } from "../../../shell/session.tsx";
import { useUrlState } from "../../../shell/url-state.ts";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { PersonPanel } from "./person-panel.tsx";
import { RoleFields } from "./role-fields.tsx";
import { roleLabel } from "./roles.ts";
import { texts } from "./texts.ts";

type Row = RowOf<"operators.list">;
export type Invitation = AnswerFor<"operators.invite">;

const COLUMNS: readonly Column<Row>[] = [
  { id: "name", label: texts.name, width: 140, sort: "name", cell: ({ name }) => name },
  { id: "email", label: texts.email, width: 180, cell: ({ email }) => email },
  {
    id: "roles",
    label: texts.roles,
    width: 140,
    cell: ({ roles }) => roles.map((role) => t(roleLabel(role))).join(", "),
  },
  {
    id: "lastSignedInAt",
    label: texts.lastSignedIn,
    width: 110,
    cell: ({ lastSignedInAt }) => (lastSignedInAt === null ? t(texts.neverSignedIn) : <Time value={lastSignedInAt} />),
  },
  {
    id: "state",
    label: texts.state,
    width: 100,
    cell: ({ endedAt }) => (
      <Badge kind={endedAt === null ? "ok" : "neutral"}>{t(endedAt === null ? texts.active : texts.ended)}</Badge>
    ),
  },
];

/** Who may sign in here, and what each may do. */
export function People(): ReactNode {
  const may = useMay();
  const { state, change } = useUrlState();
  const [isInviting, setInviting] = useState(false);
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const told = (made: Invitation) => {
    if (made.url === null) say(t(texts.mailed, { email: made.operator.email ?? made.operator.name }));
    else setInvitation(made);
  };
  const open = state["operator"] ?? null;
  return (
    <>
      {may("operators:write") && (
        <div className={classes["row"]}>
          <Button kind="primary" onClick={() => setInviting(true)}>
            {t(texts.invite)}
          </Button>
        </div>
      )}
      <DataTable
        list="operators.list"
        label={t(texts.people)}
        query={{ kind: "person" }}
        columns={[
          ...COLUMNS,
          {
            id: "act",
            label: texts.act,
            width: 80,
            cell: ({ id, name }) => (
              <Button aria-label={t(texts.openPerson, { name })} onClick={() => change({ operator: id })}>
                {t(texts.open)}
              </Button>
            ),
          },
        ]}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        empty={<Empty title={t(texts.nobody)}>{t(texts.nobodyAbout)}</Empty>}
      />
      <PersonPanel operatorId={open} onClose={() => change({ operator: null })} onInvitation={told} />
      <InviteDialog isOpen={isInviting} onClose={() => setInviting(false)} onInvitation={told} />
      <ShownOnce
        title={t(texts.linkTitle, { name: invitation?.operator.name ?? "" })}
        secret={invitation?.url ?? null}
        onClose={() => setInvitation(null)}
      >
        <p>{t(texts.linkAbout)}</p>
      </ShownOnce>
    </>
  );
}

function InviteDialog({
  isOpen,
  onClose,
  onInvitation,
}: {
  isOpen: boolean;
  onClose: () => void;
  onInvitation: (invitation: Invitation) => void;
}): ReactNode {
  const invite = useChange("operators.invite");
  return (
    <FormDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t(texts.inviteTitle)}
      act={t(texts.invite)}
      onSubmit={async (form) => {
        const body = { name: form.get("name"), email: form.get("email"), roles: form.getAll("roles") };
        onInvitation(await invite.mutateAsync({ body }));
      }}
    >
      <TextField name="name" label={t(texts.name)} autoComplete="off" required />
      <TextField name="email" label={t(texts.email)} type="email" autoComplete="off" required />
      <RoleFields held={["member"]} />
    </FormDialog>
  );
}
