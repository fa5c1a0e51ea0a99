import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { buttonClass } from "../../parts/button.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Empty } from "../../parts/states.tsx";
import type { Column, Filter } from "../../parts/table/table-types.ts";
import { DataTable } from "../../parts/table/table.tsx";
import { Time } from "../../parts/time.tsx";
import { AsOwnerOf } from "../../shell/as-owner.tsx";
import { useMay, useMayByRole } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { KIND_CHOICES, kindLabel, STATE_CHOICES, Took, WorkStateBadge } from "../runs/labels.tsx";
import { useLivingList } from "../runs/use-living-list.ts";
import { JobActs } from "./job-acts.tsx";
import { Schedule } from "./schedule.tsx";
import { texts } from "./texts.ts";

type Job = RowOf<"jobs.list">;

const COLUMNS: readonly Column<Job>[] = [
  {
    id: "job",
    label: texts.job,
    width: 185,
    sort: "name",
    cell: ({ id, name }) => (
      <Link to={"/jobs/$id" as string} params={{ id } as never}>
        {name}
      </Link>
    ),
  },
  { id: "schedule", label: texts.schedule, width: 150, cell: (job) => <Schedule job={job} /> },
  {
    id: "last",
    label: texts.last,
    width: 85,
    cell: ({ lastResult }) => (lastResult ? <Time value={lastResult.startedAt} /> : t(texts.never)),
  },
  {
    id: "result",
    label: texts.result,
    width: 115,
    cell: ({ lastResult }) => (lastResult ? <Result result={lastResult} /> : NONE),
  },
  {
    id: "took",
    label: texts.took,
    width: 60,
    isNumber: true,
    cell: ({ lastResult }) => (lastResult ? <Took from={lastResult.startedAt} until={lastResult.finishedAt} /> : NONE),
  },
  { id: "next", label: texts.next, width: 95, cell: ({ nextAt }) => <Time value={nextAt} /> },
  { id: "act", label: texts.act, width: 295, cell: (job) => <JobActs job={job} /> },
  { id: "worker", label: texts.worker, width: 150, cell: ({ lastResult }) => lastResult?.worker ?? NONE },
  { id: "kind", label: texts.kind, width: 130, isHiddenFirst: true, cell: ({ kind }) => kindLabel(kind) },
];

/** The badge leads to what it tells of: the run, or the result. */
function Result({ result: { id, runId, state } }: { result: NonNullable<Job["lastResult"]> }): ReactNode {
  return (
    <Link to={"/runs/$id" as string} params={{ id: runId ?? id } as never}>
      <WorkStateBadge state={state} />
    </Link>
  );
}

/** What runs by itself, whether it worked, and when it runs next. */
export function Page(): ReactNode {
  const mayByRole = useMayByRole();
  const connectionId = useUrlState().state["connectionId"] ?? null;
  return (
    <AsOwnerOf connectionId={connectionId}>
      {/* Whoever only owns the connection may not even count those of others. */}
      <Jobs of={mayByRole("jobs:read") || connectionId === null ? {} : { connectionId }} />
    </AsOwnerOf>
  );
}

function Jobs({ of }: { of: { connectionId?: string } }): ReactNode {
  const may = useMay();
  const mayByRole = useMayByRole();
  const filters = useJobFilters();
  useLivingList("jobs");
  return (
    <Frame
      title={texts.title}
      actions={
        mayByRole("runs:read") && (
          <Link to={"/runs" as string} className={buttonClass}>
            {t(texts.toRuns)}
          </Link>
        )
      }
    >
      <DataTable
        list="jobs.list"
        query={of}
        label={t(texts.table)}
        columns={may("jobs:write") ? COLUMNS : COLUMNS.filter(({ id }) => id !== "act")}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        // A filter of connections would lead away from the one that may be asked about.
        filters={of.connectionId === undefined ? filters : filters.filter(({ id }) => id !== "connectionId")}
        isSearchable
        empty={<Empty title={t(texts.emptyTitle)}>{t(texts.empty)}</Empty>}
      />
    </Frame>
  );
}

function useJobFilters(): readonly Filter[] {
  const may = useMay();
  const mayByRole = useMayByRole();
  const all = { query: { limit: 200 } };
  const connections = useApi("connections.list", all, { enabled: may("connections:read") });
  const sites = useApi("sites.list", all, { enabled: mayByRole("connections:read") });
  return [
    { id: "kind", label: texts.kind, kind: "choices", choices: KIND_CHOICES() },
    {
      id: "lastState",
      label: texts.lastState,
      kind: "choices",
      choices: STATE_CHOICES().filter(({ value }) => value !== "queued"),
    },
    {
      id: "enabled",
      label: texts.enabled,
      kind: "choice",
      choices: [
        { value: "true", label: t(texts.on) },
        { value: "false", label: t(texts.off) },
      ],
    },
    {
      id: "connectionId",
      label: texts.connection,
      kind: "choice",
      choices: (connections.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
    },
    {
      id: "siteId",
      label: texts.site,
      kind: "choice",
      choices: (sites.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
    },
  ];
}
