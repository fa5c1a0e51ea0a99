import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { buttonClass } from "../../parts/button.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Empty } from "../../parts/states.tsx";
import type { BuiltInView, Filter } from "../../parts/table/table-types.ts";
import { DataTable } from "../../parts/table/table.tsx";
import { AsOwnerOf } from "../../shell/as-owner.tsx";
import { useMay, useMayByRole } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import { OUTCOME_COLUMNS } from "./columns.tsx";
import { KIND_CHOICES, STATE_CHOICES, TRIGGER_CHOICES } from "./labels.tsx";
import { texts } from "./texts.ts";
import { useLivingList } from "./use-living-list.ts";

const VIEWS: readonly BuiltInView[] = [
  { id: "under-way", label: texts.viewUnderWay, query: { state: "queued,running" } },
  { id: "not-well", label: texts.viewNotWell, query: { state: "partial,failed,held" } },
  { id: "syncs", label: texts.viewSyncs, query: { kind: "refresh-site,read-seats,refresh-changes" } },
];

/** What every job did and every run, newest first. */
export function Page(): ReactNode {
  const mayByRole = useMayByRole();
  const connectionId = useUrlState().state["connectionId"] ?? null;
  return (
    <AsOwnerOf connectionId={connectionId}>
      {/* Whoever only owns the connection may not even count those of others. */}
      <Outcomes of={mayByRole("runs:read") || connectionId === null ? {} : { connectionId }} />
    </AsOwnerOf>
  );
}

function Outcomes({ of }: { of: { connectionId?: string } }): ReactNode {
  const mayByRole = useMayByRole();
  const filters = useOutcomeFilters();
  // Views and a filter of connections would lead away from the one that may be asked about.
  const isNarrowed = of.connectionId !== undefined;
  useLivingList("job-results");
  return (
    <Frame
      title={texts.title}
      actions={
        mayByRole("jobs:read") && (
          <Link to={"/jobs" as string} className={buttonClass}>
            {t(texts.toJobs)}
          </Link>
        )
      }
    >
      <DataTable
        list="job-results.list"
        query={of}
        label={t(texts.table)}
        columns={OUTCOME_COLUMNS}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        filters={isNarrowed ? filters.filter(({ id }) => id !== "connectionId") : filters}
        {...(isNarrowed ? {} : { views: VIEWS })}
        empty={<Empty title={t(texts.emptyTitle)}>{t(texts.empty)}</Empty>}
      />
    </Frame>
  );
}

function useOutcomeFilters(): readonly Filter[] {
  const may = useMay();
  const mayByRole = useMayByRole();
  const all = { query: { limit: 200 } };
  const connections = useApi("connections.list", all, { enabled: may("connections:read") });
  const sites = useApi("sites.list", all, { enabled: mayByRole("connections:read") });
  const jobs = useApi("jobs.list", all, { enabled: mayByRole("jobs:read") });
  const jobNames = new Map(jobs.data?.items.map(({ id, name }) => [id, name]));
  return [
    { id: "kind", label: texts.kind, kind: "choices", choices: KIND_CHOICES() },
    { id: "state", label: texts.state, kind: "choices", choices: STATE_CHOICES() },
    { id: "trigger", label: texts.trigger, kind: "choices", choices: TRIGGER_CHOICES() },
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
    { id: "jobId", label: texts.ofJob, kind: "thing", name: (id) => jobNames.get(id) ?? id },
    { id: "from", label: texts.from, kind: "day" },
    { id: "until", label: texts.until, kind: "day" },
  ];
}
