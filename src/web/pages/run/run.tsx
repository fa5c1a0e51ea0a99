import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useApi } from "../../api/query.ts";
import { Id } from "../../parts/copy.tsx";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { Banner } from "../../parts/states.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useNow } from "../../parts/time.tsx";
import { useMay } from "../../shell/session.tsx";
import { formatClock, formatDateTime, formatDuration, formatPercent } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { stateLabel, WorkStateBadge } from "../runs/labels.tsx";
import { Changes } from "./changes.tsx";
import { Held } from "./held.tsx";
import { Log } from "./log.tsx";
import classes from "./page.module.css";
import { type Announcement, guessLeft, nextAnnouncement, shareDone } from "./progress.ts";
import { Requests } from "./requests.tsx";
import { RunActs } from "./run-acts.tsx";
import { Steps } from "./steps.tsx";
import { texts } from "./texts.ts";
import type { FollowedRun, RunDetail } from "./use-followed-run.ts";
import { Warnings } from "./warnings.tsx";

const TITLES = { full: texts.titleFull, license: texts.titleLicense, delta: texts.titleDelta };

/** What it is doing, whether it is stuck, and what changed. */
export function RunPage({ followed }: { followed: FollowedRun }): ReactNode {
  const { run, isUnderWay, stream } = followed;
  const may = useMay();
  const share = shareDone(run, run.progress);
  const percent = formatPercent(Math.floor(share * 100) / 100);
  return (
    <Frame
      title={TITLES[run.scope]}
      titleValues={{ site: run.siteName }}
      view={isUnderWay ? percent : stateLabel(run.state)}
      about={<About run={run} share={share} isUnderWay={isUnderWay} />}
      actions={<RunActs run={run} isUnderWay={isUnderWay} />}
    >
      <Announced share={share} followed={followed} />
      {isUnderWay && stream === "retrying" && <Banner kind="warn">{t(texts.lost)}</Banner>}
      {run.waitsUntil && <Banner kind="info">{t(texts.slowed, { until: formatClock(run.waitsUntil) })}</Banner>}
      {run.errorMessage && (
        <Banner kind={run.state === "failed" ? "danger" : "warn"}>
          {run.state === "failed" ? t(texts.failed, { message: run.errorMessage }) : run.errorMessage}
        </Banner>
      )}
      {run.state === "held" && <Held run={run} />}
      <div className={classes["columns"]}>
        <Section title={texts.steps}>
          <Steps run={run} isUnderWay={isUnderWay} />
        </Section>
        <Tabs
          label={t(texts.details)}
          tabs={[
            { id: "log", label: t(texts.tabLog), content: () => <Log followed={followed} /> },
            // They are of the inventory, which owning the connection opens to nobody.
            ...(may("inventory:read")
              ? [{ id: "changes", label: t(texts.tabChanges), content: () => <Changes run={run} /> }]
              : []),
            {
              id: "warnings",
              label: t(texts.tabWarnings, { count: run.warnings + run.errors }),
              content: () => <Warnings runId={run.id} count={run.warnings + run.errors} />,
            },
            { id: "requests", label: t(texts.tabRequests), content: () => <Requests run={run} /> },
          ]}
        />
      </div>
    </Frame>
  );
}

const BY = {
  schedule: texts.startedBySchedule,
  person: texts.startedByPerson,
  publish: texts.startedByPublish,
};

function About({ run, share, isUnderWay }: { run: RunDetail; share: number; isUnderWay: boolean }): ReactNode {
  const now = useNow(isUnderWay);
  const left = isUnderWay && run.startedAt ? guessLeft(share, new Date(run.startedAt), now) : null;
  const took =
    run.startedAt && run.finishedAt ? new Date(run.finishedAt).getTime() - new Date(run.startedAt).getTime() : null;
  return (
    <>
      <Id id={run.id} />
      <WorkStateBadge state={run.state} waitsUntil={run.waitsUntil} />
      <span>
        {run.startedAt
          ? t(BY[run.trigger], { when: whenOf(run.startedAt, now) })
          : t(texts.queuedSince, { when: whenOf(run.requestedAt, now) })}
      </span>
      {left !== null && <span>{t(texts.left, { duration: formatDuration(left) })}</span>}
      {took !== null && <span>{t(texts.tookWords, { duration: formatDuration(took) })}</span>}
      <ConnectionOf run={run} />
    </>
  );
}

/** The time of today to the second, else the day too. */
function whenOf(value: string, now: Date): string {
  return new Date(value).toDateString() === now.toDateString() ? formatClock(value) : formatDateTime(value);
}

function ConnectionOf({ run: { connectionId } }: { run: RunDetail }): ReactNode {
  const may = useMay()("connections:read");
  const connection = useApi("connections.get", { params: { connectionId } }, { enabled: may });
  if (!may) return null;
  return (
    <Link to={"/connections/$id" as string} params={{ id: connectionId } as never}>
      {connection.data?.name ?? t(texts.connection)}
    </Link>
  );
}

/** Read aloud: each ten percent, at most every five seconds, and the end. */
function Announced({ share, followed: { run, isUnderWay } }: { share: number; followed: FollowedRun }): ReactNode {
  const [words, setWords] = useState("");
  const last = useRef<Announcement>({ tens: 0, atMs: 0 });
  const wasUnderWay = useRef(isUnderWay);
  useEffect(() => {
    if (isUnderWay) {
      const next = nextAnnouncement(share, last.current, Date.now());
      if (!next) return;
      last.current = next;
      setWords(t(texts.announced, { percent: formatPercent(next.tens / 100) }));
    } else if (wasUnderWay.current) {
      wasUnderWay.current = false;
      setWords(t(texts.announcedEnd, { state: stateLabel(run.state) }));
    }
  }, [share, isUnderWay, run.state]);
  return (
    <div className="aloud" aria-live="polite" data-announces="progress">
      {words}
    </div>
  );
}
