import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { Page as Frame } from "../../parts/page.tsx";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { BuiltInView, Filter } from "../../parts/table/table-types.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { COLUMNS, SOURCES, TYPES } from "./columns.tsx";
import { texts } from "./texts.ts";

const VIEWS: readonly BuiltInView[] = [
  { id: "contributions", label: texts.viewContributions, query: { type: "page,blogpost,comment,attachment" } },
  { id: "administration", label: texts.viewAdministration, query: { type: "admin" } },
];

function choicesOf(labels: Readonly<Record<string, Text>>) {
  return Object.entries(labels).map(([value, label]) => ({ value, label: t(label) }));
}

/** What happened, by whom, where. */
export function Page(): ReactNode {
  const sites = useApi("sites.list", { query: { limit: 200 } });
  const filters: readonly Filter[] = [
    { id: "type", label: texts.type, kind: "choices", choices: choicesOf(TYPES) },
    { id: "source", label: texts.source, kind: "choices", choices: choicesOf(SOURCES) },
    {
      id: "part",
      label: texts.part,
      kind: "choice",
      choices: choicesOf({ author: texts.author, concerned: texts.concerned }),
    },
    { id: "spaceKey", label: texts.space, kind: "text" },
    {
      id: "siteId",
      label: texts.site,
      kind: "choice",
      choices: (sites.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
    },
  ];
  return (
    <Frame title={texts.title}>
      <DataTable
        list="activity.list"
        label={t(texts.table)}
        columns={COLUMNS}
        rowId={({ eventId, accountId }) => `${eventId}/${accountId}`}
        rowName={({ summary }) => summary}
        filters={filters}
        views={VIEWS}
        empty={<Empty title={t(texts.emptyTitle)}>{t(texts.empty)}</Empty>}
      />
    </Frame>
  );
}
