import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type AnswerFor, callApi } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { Checks } from "../../parts/connections/checks.tsx";
import { ProveWrites } from "../../parts/connections/prove-writes.tsx";
import { CAPABILITY_WORDS } from "../../parts/connections/words.tsx";
import { Banner, Failure } from "../../parts/states.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { StepActs, StepHeading, useGoTo } from "./steps-nav.tsx";
import type { Draft } from "./steps.ts";
import { texts } from "./texts.ts";

type Report = AnswerFor<"connections.check">;

/** How often what was found so far is read while a check is under way. */
const LIVE_MS = 600;

/** Each capability is tried for real on each site; what is found appears as it is found, and warnings block nothing. */
export function CheckStep({ draft }: { draft: Draft }): ReactNode {
  const goTo = useGoTo();
  const check = useCheck(draft);
  const live = useApi(
    "connections.get",
    { params: { connectionId: draft.id } },
    { everyMs: check.since !== null && LIVE_MS },
  );
  const { sites } = live.data ?? draft;
  return (
    <>
      <StepHeading title={texts.checkTitle} about={texts.checkAbout} />
      {check.error && <Failure error={check.error} onRetry={check.start} />}
      {check.since === null && check.report && <Verdict report={check.report} />}
      {sites.map((site) => (
        <section key={site.id} className={classes["part"]} aria-label={site.name}>
          <h3>{site.name}</h3>
          <SiteChecks site={site} draft={draft} since={check.since} />
          {check.since === null && draft.capabilities.includes("reclaim") && (
            <ProveWrites connectionId={draft.id} siteId={site.id} site={site.name} />
          )}
        </section>
      ))}
      <div>
        <Button isBusy={check.since !== null} onClick={check.start}>
          {t(texts.checkNow)}
        </Button>
      </div>
      <StepActs
        step="check"
        draft={draft}
        act={texts.toPublish}
        isBusy={check.since !== null}
        onContinue={() => goTo("publish")}
      />
    </>
  );
}

/** While a check is under way: what this one found, and which capabilities it has not come to. */
function SiteChecks({
  site,
  draft,
  since,
}: {
  site: Draft["sites"][number];
  draft: Draft;
  since: number | null;
}): ReactNode {
  const probes = since === null ? site.probes : site.probes.filter(({ checkedAt }) => Date.parse(checkedAt) >= since);
  const done = new Set(probes.map(({ capability }) => capability));
  const waiting = since === null ? [] : draft.capabilities.filter((each) => !done.has(each));
  return (
    <>
      {since !== null && (
        <p role="status" className={classes["muted"]}>
          {t(texts.checking, { site: site.name, done: done.size, of: draft.capabilities.length })}
        </p>
      )}
      {(probes.length > 0 || since === null) && <Checks site={site.name} probes={probes} />}
      {waiting.map((capability) => (
        <p key={capability} className={classes["muted"]}>
          {t(texts.checkingOne, { capability: t(CAPABILITY_WORDS[capability].label) })}
        </p>
      ))}
    </>
  );
}

function Verdict({ report: { isValid, sites } }: { report: Report }): ReactNode {
  if (!isValid) return <Banner kind="danger">{t(texts.invalid)}</Banner>;
  const isWhole = sites.every(({ probes }) => probes.every(({ outcome }) => outcome === "passed"));
  return <Banner kind={isWhole ? "ok" : "warn"}>{t(isWhole ? texts.validAll : texts.valid)}</Banner>;
}

/** Begins by itself where the draft was not checked as it is now. `since` is when the one under way began. */
function useCheck(draft: Draft): {
  since: number | null;
  report: Report | null;
  error: Error | null;
  start: () => void;
} {
  const queries = useQueryClient();
  const [since, setSince] = useState<number | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const hasBegun = useRef(false);

  async function check(): Promise<void> {
    // The server's clock stamps what is found; its last word on the draft is the nearest that is known of it.
    setSince(Math.max(Date.parse(draft.updatedAt), ...lastSeen(draft)) + 1);
    setError(null);
    try {
      setReport(await callApi("connections.check", { params: { connectionId: draft.id } }));
    } catch (thrown) {
      setError(thrown as Error);
    }
    await queries.invalidateQueries({ queryKey: ["connections"] });
    setSince(null);
  }

  useEffect(() => {
    if (hasBegun.current || draft.state !== "draft") return;
    hasBegun.current = true;
    void check();
  });
  return { since, report, error, start: () => void check() };
}

function lastSeen({ sites }: Draft): number[] {
  return sites.flatMap(({ probes }) => probes.map(({ checkedAt }) => Date.parse(checkedAt)));
}
