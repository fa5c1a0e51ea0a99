import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { SeatTrend } from "../../parts/chart/seat-trend.tsx";
import form from "../../parts/form.module.css";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** Seats used and owned over a year, where it goes from here, and when licenses renew: of all sites or of one. */
export function TrendTab(): ReactNode {
  const { state, change } = useUrlState();
  const sites = useApi("sites.list", { query: { limit: 200 } });
  const siteId = state["siteId"] ?? null;
  return (
    <>
      <div className={classes["tools"]}>
        <select
          className={form["control"]}
          aria-label={t(texts.site)}
          value={siteId ?? ""}
          onChange={(event) => change({ siteId: event.target.value })}
        >
          <option value="">{t(texts.allSites)}</option>
          {sites.data?.items.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <SeatTrend siteId={siteId} />
    </>
  );
}
