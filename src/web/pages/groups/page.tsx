import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { Page as Frame } from "../../parts/page.tsx";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { BuiltInView, Filter } from "../../parts/table/table-types.ts";
import { t } from "../../text/t.ts";
import { COLUMNS, MANAGED_BY } from "./columns.tsx";
import { GroupSlideOut, OPEN_STATE } from "./slide-out.tsx";
import { texts } from "./texts.ts";

const VIEWS: readonly BuiltInView[] = [
  { id: "seats", label: texts.viewSeats, query: { givesSeat: "true" } },
  { id: "admins", label: texts.viewAdmins, query: { managedBy: "admins" } },
];

const AS_OF = { notColumns: ["status"] };

/** What each group gives, to whom, and who answers for it. */
export function Page(): ReactNode {
  const sites = useApi("sites.list", { query: { limit: 200 } });
  const filters: readonly Filter[] = [
    {
      id: "givesSeat",
      label: texts.givesSeat,
      kind: "choice",
      choices: [
        { value: "true", label: t(texts.yes) },
        { value: "false", label: t(texts.no) },
      ],
    },
    {
      id: "managedBy",
      label: texts.managedBy,
      kind: "choices",
      choices: Object.entries(MANAGED_BY).map(([value, label]) => ({ value, label: t(label) })),
    },
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
        list="groups.list"
        label={t(texts.table)}
        columns={COLUMNS}
        rowId={({ groupId }) => groupId}
        rowName={({ name }) => name}
        filters={filters}
        views={VIEWS}
        isSearchable
        rowHref={({ groupId }) => `/groups/${groupId}`}
        facets="groups.facets"
        defaultSort="name"
        hasAsOf={AS_OF}
        openState={OPEN_STATE}
        slideOut={(opened) => <GroupSlideOut opened={opened} />}
        empty={<Empty title={t(texts.emptyTitle)}>{t(texts.empty)}</Empty>}
      />
    </Frame>
  );
}
