import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { RowOf } from "../../api/call.ts";
import { useApi, useChange } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { SelectField, TextField } from "../../parts/form.tsx";
import { Empty } from "../../parts/states.tsx";
import type { Column, Filter } from "../../parts/table/table-types.ts";
import { DataTable } from "../../parts/table/table.tsx";
import { Time } from "../../parts/time.tsx";
import { say } from "../../parts/toast.tsx";
import { useMay, useSession } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Row = RowOf<"capacity-alerts.list">;

function thresholdOf({ unit, threshold }: Row): string {
  return t(unit === "percent" ? texts.percentOf : texts.seatsOf, { threshold });
}

/** Who is told by mail when so many seats of a site are used. */
export function Alerts(): ReactNode {
  const may = useMay();
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Row | null>(null);
  const remove = useChange("capacity-alerts.remove", ["overview"]);
  const sites = useApi("sites.list", { query: { limit: 200 } });
  const siteChoices = (sites.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const filters: readonly Filter[] = [{ id: "siteId", label: texts.site, kind: "choice", choices: siteChoices }];
  const columns: readonly Column<Row>[] = [
    { id: "site", label: texts.site, width: 200, sort: "site", cell: ({ site }) => site },
    { id: "threshold", label: texts.threshold, width: 160, sort: "threshold", cell: thresholdOf },
    {
      id: "state",
      label: texts.state,
      width: 200,
      cell: ({ crossedAt }) =>
        crossedAt === null ? (
          <Badge kind="ok">{t(texts.below)}</Badge>
        ) : (
          <>
            <Badge kind="warn">{t(texts.reached)}</Badge> <Time value={crossedAt} />
          </>
        ),
    },
    { id: "recipients", label: texts.tells, width: 240, cell: ({ recipients }) => recipients.join(", ") },
    ...(may("licenses:write")
      ? [
          {
            id: "remove",
            label: texts.actions,
            width: 110,
            cell: (row: Row) => (
              <Button
                kind="quiet"
                aria-label={t(texts.removeAlert, { threshold: thresholdOf(row), site: row.site })}
                onClick={() => setRemoving(row)}
              >
                {t(texts.remove)}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      {may("licenses:write") && (
        <div className={classes["tools"]}>
          <Button icon={Plus} onClick={() => setAdding(true)}>
            {t(texts.addAlert)}
          </Button>
        </div>
      )}
      <DataTable
        list="capacity-alerts.list"
        label={t(texts.alertsTable)}
        columns={columns}
        rowId={({ id }) => id}
        rowName={(row) => `${row.site} ${thresholdOf(row)}`}
        filters={filters}
        empty={<Empty title={t(texts.noAlerts)}>{t(texts.noAlertsWhat)}</Empty>}
      />
      {isAdding && <AddAlert onClose={() => setAdding(false)} sites={siteChoices} />}
      {removing && (
        <Confirm
          isOpen
          onClose={() => setRemoving(null)}
          title={t(texts.removeAlertTitle, {
            threshold: thresholdOf(removing),
            site: removing.site,
          })}
          act={t(texts.removeAlertAct)}
          onConfirm={() => remove.mutateAsync({ params: { alertId: removing.id } })}
        >
          {t(texts.removeAlertWhat)}
        </Confirm>
      )}
    </>
  );
}

function AddAlert({
  onClose,
  sites,
}: {
  onClose: () => void;
  sites: readonly { value: string; label: string }[];
}): ReactNode {
  const { operator } = useSession();
  const add = useChange("capacity-alerts.add", ["overview"]);
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(texts.addAlert)}
      act={t(texts.addAlertAct)}
      onSubmit={async (form) => {
        await add.mutateAsync({
          body: {
            siteId: String(form.get("siteId") ?? ""),
            unit: form.get("unit") === "seats" ? "seats" : "percent",
            threshold: Number(form.get("threshold")),
            recipients: String(form.get("recipients") ?? "")
              .split(/[\s,;]+/)
              .filter(Boolean),
          },
        });
        say(t(texts.alertAdded));
      }}
    >
      <p className={classes["muted"]}>{t(texts.alertWhat)}</p>
      <SelectField name="siteId" label={t(texts.site)} choices={sites} />
      <div className={classes["row"]}>
        <TextField name="threshold" label={t(texts.threshold)} type="number" min={1} defaultValue={90} />
        <SelectField
          name="unit"
          label={t(texts.unit)}
          choices={[
            { value: "percent", label: t(texts.unitPercent) },
            { value: "seats", label: t(texts.seats) },
          ]}
        />
      </div>
      <TextField
        name="recipients"
        label={t(texts.tells)}
        hint={t(texts.recipientsHint)}
        defaultValue={operator.email ?? ""}
      />
    </FormDialog>
  );
}
