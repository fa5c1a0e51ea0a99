import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatNumber, formatPercent } from "../../text/format.ts";
import classes from "./stacked-bar.module.css";

export interface BarPart {
  id: string;
  label: string;
  count: number;
  /** One of the chart colors of tokens.css, such as `--chart-idle`. */
  color: string;
  /** Drawn hatched, for what is not known. */
  isHatched?: boolean;
  /** The rows it counts. */
  to: string;
  search: Readonly<Record<string, string>>;
}

/** One whole in its parts, each with its number, which is a link to the rows it counts. */
export function StackedBar({ parts }: { parts: readonly BarPart[] }): ReactNode {
  const sum = parts.reduce((before, { count }) => before + count, 0);
  return (
    <div className={classes["whole"]}>
      <div className={classes["bar"]} aria-hidden="true">
        {parts
          .filter(({ count }) => count > 0)
          .map(({ id, count, color, isHatched }) => (
            <div
              key={id}
              className={classes["part"]}
              data-hatched={isHatched}
              style={{ flexGrow: count, "--part": `var(${color})` } as Record<string, string | number>}
            />
          ))}
      </div>
      <ul role="list" className={classes["legend"]}>
        {parts.map(({ id, label, count, color, isHatched, to, search }) => (
          <li key={id}>
            <span
              className={classes["key"]}
              data-hatched={isHatched}
              style={{ "--part": `var(${color})` } as Record<string, string>}
              aria-hidden="true"
            />
            <Link to={to} search={search as never}>
              {label} {formatNumber(count)}
            </Link>
            {sum > 0 && <span className={classes["share"]}>{formatPercent(count / sum)}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
