import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Chart } from "../../parts/chart/chart.tsx";
import form from "../../parts/form.module.css";
import { Empty } from "../../parts/states.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { formatMoney, formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { LatestPosition } from "./latest-position.tsx";
import classes from "./page.module.css";
import { placeOf } from "./rows-link.tsx";
import { texts } from "./texts.ts";
import { formatOfPeriod, type Line, lineName } from "./words.ts";

type By = Line["shares"][number]["by"];

const BYS: readonly By[] = ["department", "cost-center"];

/** What each department or cost center costs: parts of a line's cost, which sum up to it exactly. */
export function CostByTeam(): ReactNode {
  const { state, change } = useUrlState();
  const by: By = state["by"] === "cost-center" ? "cost-center" : "department";
  return (
    <LatestPosition>
      {({ lines }) => {
        const withShares = lines.filter(({ level, shares }) => level === "edition" && shares.length > 0);
        const line = withShares.find(({ siteId }) => siteId === state["siteId"]) ?? withShares[0];
        if (!line) return <Empty title={t(texts.noShares)}>{t(texts.noSharesWhat)}</Empty>;
        return (
          <>
            <div className={classes["tools"]}>
              <select
                className={form["control"]}
                aria-label={t(texts.splitBy)}
                value={by}
                onChange={(event) => change({ by: event.target.value === "department" ? null : event.target.value })}
              >
                {BYS.map((each) => (
                  <option key={each} value={each}>
                    {t(each === "department" ? texts.byDepartment : texts.byCostCenter)}
                  </option>
                ))}
              </select>
              <select
                className={form["control"]}
                aria-label={t(texts.site)}
                value={line.siteId ?? ""}
                onChange={(event) => change({ siteId: event.target.value })}
              >
                {withShares.map((each) => (
                  <option key={each.siteId} value={each.siteId ?? ""}>
                    {lineName(each)}
                  </option>
                ))}
              </select>
            </div>
            <Bars line={line} by={by} />
          </>
        );
      }}
    </LatestPosition>
  );
}

function Bars({ line, by }: { line: Line; by: By }): ReactNode {
  const [money] = line.money;
  const shares = line.shares
    .filter((each) => each.by === by)
    .toSorted((a, b) => (b.costMinor ?? 0) - (a.costMinor ?? 0) || b.seats - a.seats);
  const most = Math.max(1, ...shares.map(({ seats }) => seats));
  const nameOf = (value: string | null, isRest: boolean) =>
    isRest ? t(texts.others) : (value ?? t(by === "department" ? texts.noDepartment : texts.noCostCenter));
  const costOf = (minor: number | null) => (minor === null || !money ? NONE : formatMoney(minor, money.currency));
  const total =
    money?.costMinor === null || money === undefined
      ? t(texts.costUnknown)
      : t(texts.costTotal, { amount: formatOfPeriod(money.costMinor, money.currency, money.period) });
  return (
    <Chart
      title={t(by === "department" ? texts.costTitleDepartment : texts.costTitleCostCenter)}
      summary={total}
      table={{
        columns: [
          t(by === "department" ? texts.department : texts.costCenter),
          t(texts.seats),
          t(texts.idle),
          t(texts.neverUsed),
          t(texts.costs),
        ],
        rows: shares.map(({ value, isRest, seats, idle, neverUsed, costMinor }) => [
          nameOf(value, isRest),
          formatNumber(seats),
          formatNumber(idle),
          formatNumber(neverUsed),
          costOf(costMinor),
        ]),
      }}
    >
      <ul role="list" className={classes["bars"]}>
        {shares.map(({ value, isRest, seats, idle, neverUsed, costMinor }) => (
          <li key={`${value} ${isRest}`}>
            <span className={classes["barName"]}>
              {value === null ? (
                nameOf(value, isRest)
              ) : (
                <Link
                  to={"/licenses/seats" as string}
                  search={{ ...placeOf(line), [by === "department" ? "department" : "costCenter"]: value } as never}
                >
                  {value}
                </Link>
              )}
            </span>
            <span className={classes["barTrack"]} aria-hidden="true">
              <span className={classes["bar"]} style={{ width: `${(seats / most) * 100}%` }} />
              <span className={classes["barUnused"]} style={{ width: `${((idle + neverUsed) / most) * 100}%` }} />
            </span>
            <span className={classes["barCost"]}>
              {t(texts.barWords, { cost: costOf(costMinor), seats, unused: idle + neverUsed })}
            </span>
          </li>
        ))}
      </ul>
    </Chart>
  );
}
