import { type ReactNode, useState } from "react";
import type { RowOf } from "../../../api/call.ts";
import { useChange } from "../../../api/query.ts";
import { Badge } from "../../../parts/badge.tsx";
import { Button } from "../../../parts/button.tsx";
import { Confirm } from "../../../parts/dialog.tsx";
import { FormDialog } from "../../../parts/form-dialog.tsx";
import { TextField } from "../../../parts/form.tsx";
import { Empty } from "../../../parts/states.tsx";
import { PlainList } from "../../../parts/table/plain-list.tsx";
import type { Column } from "../../../parts/table/table-types.ts";
import { Time } from "../../../parts/time.tsx";
import { useMay } from "../../../shell/session.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { texts } from "./texts.ts";

type Row = RowOf<"operators.list">;

/** Accounts that belong to nobody, for programs: they have tokens, and no password. */
export function ServiceAccounts(): ReactNode {
  const may = useMay();
  const make = useChange("operators.create-service-account");
  const end = useChange("operators.end", ["tokens"]);
  const [isMaking, setMaking] = useState(false);
  const [ending, setEnding] = useState<Row | null>(null);

  const columns: readonly Column<Row>[] = [
    { id: "name", label: texts.name, width: 220, cell: ({ name }) => name },
    { id: "createdAt", label: texts.made, width: 140, cell: ({ createdAt }) => <Time value={createdAt} /> },
    {
      id: "act",
      label: texts.act,
      width: 140,
      cell: (row) => {
        if (row.endedAt !== null) return <Badge kind="neutral">{t(texts.ended)}</Badge>;
        return may("operators:write") ? (
          <Button aria-label={t(texts.endAccount, { name: row.name })} onClick={() => setEnding(row)}>
            {t(texts.end)}
          </Button>
        ) : (
          <Badge kind="ok">{t(texts.active)}</Badge>
        );
      },
    },
  ];

  return (
    <>
      {may("operators:write") && (
        <div className={classes["row"]}>
          <Button onClick={() => setMaking(true)}>{t(texts.makeAccount)}</Button>
        </div>
      )}
      <PlainList
        list="operators.list"
        label={t(texts.serviceAccounts)}
        query={{ kind: "service-account" }}
        columns={columns}
        rowId={({ id }) => id}
        empty={<Empty title={t(texts.noAccounts)} />}
      />
      <FormDialog
        isOpen={isMaking}
        onClose={() => setMaking(false)}
        title={t(texts.makeAccount)}
        act={t(texts.makeAccount)}
        onSubmit={(form) => make.mutateAsync({ body: { name: form.get("name") } })}
      >
        <TextField name="name" label={t(texts.name)} autoComplete="off" required />
      </FormDialog>
      <Confirm
        isOpen={ending !== null}
        onClose={() => setEnding(null)}
        title={t(texts.endTitle, { name: ending?.name ?? "" })}
        act={t(texts.end)}
        isDangerous
        onConfirm={() => end.mutateAsync({ params: { operatorId: ending?.id ?? "" } })}
      >
        <p>{t(texts.endMeans)}</p>
      </Confirm>
    </>
  );
}
