import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { Badge } from "../../parts/badge.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** When it runs, in words and as cron. */
export function Schedule({ job: { schedule, cron, enabled } }: { job: RowOf<"jobs.list"> }): ReactNode {
  return (
    <span className={classes["schedule"]}>
      <span>
        {schedule} {!enabled && <Badge kind="neutral">{t(texts.off)}</Badge>}
      </span>
      <code className={classes["cron"]}>{cron}</code>
    </span>
  );
}
