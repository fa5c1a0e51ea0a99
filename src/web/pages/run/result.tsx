import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type AnswerFor, urlOf } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import button from "../../parts/button.module.css";
import { Id } from "../../parts/copy.tsx";
import { type Fact, Facts } from "../../parts/facts.tsx";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { Shown } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { AsOwnerOf } from "../../shell/as-owner.tsx";
import { useMay } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import { stateLabel, Took, triggerLabel, WorkStateBadge } from "../runs/labels.tsx";
import { stampOf } from "./log-lines.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Outcome = AnswerFor<"job-results.get">;

const RUNNING_EVERY_MS = 2000;

/** One time that a job did its work, where that was no run of a site. */
export function ResultPage({ id }: { id: string }): ReactNode {
  const read = useApi("job-results.get", { params: { resultId: id } });
  const isRunning = read.data?.state === "running";
  // Asked again by itself as long as it works.
  useApi("job-results.get", { params: { resultId: id } }, { enabled: isRunning, everyMs: RUNNING_EVERY_MS });
  const outcome = read.data;
  return (
    <Frame
      title={outcome ? texts.titleResult : texts.loading}
      titleValues={outcome ? { job: outcome.name } : {}}
      view={outcome ? stateLabel(outcome.state) : null}
      about={
        <>
          <Id id={id} />
          {outcome && <WorkStateBadge state={outcome.state} />}
        </>
      }
      actions={
        <>
          <Download id={id} as="text" />
          <Download id={id} as="jsonl" />
        </>
      }
    >
      <Shown query={read}>
        {(data) => (
          <AsOwnerOf connectionId={data.connectionId}>
            <Body outcome={data} />
          </AsOwnerOf>
        )}
      </Shown>
    </Frame>
  );
}

function Download({ id, as }: { id: string; as: "text" | "jsonl" }): ReactNode {
  return (
    <a
      className={button["button"]}
      href={urlOf("job-results.log", { params: { resultId: id }, query: { as } })}
      download
    >
      {t(as === "text" ? texts.download : texts.downloadLines)}
    </a>
  );
}

function Body({ outcome }: { outcome: Outcome }): ReactNode {
  const may = useMay();
  const facts: Fact[] = [
    { label: t(texts.resultMessage), value: outcome.message },
    { label: t(texts.resultTrigger), value: triggerLabel(outcome.trigger) },
    { label: t(texts.resultStarted), value: <Time value={outcome.startedAt} as="absolute" /> },
    { label: t(texts.resultTook), value: <Took from={outcome.startedAt} until={outcome.finishedAt} /> },
    { label: t(texts.resultWorker), value: outcome.worker },
    { label: t(texts.resultNext), value: outcome.nextAt && <Time value={outcome.nextAt} /> },
    { label: t(texts.toJob), value: outcome.jobId && <JobLink id={outcome.jobId} name={outcome.name} /> },
  ];
  return (
    <>
      <Facts facts={facts} />
      {outcome.jobId !== null && outcome.resultId !== null && may("jobs:read") && (
        <Section title={texts.resultLog}>
          <Lines jobId={outcome.jobId} resultId={outcome.resultId} isRunning={outcome.state === "running"} />
        </Section>
      )}
    </>
  );
}

function JobLink({ id, name }: { id: string; name: string }): ReactNode {
  return (
    <Link to={"/jobs/$id" as string} params={{ id } as never}>
      {name}
    </Link>
  );
}

function Lines({ jobId, resultId, isRunning }: { jobId: string; resultId: string; isRunning: boolean }): ReactNode {
  const log = useApi(
    "jobs.logs",
    { params: { jobId, resultId }, query: { limit: 200 } },
    { everyMs: isRunning && RUNNING_EVERY_MS },
  );
  return (
    <Shown query={log}>
      {({ items }) =>
        items.length === 0 ? (
          <p>{t(texts.resultNoLog)}</p>
        ) : (
          <ol role="list" className={classes["warnings"]}>
            {items.map(({ seq, at, message }) => (
              <li key={seq}>
                <time dateTime={at}>{stampOf(at)}</time>
                <span>{message}</span>
              </li>
            ))}
          </ol>
        )
      }
    </Shown>
  );
}
