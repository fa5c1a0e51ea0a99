import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { useOperatorNames } from "../../parts/operator-names.ts";
import { SlideOut } from "../../parts/slide-out.tsx";
import { Empty, Shown } from "../../parts/states.tsx";
import type { Column } from "../../parts/table/table-types.ts";
import { DataTable } from "../../parts/table/table.tsx";
import { Time } from "../../parts/time.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { formatDateTime, formatDuration } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { Differences } from "./differences.tsx";
import { texts } from "./texts.ts";

type Row = RowOf<"position.list">;

const COLUMNS: readonly Column<Row>[] = [
  {
    id: "at",
    label: texts.computedAt,
    width: 200,
    sort: "at",
    cell: ({ id, at }) => (
      <Link to="/licenses" search={{ tab: "computations", open: id } as never}>
        {formatDateTime(at)}
      </Link>
    ),
  },
  {
    id: "by",
    label: texts.computedBy,
    width: 180,
    cell: ({ computedBy }) => <ComputedBy id={computedBy} />,
  },
  { id: "dataAsOf", label: texts.dataOf, width: 180, cell: ({ dataAsOf }) => <Time value={dataAsOf} /> },
  { id: "took", label: texts.took, width: 100, isNumber: true, cell: ({ tookMs }) => formatDuration(tookMs) },
  {
    id: "seats",
    label: texts.seats,
    width: 160,
    cell: ({ id }) => (
      <Link to={"/licenses/seats" as string} search={{ position: id } as never}>
        {t(texts.showSeats)}
      </Link>
    ),
  },
];

function ComputedBy({ id }: { id: string }): ReactNode {
  const nameOf = useOperatorNames();
  return id === "system" ? t(texts.system) : nameOf(id);
}

/** Every computation of the position, and what each says otherwise than the one before. */
export function Computations(): ReactNode {
  const { state, change } = useUrlState();
  return (
    <>
      <DataTable
        list="position.list"
        label={t(texts.computationsTable)}
        columns={COLUMNS}
        rowId={({ id }) => id}
        rowName={({ at }) => formatDateTime(at)}
        isOpening
        openState={["since"]}
        empty={<Empty title={t(texts.noPosition)}>{t(texts.noPositionWhat)}</Empty>}
      />
      {state["open"] && <Computation positionId={state["open"]} onClose={() => change({ open: null, since: null })} />}
    </>
  );
}

function Computation({ positionId, onClose }: { positionId: string; onClose: () => void }): ReactNode {
  const { state } = useUrlState();
  const all = useApi("position.list", { query: { limit: 200 } });
  return (
    <Shown query={all}>
      {({ items }) => {
        const index = items.findIndex(({ id }) => id === positionId);
        const since = state["since"] ?? items[index + 1]?.id ?? null;
        const at = items[index]?.at;
        return (
          <SlideOut isOpen title={at === undefined ? t(texts.computation) : formatDateTime(at)} onClose={onClose}>
            {since === null ? (
              <p>{t(texts.firstComputation)}</p>
            ) : (
              <Differences positionId={positionId} since={since} earlier={items.slice(index + 1)} />
            )}
          </SlideOut>
        );
      }}
    </Shown>
  );
}
