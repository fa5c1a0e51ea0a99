import type { ReactNode } from "react";
import classes from "./plain-table.module.css";

/** A small table of a page's own, scrolled sideways where there is no room for it; a keyboard reaches it for that. */
export function PlainTable({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return (
    <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={label}>
      <table className={classes["plain"]} aria-label={label}>
        {children}
      </table>
    </div>
  );
}

/** For a cell whose words may take several lines. */
export const wideCell = classes["wide"];
