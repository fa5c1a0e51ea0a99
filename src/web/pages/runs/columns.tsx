import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type RowOf, urlOf } from "../../api/call.ts";
import type { Column } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { Changed } from "./changed.tsx";
import { kindLabel, Took, triggerLabel, WorkStateBadge } from "./labels.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

export type Outcome = RowOf<"job-results.list">;

/** How each time of a job is told in a table; the page of one job leaves out what is the same in each row. */
export const OUTCOME_COLUMNS: readonly Column<Outcome>[] = [
  {
    id: "job",
    label: texts.job,
    width: 160,
    cell: ({ id, name }) => (
      <Link to={"/runs/$id" as string} params={{ id } as never}>
        {name}
      </Link>
    ),
  },
  { id: "kind", label: texts.kind, width: 130, isHiddenFirst: true, cell: ({ kind }) => kindLabel(kind) },
  { id: "site", label: texts.siteAndConnection, width: 150, cell: (row) => <Where row={row} /> },
  {
    id: "state",
    label: texts.state,
    width: 118,
    cell: ({ state, waitsUntil }) => <WorkStateBadge state={state} waitsUntil={waitsUntil} />,
  },
  { id: "trigger", label: texts.trigger, width: 104, cell: ({ trigger }) => triggerLabel(trigger) },
  {
    id: "started",
    label: texts.started,
    width: 100,
    sort: "requestedAt",
    cell: ({ startedAt }) => <Time value={startedAt} />,
  },
  {
    id: "took",
    label: texts.took,
    width: 60,
    isNumber: true,
    cell: ({ startedAt, finishedAt, state }) => (
      <Took from={startedAt} until={state === "running" ? null : (finishedAt ?? startedAt)} />
    ),
  },
  {
    id: "message",
    label: texts.message,
    width: 172,
    cell: (row) => <Message row={row} />,
  },
  { id: "log", label: texts.log, width: 126, cell: (row) => <Downloads row={row} /> },
  { id: "next", label: texts.next, width: 110, cell: ({ nextAt }) => <Time value={nextAt} /> },
  { id: "worker", label: texts.worker, width: 160, isHiddenFirst: true, cell: ({ worker }) => worker ?? NONE },
];

function Where({ row: { siteName, connectionId, connectionName } }: { row: Outcome }): ReactNode {
  if (siteName === null && connectionName === null) return NONE;
  return (
    <span className={classes["cell"]}>
      {siteName !== null && <span>{siteName}</span>}
      {connectionId !== null && (
        <Link to={"/connections/$id" as string} params={{ id: connectionId } as never} className={classes["muted"]}>
          {connectionName ?? connectionId}
        </Link>
      )}
    </span>
  );
}

/** How it ended in words; of a run that went well, what it changed. */
function Message({ row: { message, counts } }: { row: Outcome }): ReactNode {
  if (message === null) return <Changed counts={counts} />;
  return (
    <div className={classes["message"]} title={message}>
      {message}
    </div>
  );
}

function Downloads({ row: { id, name } }: { row: Outcome }): ReactNode {
  const href = (as: "text" | "jsonl") => urlOf("job-results.log", { params: { resultId: id }, query: { as } });
  return (
    <span className={classes["downloads"]}>
      <a href={href("text")} download aria-label={t(texts.logAsTextOf, { job: name })}>
        {t(texts.logAsText)}
      </a>
      <a href={href("jsonl")} download aria-label={t(texts.logAsLinesOf, { job: name })}>
        {t(texts.logAsLines)}
      </a>
    </span>
  );
}
