import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Id } from "../../parts/copy.tsx";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { Empty, Shown } from "../../parts/states.tsx";
import type { Filter } from "../../parts/table/table-types.ts";
import { DataTable } from "../../parts/table/table.tsx";
import { Time, useNow } from "../../parts/time.tsx";
import { formatRelative } from "../../text/format.ts";
import { AsOwnerOf } from "../../shell/as-owner.tsx";
import { useMayByRole } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import { JobActs } from "../jobs/job-acts.tsx";
import classes from "../jobs/page.module.css";
import { Schedule } from "../jobs/schedule.tsx";
import { OUTCOME_COLUMNS } from "../runs/columns.tsx";
import { kindLabel, STATE_CHOICES, TRIGGER_CHOICES } from "../runs/labels.tsx";
import { texts as runTexts } from "../runs/texts.ts";
import { useLivingList } from "../runs/use-living-list.ts";
import { texts } from "./texts.ts";

/** One job: when it runs, and how it ended each time. */
export function Page(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const job = useApi("jobs.get", { params: { jobId: id } });
  useLivingList("jobs");
  useLivingList("job-results");
  return (
    <Frame
      title={job.data ? texts.title : texts.loading}
      titleValues={job.data ? { job: job.data.name } : {}}
      about={<Id id={id} />}
      actions={
        job.data && (
          <AsOwnerOf connectionId={job.data.connectionId}>
            <JobActs job={job.data} />
          </AsOwnerOf>
        )
      }
    >
      <Shown query={job}>{(data) => <Body job={data} />}</Shown>
    </Frame>
  );
}

// What is the same in every row is said above them.
const COLUMNS = OUTCOME_COLUMNS.filter(({ id }) => !["kind", "site", "next"].includes(id));

function Body({ job }: { job: AnswerFor<"jobs.get"> }): ReactNode {
  const now = useNow();
  const mayByRole = useMayByRole();
  const filters: readonly Filter[] = [
    { id: "state", label: runTexts.state, kind: "choices", choices: STATE_CHOICES() },
    { id: "trigger", label: runTexts.trigger, kind: "choices", choices: TRIGGER_CHOICES() },
  ];
  return (
    <>
      <dl className={classes["facts"]}>
        <div>
          <dt>{t(texts.schedule)}</dt>
          <dd>
            <Schedule job={job} />
          </dd>
        </div>
        <div>
          <dt>{t(texts.next)}</dt>
          <dd>
            <Time value={job.nextAt} />
          </dd>
        </div>
        <div>
          <dt>{t(texts.kind)}</dt>
          <dd>{kindLabel(job.kind)}</dd>
        </div>
        {job.connectionId !== null && (
          <div>
            <dt>{t(texts.where)}</dt>
            <dd>
              <ConnectionLink id={job.connectionId} />
            </dd>
          </div>
        )}
      </dl>
      <Section title={texts.results}>
        <DataTable
          list="job-results.list"
          label={t(texts.table, { job: job.name })}
          columns={COLUMNS}
          rowId={({ id }) => id}
          rowName={({ name }) => name}
          // Whoever only owns the connection asks about it; another may have read for the job on a shared site.
          query={{
            jobId: job.id,
            ...(mayByRole("runs:read") || job.connectionId === null ? {} : { connectionId: job.connectionId }),
          }}
          filters={filters}
          empty={
            <Empty title={t(texts.emptyTitle)}>
              {job.nextAt ? t(texts.empty, { when: formatRelative(job.nextAt, now) }) : t(texts.emptyOff)}
            </Empty>
          }
        />
      </Section>
    </>
  );
}

function ConnectionLink({ id }: { id: string }): ReactNode {
  const connection = useApi("connections.get", { params: { connectionId: id } });
  return (
    <Link to={"/connections/$id" as string} params={{ id } as never}>
      {connection.data?.name ?? id}
    </Link>
  );
}
