import { Link, useLocation } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import type { RowOf } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { useSession } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import { idsOf } from "./list-state.ts";
import classes from "./table.module.css";
import type { BuiltInView, Filter } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";
import { isModified, searchOfView, viewStateOf } from "./view-state.ts";

// Dialogs come after the page.
const SaveView = lazy(async () => ({ default: (await import("./save-view.tsx")).SaveView }));
const ViewActs = lazy(async () => ({ default: (await import("./save-view.tsx")).ViewActs }));

export type SavedView = RowOf<"views.list">;

/** In the address: all rows, although a view of the reader's role comes first. */
const ALL = "all";

/** Views as links: each is an address. Those that come with the page, then what was saved. */
export function Views({
  views,
  filters,
  columns,
}: {
  views: readonly BuiltInView[];
  filters: readonly Filter[];
  /** The columns, where its reader chose others than the page has; null: as they come. */
  columns: string | null;
}): ReactNode {
  const { state } = useUrlState();
  const page = pageOf(useLocation().pathname, state["tab"]);
  const saved = useApi("views.list", { query: { page, limit: 200 } }).data?.items ?? [];
  const { operator } = useSession();
  const first = saved.find(({ defaultRole }) => defaultRole !== null && operator.roles.includes(defaultRole as never));
  useFirstView(first);

  const current = saved.find(({ id }) => id === state["view"]) ?? null;
  const isCurrent = (query: Readonly<Record<string, string>>) =>
    current === null && filters.flatMap(idsOf).every((id) => (state[id] ?? "") === (query[id] ?? ""));
  const all: BuiltInView = { id: ALL, label: texts.all, query: first ? { view: ALL } : {} };
  const now = viewStateOf(state, columns);
  const isPlain = [all, ...views].some(({ query }) => viewStateOf(query, null) === now);
  return (
    <div className={classes["viewsRow"]}>
      <nav className={classes["views"]} aria-label={t(texts.views)}>
        {[all, ...views].map((view) => (
          <ViewLink key={view.id} search={view.query} isCurrent={isCurrent(view.query)}>
            {t(view.label)}
          </ViewLink>
        ))}
        {saved.map((view) => (
          <ViewLink key={view.id} search={searchOfView(view)} isCurrent={view.id === current?.id}>
            {view.name}
          </ViewLink>
        ))}
      </nav>
      <Suspense>
        {current ? (
          <ViewActs
            key={current.id}
            view={current}
            page={page}
            now={now}
            isModified={isModified(state, current.state)}
          />
        ) : (
          !isPlain && <SaveView page={page} now={now} />
        )}
      </Suspense>
    </div>
  );
}

function ViewLink({
  search,
  isCurrent,
  children,
}: {
  search: Readonly<Record<string, string>>;
  isCurrent: boolean;
  children: ReactNode;
}): ReactNode {
  const { state } = useUrlState();
  // The tab that the table stands in is not the table's.
  const kept: Record<string, string> = state["tab"] === undefined ? {} : { tab: state["tab"] };
  return (
    <Link
      to="."
      search={{ ...kept, ...search } as never}
      activeOptions={{ exact: true, includeSearch: true }}
      className={classes["view"]}
      aria-current={isCurrent ? "true" : undefined}
    >
      {children}
    </Link>
  );
}

/** Of which lists a saved view is: one for each tab, and the same for each thing of a kind: `/reclaim/plans/plan_…`. */
function pageOf(pathname: string, tab: string | undefined): string {
  const parts = pathname.split("/").filter((part) => /^[a-z-]+$/.test(part));
  return [...parts, ...(tab === undefined ? [] : [tab])].join("-");
}

/** Whoever opens the page without saying what they want to see gets what their role sees first. */
function useFirstView(first: SavedView | undefined): void {
  const { state, change } = useUrlState();
  const isBare = Object.keys(state).length === 0;
  useEffect(() => {
    if (first && isBare) change(searchOfView(first), "replace");
  }, [first, isBare, change]);
}
