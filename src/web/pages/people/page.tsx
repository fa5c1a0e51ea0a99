import { Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { Page as Frame } from "../../parts/page.tsx";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import { t } from "../../text/t.ts";
import { Acts } from "./acts.tsx";
import { COLUMNS } from "./columns.tsx";
import { AS_OF, FILTERS, VIEWS } from "./filters.tsx";
import { useMayAct } from "./may-act.ts";
import { texts } from "./texts.ts";

// What is opened from the list comes when it is.
const PersonSlideOut = lazy(async () => ({ default: (await import("./person-slide-out.tsx")).PersonSlideOut }));

/** Who has Confluence, do they use it, why, what does it cost? */
export function Page(): ReactNode {
  const mayAct = useMayAct();
  return (
    <Frame title={texts.title}>
      <DataTable
        list="people.list"
        label={t(texts.table)}
        columns={COLUMNS}
        rowId={({ personId }) => personId}
        rowName={({ name }) => name}
        rowHref={({ personId }) => `/people/${personId}`}
        filters={FILTERS}
        facets="people.facets"
        views={VIEWS}
        isSearchable
        defaultSort="name"
        hasAsOf={AS_OF}
        openState={["tab"]}
        slideOut={(opened) => (
          <Suspense>
            <PersonSlideOut opened={opened} />
          </Suspense>
        )}
        selectionActions={mayAct ? (_, selection) => <Acts selection={selection} /> : undefined}
        isSelectingAll
        empty={
          <Empty title={t(texts.emptyTitle)} action={<Link to={"/connections" as string}>{t(texts.connections)}</Link>}>
            {t(texts.empty)}
          </Empty>
        }
      />
    </Frame>
  );
}
