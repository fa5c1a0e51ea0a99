import { type ReactNode, useState } from "react";
import type { RowOf } from "../../api/call.ts";
import { useApi, useChange } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { SelectField } from "../../parts/form.tsx";
import { useOperatorNames } from "../../parts/operator-names.ts";
import { Empty } from "../../parts/states.tsx";
import type { Column, Filter } from "../../parts/table/table-types.ts";
import { DataTable } from "../../parts/table/table.tsx";
import { Time } from "../../parts/time.tsx";
import { say } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import type { Text } from "../../text/define.ts";
import { formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Row = RowOf<"edition-identifiers.list">;
type Edition = NonNullable<Row["edition"]>;

const EDITIONS: Readonly<Record<Edition, Text>> = {
  free: texts.free,
  standard: texts.standard,
  premium: texts.premium,
  enterprise: texts.enterprise,
  "data-center": texts.data_center,
};

/** Technical names of editions, first those that nobody knows. */
export function Editions(): ReactNode {
  const may = useMay()("connections:write");
  const { state } = useUrlState();
  const sites = useApi("sites.list", { query: { limit: 200 } });
  const [dialog, setDialog] = useState<{ kind: "match" | "take-back"; row: Row } | null>(null);
  const columns: readonly Column<Row>[] = [
    { id: "identifier", label: texts.identifier, width: 220, sort: "identifier", cell: ({ identifier }) => identifier },
    { id: "seenIn", label: texts.seenIn, width: 200, cell: ({ sites: seen }) => seen.join(", ") || NONE },
    { id: "seats", label: texts.seats, width: 90, isNumber: true, cell: ({ seats }) => formatNumber(seats) },
    {
      id: "ended",
      label: texts.endedSeats,
      width: 110,
      isNumber: true,
      cell: ({ endedSeats }) => formatNumber(endedSeats),
    },
    {
      id: "edition",
      label: texts.edition,
      width: 140,
      cell: ({ edition }) => (edition ? t(EDITIONS[edition]) : t(texts.unrecognized)),
    },
    { id: "by", label: texts.bySource, width: 140, cell: (row) => <Origin row={row} /> },
    {
      id: "first",
      label: texts.firstSeen,
      width: 130,
      sort: "firstSeenAt",
      cell: ({ firstSeenAt }) => <Time value={firstSeenAt} />,
    },
    ...(may
      ? [
          {
            id: "actions",
            label: texts.actions,
            width: 120,
            cell: (row: Row) => <Actions row={row} onDo={(kind) => setDialog({ kind, row })} />,
          },
        ]
      : []),
  ];
  const filters: readonly Filter[] = [
    {
      id: "state",
      label: texts.state,
      kind: "choice",
      choices: [
        { value: "unrecognized", label: t(texts.unrecognized) },
        { value: "recognized", label: t(texts.recognized) },
      ],
    },
    {
      id: "siteId",
      label: texts.site,
      kind: "choice",
      choices: (sites.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
    },
  ];
  return (
    <>
      <p className={classes["muted"]}>{t(texts.editionsWhat)}</p>
      <DataTable
        list="edition-identifiers.list"
        label={t(texts.editionsTable)}
        columns={columns}
        rowId={({ id }) => id}
        rowName={({ identifier }) => identifier}
        filters={filters}
        query={state["state"] === undefined ? { state: "unrecognized" } : {}}
        isSearchable
        empty={<Empty title={t(texts.everything)}>{t(texts.everyEdition)}</Empty>}
      />
      {dialog?.kind === "match" && <MatchDialog row={dialog.row} onClose={() => setDialog(null)} />}
      {dialog?.kind === "take-back" && <TakeBack row={dialog.row} onClose={() => setDialog(null)} />}
    </>
  );
}

function Origin({ row: { origin, decidedBy } }: { row: Row }): ReactNode {
  const nameOf = useOperatorNames();
  if (origin === null) return NONE;
  if (origin === "person") return decidedBy === null ? NONE : nameOf(decidedBy);
  return t(origin === "built-in" ? texts.builtIn : texts.theSource);
}

function Actions({ row, onDo }: { row: Row; onDo: (kind: "match" | "take-back") => void }): ReactNode {
  if (row.edition === null) {
    return (
      <Button aria-label={t(texts.matchNamed, { name: row.identifier })} onClick={() => onDo("match")}>
        {t(texts.match)}
      </Button>
    );
  }
  if (row.origin !== "person") return null;
  return (
    <Button
      kind="quiet"
      aria-label={t(texts.takeBackNamed, { identifier: row.identifier })}
      onClick={() => onDo("take-back")}
    >
      {t(texts.takeBack)}
    </Button>
  );
}

/** What hangs on an edition: prices, and with them the position and the overview. */
const NOUNS = ["editions", "seats", "sites", "position", "overview", "licenses"];

interface DialogProps {
  row: Row;
  onClose: () => void;
}

function MatchDialog({ row, onClose }: DialogProps): ReactNode {
  const match = useChange("edition-identifiers.match", NOUNS);
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(texts.matchTitle, { identifier: row.identifier })}
      act={t(texts.matchAct)}
      onSubmit={async (form) => {
        const edition = String(form.get("edition")) as Edition;
        const { changedSeats } = await match.mutateAsync({ params: { identifierId: row.id }, body: { edition } });
        say(t(texts.matched, { identifier: row.identifier, edition: t(EDITIONS[edition]), seats: changedSeats }));
      }}
    >
      <p>{t(texts.matchWhat, { seats: row.seats, ended: row.endedSeats })}</p>
      <SelectField
        name="edition"
        label={t(texts.edition)}
        choices={Object.entries(EDITIONS).map(([value, label]) => ({ value, label: t(label) }))}
        defaultValue={row.source === "confluence-data-center" ? "data-center" : "standard"}
      />
    </FormDialog>
  );
}

function TakeBack({ row, onClose }: DialogProps): ReactNode {
  const match = useChange("edition-identifiers.match", NOUNS);
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={t(texts.takeBackTitle, {
        identifier: row.identifier,
        edition: row.edition === null ? "" : t(EDITIONS[row.edition]),
      })}
      act={t(texts.takeBackAct)}
      onConfirm={() => match.mutateAsync({ params: { identifierId: row.id }, body: { edition: null } })}
    >
      {t(texts.takeBackWhat)}
    </Confirm>
  );
}
