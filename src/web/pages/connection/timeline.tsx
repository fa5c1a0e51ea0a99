import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { Badge, type BadgeKind } from "../../parts/badge.tsx";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { BuiltInView, Column, Filter } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { NONE } from "../../text/format.ts";
import { useMay } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import type { Connection } from "./page.tsx";
import { texts } from "./texts.ts";
import { changeWords, RUN_STATES } from "./timeline-words.ts";

type Item = RowOf<"connections.timeline">;

const COLUMNS: readonly Column<Item>[] = [
  { id: "at", label: texts.when, width: 150, sort: "at", cell: ({ at }) => <Time value={at} /> },
  { id: "what", label: texts.what, width: 280, cell: (item) => <What item={item} /> },
  { id: "site", label: texts.siteColumn, width: 140, cell: ({ siteName }) => siteName ?? NONE },
  { id: "who", label: texts.who, width: 140, cell: ({ actorName }) => actorName ?? t(texts.bySchedule) },
  { id: "result", label: texts.result, width: 260, cell: (item) => <Result item={item} /> },
];

const VIEWS: readonly BuiltInView[] = [
  { id: "runs", label: texts.runs, query: { kind: "run" } },
  { id: "changes", label: texts.changes, query: { kind: "change" } },
];

/** Runs and human changes in one line of time. */
export function TimelineTab({ connection }: { connection: Connection }): ReactNode {
  const filters: readonly Filter[] = [
    {
      id: "kind",
      label: texts.kind,
      kind: "choice",
      choices: [
        { value: "run", label: t(texts.runs) },
        { value: "change", label: t(texts.changes) },
      ],
    },
    {
      id: "siteId",
      label: texts.siteColumn,
      kind: "choice",
      choices: connection.sites.map(({ id, name }) => ({ value: id, label: name })),
    },
  ];
  return (
    <DataTable
      list="connections.timeline"
      params={{ connectionId: connection.id }}
      label={t(texts.timelineTable)}
      columns={COLUMNS}
      rowId={({ id }) => id}
      rowName={(item) => nameOf(item)}
      filters={filters}
      views={VIEWS}
      empty={<Empty title={t(texts.timelineEmpty)} />}
    />
  );
}

function nameOf(item: Item): string {
  return item.kind === "run" ? t(texts.run, { scope: item.scope ?? "full" }) : changeWords(item.entry ?? "");
}

function What({ item }: { item: Item }): ReactNode {
  const may = useMay();
  if (item.runId) {
    return (
      <Link to={"/runs/$id" as string} params={{ id: item.runId } as never}>
        {nameOf(item)}
      </Link>
    );
  }
  if (item.seq === null || !may("journal:read")) return nameOf(item);
  return (
    <Link to={"/journal" as string} search={{ open: String(item.seq) } as never}>
      {nameOf(item)}
    </Link>
  );
}

function Result({ item: { state, counts, message } }: { item: Item }): ReactNode {
  if (!state) return NONE;
  const { label, kind }: { label: Parameters<typeof t>[0]; kind: BadgeKind } = RUN_STATES[state];
  return (
    <>
      <Badge kind={kind}>{t(label)}</Badge>{" "}
      {counts && t(texts.runCounts, { added: counts.added, gone: counts.gone, changed: counts.changed })} {message}
    </>
  );
}
