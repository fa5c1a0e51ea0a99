import type { ReactNode } from "react";
import { formatExact, formatRelative } from "../text/format.ts";
import { Rich } from "../text/rich.tsx";
import { t } from "../text/t.ts";
import classes from "./data-as-of.module.css";
import { partTexts as texts } from "./texts.ts";
import { useNow } from "./time.tsx";

/** On every page: how old what it shows is. Amber when it is older than it should be. */
export function DataAsOf({ value, isStale = false }: { value: string | null; isStale?: boolean }): ReactNode {
  const now = useNow();
  if (!value) return <span>{t(texts.dataNone)}</span>;
  return (
    <span className={classes["asOf"]} data-stale={isStale}>
      <Rich
        text={isStale ? texts.dataStale : texts.dataAsOf}
        values={{ when: formatRelative(value, now) }}
        parts={{
          time: (words) => (
            <time dateTime={value} title={formatExact(value)}>
              {words}
            </time>
          ),
        }}
      />
    </span>
  );
}
