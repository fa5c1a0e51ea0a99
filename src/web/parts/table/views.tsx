import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { t } from "../../text/t.ts";
import { useUrlState } from "../../shell/url-state.ts";
import classes from "./table.module.css";
import type { BuiltInView, Filter } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";

/** Views as links: each is an address. The one whose query is the address's is current. */
export function Views({ views, filters }: { views: readonly BuiltInView[]; filters: readonly Filter[] }): ReactNode {
  const { state } = useUrlState();
  const isCurrent = (query: Readonly<Record<string, string>>) =>
    filters.every(({ id }) => (state[id] ?? "") === (query[id] ?? ""));
  const all = { id: "all", label: texts.all, query: {} };
  return (
    <nav className={classes["views"]} aria-label={t(texts.views)}>
      {[all, ...views].map((view) => (
        <Link
          key={view.id}
          to="."
          search={view.query as never}
          activeOptions={{ exact: true, includeSearch: true }}
          className={classes["view"]}
          aria-current={isCurrent(view.query) ? "true" : undefined}
        >
          {t(view.label)}
        </Link>
      ))}
    </nav>
  );
}
