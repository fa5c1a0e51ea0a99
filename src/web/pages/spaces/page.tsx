import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { buttonClass } from "../../parts/button.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { BuiltInView, Filter } from "../../parts/table/table-types.ts";
import { t } from "../../text/t.ts";
import { COLUMNS, typeLabel } from "./columns.tsx";
import { OPEN_STATE, SpaceSlideOut } from "./slide-out.tsx";
import { texts } from "./texts.ts";

const VIEWS: readonly BuiltInView[] = [
  { id: "anonymous", label: texts.viewAnonymous, query: { anonymous: "true" } },
  { id: "personal", label: texts.viewPersonal, query: { type: "personal" } },
  { id: "archived", label: texts.viewArchived, query: { status: "archived" } },
];

const TYPES = ["global", "personal", "collaboration", "knowledge_base"];

/** Who can do what in each space, and through what. */
export function Page(): ReactNode {
  const sites = useApi("sites.list", { query: { limit: 200 } });
  const filters: readonly Filter[] = [
    {
      id: "type",
      label: texts.type,
      kind: "choices",
      choices: TYPES.map((value) => ({ value, label: typeLabel(value) })),
    },
    {
      id: "status",
      label: texts.status,
      kind: "choice",
      choices: [
        { value: "current", label: t(texts.current) },
        { value: "archived", label: t(texts.archived) },
      ],
    },
    {
      id: "anonymous",
      label: texts.anonymousOnly,
      kind: "choice",
      choices: [
        { value: "true", label: t(texts.yes) },
        { value: "false", label: t(texts.no) },
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
    <Frame
      title={texts.title}
      actions={
        <Link to={"/spaces/matrix" as string} className={buttonClass}>
          {t(texts.whoCanDoWhat)}
        </Link>
      }
    >
      <DataTable
        list="spaces.list"
        label={t(texts.table)}
        columns={COLUMNS}
        rowId={({ spaceId }) => spaceId}
        rowName={({ name }) => name}
        filters={filters}
        views={VIEWS}
        isSearchable
        rowHref={({ spaceId }) => `/spaces/${spaceId}`}
        facets="spaces.facets"
        defaultSort="name"
        hasAsOf
        openState={OPEN_STATE}
        slideOut={(opened) => <SpaceSlideOut opened={opened} />}
        empty={<Empty title={t(texts.emptyTitle)}>{t(texts.empty)}</Empty>}
      />
    </Frame>
  );
}
