import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { Page as Frame } from "../../parts/page.tsx";
import { later } from "../../parts/later.tsx";
import { SiteName } from "../../parts/site-name.tsx";
import { Empty, Loading } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { BuiltInView, Filter } from "../../parts/table/table-types.ts";
import { useUrlState } from "../../shell/url-state.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { COLUMNS, SOURCES, TYPES } from "./columns.tsx";
import { Coverage } from "./coverage.tsx";
import { texts } from "./texts.ts";

const DaysChart = later(
  async () => (await import("./days-chart.tsx")).DaysChart,
  () => <Loading rows={4} />,
);

const VIEWS: readonly BuiltInView[] = [
  { id: "contributions", label: texts.viewContributions, query: { type: "page,blogpost,comment,attachment" } },
  { id: "administration", label: texts.viewAdministration, query: { type: "admin" } },
];

const FILTERS: readonly Filter[] = [
  { id: "type", label: texts.type, kind: "choices", choices: choicesOf(TYPES) },
  { id: "source", label: texts.source, kind: "choices", choices: choicesOf(SOURCES) },
  {
    id: "part",
    label: texts.part,
    kind: "choices",
    choices: choicesOf({ author: texts.author, concerned: texts.concerned }),
  },
  { id: "since", toId: "before", label: texts.days, kind: "range", of: "day" },
  { id: "spaceKey", label: texts.space, kind: "text" },
  { id: "siteId", label: texts.site, kind: "thing", name: (id) => <SiteName id={id} /> },
  { id: "personId", label: texts.person, kind: "thing", name: (id) => <PersonName id={id} /> },
  { id: "accountId", label: texts.account, kind: "thing", name: (id) => id },
];

const NEWEST_FIRST = { sort: "-occurredAt" };

/** The filters by their names in the address; the chart counts by the same ones. */
const NAMES = FILTERS.flatMap((filter) => (filter.kind === "range" ? [filter.id, filter.toId] : [filter.id]));

/** What happened, by whom, where. */
export function Page(): ReactNode {
  const { state } = useUrlState();
  const query = Object.fromEntries(Object.entries(state).filter(([name]) => NAMES.includes(name)));
  return (
    <Frame title={texts.title}>
      <DaysChart query={query} />
      <Coverage />
      <DataTable
        list="activity.list"
        label={t(texts.table)}
        columns={COLUMNS}
        rowId={({ eventId, accountId }) => `${eventId}/${accountId}`}
        rowName={({ summary }) => summary}
        filters={FILTERS}
        facets="activity.facets"
        views={VIEWS}
        defaultSort="-occurredAt"
        query={NEWEST_FIRST}
        empty={<Empty title={t(texts.emptyTitle)}>{t(texts.empty)}</Empty>}
      />
    </Frame>
  );
}

function choicesOf(labels: Readonly<Record<string, Text>>) {
  return Object.entries(labels).map(([value, label]) => ({ value, label: t(label) }));
}

function PersonName({ id }: { id: string }): ReactNode {
  return useApi("people.get", { params: { personId: id } }).data?.name ?? id;
}
