import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Group = RowOf<"groups.list">;

/** How a group's members use their seats, small; the group's own page has the numbers as links. */
export function ActivityBar({ group }: { group: Group }): ReactNode {
  const { active, idle, neverUsed, noEvidence } = group;
  // Of an earlier day no status is known.
  if (active === null || idle === null || neverUsed === null || noEvidence === null) return null;
  const words = t(texts.barAloud, { active, idle, neverUsed, noEvidence });
  const parts = [
    { count: active, color: "--chart-active" },
    { count: idle, color: "--chart-idle" },
    { count: neverUsed, color: "--chart-never-used" },
    { count: noEvidence, color: "--chart-no-evidence" },
  ].filter(({ count }) => count > 0);
  if (parts.length === 0) return null;
  return (
    <span className={classes["bar"]} role="img" aria-label={words} title={words}>
      {parts.map(({ count, color }) => (
        <span key={color} style={{ flexGrow: count, background: `var(${color})` }} />
      ))}
    </span>
  );
}
