import { Link, useParams } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import type { AnswerFor } from "../../../api/call.ts";
import { useApi } from "../../../api/query.ts";
import { Id } from "../../../parts/copy.tsx";
import { useKeptFocus } from "../../../parts/kept-focus.ts";
import { Page as Frame, Section } from "../../../parts/page.tsx";
import { Shown } from "../../../parts/states.tsx";
import { Time } from "../../../parts/time.tsx";
import { useMay } from "../../../shell/session.tsx";
import { formatDay, formatNumber } from "../../../text/format.ts";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { Apply } from "./apply.tsx";
import { PlanState, sayMoney } from "./plans.tsx";
import { Outcome, Progress } from "./progress.tsx";
import { Reports } from "./reports.tsx";
import { PlanRows } from "./rows.tsx";
import { planTexts as texts } from "./texts.ts";

export type PlanDetail = AnswerFor<"plans.get">;

const RUNNING_MS = 1000;
const RESTING_MS = 15_000;

/** One plan: exactly what it would change, whether it may be applied, and how far it is. */
export function Page(): ReactNode {
  const { planId = "" } = useParams({ strict: false }) as { planId?: string };
  const queries = useQueryClient();
  const query = useApi("plans.get", { params: { planId } }, { enabled: planId !== "", everyMs: RESTING_MS });
  const isRunning = query.data?.state === "applying" && !query.data.paused;
  // Asked more often while it is under way; its rows change with its counts.
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: ["plans", "plans.get"] }), RUNNING_MS);
    return () => clearInterval(timer);
  }, [isRunning, queries]);
  const counts = JSON.stringify([query.data?.progress, query.data?.state]);
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ["plan-rows"] });
    void queries.invalidateQueries({ queryKey: ["actions"] });
  }, [counts, queries]);

  return (
    <Frame
      title={texts.title}
      titleValues={{ kind: query.data?.kind ?? "reclaim" }}
      about={query.data && <PlanState plan={query.data} />}
      actions={
        <Link to="/reclaim" search={{ tab: "plans" } as never}>
          {t(texts.back)}
        </Link>
      }
    >
      <Shown query={query}>{(plan) => <Whole plan={plan} />}</Shown>
    </Frame>
  );
}

function Whole({ plan }: { plan: PlanDetail }): ReactNode {
  const may = useMay();
  const keptFocus = useKeptFocus();
  const hasEnded = plan.state === "applied" || plan.state === "partial" || plan.state === "undone";
  return (
    <>
      <div className={classes["planLine"]}>
        <strong>{t(texts.line, { kind: plan.kind, seats: plan.counts.seats, leftOut: plan.counts.leftOut })}</strong>
        {plan.kind === "reclaim" && plan.money.length > 0 && <strong>{moneyLine(plan)}</strong>}
      </div>
      <div {...keptFocus} className={classes["inner"]}>
        {plan.state === "ready" && <Apply plan={plan} mayWrite={may("plans:write")} />}
        {plan.state === "applying" && <Progress plan={plan} mayWrite={may("plans:write")} />}
        {hasEnded && <Outcome plan={plan} mayWrite={may("plans:write")} />}
      </div>
      {(plan.state === "applying" || plan.state === "partial") && plan.counts.elsewhere > 0 && (
        <Reports planId={plan.id} mayWrite={may("plans:write")} />
      )}
      <Facts plan={plan} />
      <Section title={texts.rows}>
        <PlanRows plan={plan} mayWrite={may("plans:write")} />
      </Section>
    </>
  );
}

function moneyLine({ money }: PlanDetail): string {
  const from = money.map((each) => each.from).filter((each) => each !== null);
  const amount = sayMoney(money);
  const [first] = from.toSorted();
  return first ? t(texts.moneyFrom, { amount, day: formatDay(first) }) : t(texts.money, { amount });
}

function Facts({ plan }: { plan: PlanDetail }): ReactNode {
  const { counts, approvals, approvalsNeeded } = plan;
  return (
    <dl className={classes["facts"]}>
      <dt>{t(texts.why)}</dt>
      <dd>{plan.reason}</dd>
      <dt>{t(texts.made)}</dt>
      <dd>
        <Time value={plan.createdAt} />
        {plan.createdByName !== null && <> {t(texts.madeBy, { name: plan.createdByName })}</>}
      </dd>
      {plan.state === "ready" && (
        <>
          <dt>{t(texts.expires)}</dt>
          <dd>
            <Time value={plan.expiresAt} />
          </dd>
        </>
      )}
      {plan.appliedAt && (
        <>
          <dt>{t(texts.applied)}</dt>
          <dd>
            <Time value={plan.appliedAt} />
          </dd>
        </>
      )}
      {plan.undoesPlanId && (
        <>
          <dt>{t(texts.undoes)}</dt>
          <dd>
            <Link to={"/reclaim/plans/$planId" as string} params={{ planId: plan.undoesPlanId } as never}>
              {plan.undoesPlanId}
            </Link>
          </dd>
        </>
      )}
      {approvalsNeeded > 0 && (
        <>
          <dt>{t(texts.approvals)}</dt>
          <dd>
            {approvals.length === 0
              ? t(texts.approvalsNone, { needed: approvalsNeeded })
              : t(texts.approvalsOf, {
                  names: approvals.map(({ name }) => name).join(", "),
                  count: approvals.length,
                  needed: approvalsNeeded,
                })}
          </dd>
        </>
      )}
      <dt>{t(texts.memberships)}</dt>
      <dd>{formatNumber(counts.memberships)}</dd>
      {counts.elsewhere > 0 && (
        <>
          <dt>{t(texts.elsewhere)}</dt>
          <dd>{formatNumber(counts.elsewhere)}</dd>
        </>
      )}
      {counts.lastAdmins > 0 && (
        <>
          <dt>{t(texts.lastAdmins)}</dt>
          <dd>{formatNumber(counts.lastAdmins)}</dd>
        </>
      )}
      <dt>{t(texts.hash)}</dt>
      <dd>
        <Id id={plan.hash} />
      </dd>
    </dl>
  );
}
