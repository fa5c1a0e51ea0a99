import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty, Shown } from "../../parts/states.tsx";
import { t } from "../../text/t.ts";
import { stampOf } from "./log-lines.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** Lines that warn and errors, whole. */
export function Warnings({ runId, count }: { runId: string; count: number }): ReactNode {
  // `count` is part of the question: more warnings, and they are read again.
  const lines = useApi("runs.log", {
    params: { runId },
    query: { level: "warn,error", limit: Math.min(200, Math.max(50, count)) },
  });
  return (
    <Shown query={lines}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t(texts.noWarnings)}>{t(texts.noWarningsWords)}</Empty>
        ) : (
          <ol role="list" className={classes["warnings"]}>
            {items.map((line) => (
              <li key={line.seq}>
                <Badge kind={line.level === "error" ? "danger" : "warn"}>{t(texts[line.level])}</Badge>
                <time dateTime={line.at}>{stampOf(line.at)}</time>
                <span>{line.message}</span>
              </li>
            ))}
          </ol>
        )
      }
    </Shown>
  );
}
