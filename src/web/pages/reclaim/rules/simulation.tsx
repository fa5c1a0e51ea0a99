import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type AnswerFor, ApiProblem, callApi } from "../../../api/call.ts";
import { useLooked } from "../../../api/looked.ts";
import { Section } from "../../../parts/page.tsx";
import { later } from "../../../parts/later.tsx";
import { Banner, Failure, Loading } from "../../../parts/states.tsx";
import { formatDay, formatMoney, NONE } from "../../../text/format.ts";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { Backtest } from "./backtest.tsx";
import { type Condition, type Settings, thresholdOf } from "./draft.ts";
import { PlanFound } from "./plan-found.tsx";
import { simulationTexts as texts } from "./texts.ts";

const Histogram = later(
  async () => (await import("./histogram.tsx")).Histogram,
  () => <Loading rows={4} />,
);

type Simulation = AnswerFor<"reclamation-rules.simulate">;

export interface UnsavedRule {
  condition: Condition | null;
  siteIds: readonly string[] | null;
  settings: Settings;
}

const ROWS = 10;

const SAVES = {
  "next-bill": texts.savesBill,
  renewal: texts.savesRenewal,
  "lower-tier": texts.savesTier,
} as const;

export function useSimulation(rule: UnsavedRule | null) {
  const body = { ...rule, condition: rule?.condition ?? {}, limit: ROWS };
  return useLooked(
    (signal) => callApi("reclamation-rules.simulate", { body, signal } as never) as Promise<Simulation>,
    JSON.stringify(["simulation", body]),
    { enabled: rule !== null && rule.condition !== null },
  );
}

/** What the rule would do today, as it stands in the form: asked again when it changes. */
export function SimulationPane({
  rule,
  simulation,
  mayPlan,
}: {
  rule: UnsavedRule;
  simulation: ReturnType<typeof useSimulation>;
  mayPlan: boolean;
}): ReactNode {
  const { data, error, isBehind } = simulation;
  return (
    <div className={classes["pane"]}>
      <Section title={texts.title}>
        {rule.condition === null && <p>{t(texts.incomplete)}</p>}
        {error && (isOfRule(error) ? <Wrong error={error} /> : <Failure error={error} />)}
        {!data && !error && rule.condition !== null && <Loading rows={5} />}
        {data && !error && rule.condition !== null && (
          <div className={classes["inner"]} aria-busy={isBehind}>
            <p className={classes["muted"]}>
              {isBehind ? t(texts.behind) : t(texts.live, { seats: data.seats, guests: data.guests })}
            </p>
            <Counts simulation={data} settings={rule.settings} />
            <Histogram threshold={thresholdOf(rule.condition)} siteIds={rule.siteIds} />
            <Whom simulation={data} />
            {mayPlan && (data.outcomes["would-take"] ?? 0) > 0 && (
              <PlanFound rule={rule} count={data.outcomes["would-take"] ?? 0} />
            )}
          </div>
        )}
      </Section>
      {rule.condition !== null && <Backtest rule={rule} />}
    </div>
  );
}

export function isOfRule(error: Error): error is ApiProblem {
  return error instanceof ApiProblem && error.problem.errors.length > 0;
}

function Wrong({ error }: { error: ApiProblem }): ReactNode {
  return (
    <Banner kind="warn">
      <p>{t(texts.wrong)}</p>
      <ul>
        {error.problem.errors.map(({ field, what }) => (
          <li key={`${field} ${what}`}>{what}</li>
        ))}
      </ul>
    </Banner>
  );
}

function Counts({ simulation, settings }: { simulation: Simulation; settings: Settings }): ReactNode {
  const { outcomes, savings, withoutPrice } = simulation;
  const count = (outcome: keyof typeof outcomes) => outcomes[outcome] ?? 0;
  const kept = [
    ...(count("excluded") > 0 ? [t(texts.excluded, { count: count("excluded") })] : []),
    ...(count("in-grace") > 0 ? [t(texts.inGrace, { count: count("in-grace") })] : []),
    ...(count("cooling-down") > 0 ? [t(texts.coolingDown, { count: count("cooling-down") })] : []),
  ];
  const isAsking = settings.checkIn.asked === "holder";
  return (
    <div role="status">
      <p className={classes["headline"]}>
        {t(isAsking ? texts.wouldAsk : texts.wouldTake, { count: count("would-take") })}
      </p>
      {savings.map(({ currency, monthMinor, saving }) => (
        <p key={`${currency} ${saving.kind} ${saving.from}`}>
          {t(SAVES[saving.kind], {
            amount: formatMoney(monthMinor, currency),
            day: saving.from === null ? "" : formatDay(saving.from),
          })}
        </p>
      ))}
      {withoutPrice > 0 && <p>{t(texts.noPrice, { count: withoutPrice })}</p>}
      {count("already-candidate") > 0 && <p>{t(texts.already, { count: count("already-candidate") })}</p>}
      <p>{t(texts.wouldKeep, { parts: kept.join(", ") || t(texts.none) })}</p>
      <p>
        {t(settings.asksWithoutEvidence ? texts.noEvidenceAsked : texts.noEvidence, { count: count("lacks-evidence") })}
      </p>
    </div>
  );
}

function Whom({ simulation: { items, outcomes } }: { simulation: Simulation }): ReactNode {
  const more = (outcomes["would-take"] ?? 0) - items.length;
  if (items.length === 0) return null;
  return (
    <Section title={texts.whom}>
      <ul role="list" className={classes["whom"]}>
        {items.map((item) => (
          <li key={`${item.siteId} ${item.accountId}`}>
            <Link to={"/people/$personId" as string} params={{ personId: item.personId } as never}>
              {item.name ?? item.email ?? item.accountId}
            </Link>
            <span>{item.because.map(({ says }) => says).join("; ")}</span>
            <span className={classes["muted"]}>
              {[
                item.lastUsedAt === null ? t(texts.neverSeen) : formatDay(item.lastUsedAt),
                item.loses.groups.map(({ group }) => group).join(", ") || NONE,
                ...(item.loses.spaces === null ? [] : [t(texts.losesSpaces, { count: item.loses.spaces })]),
              ].join(" · ")}
            </span>
          </li>
        ))}
        {more > 0 && <li className={classes["muted"]}>{t(texts.more, { count: more })}</li>}
      </ul>
    </Section>
  );
}
