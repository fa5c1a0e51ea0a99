import { scaleLinear } from "@visx/scale";
import { Bar } from "@visx/shape";
import type { ReactNode } from "react";
import type { AnswerFor } from "../../../api/call.ts";
import { useApi } from "../../../api/query.ts";
import { Chart } from "../../../parts/chart/chart.tsx";
import { useWidth } from "../../../parts/chart/width.ts";
import { Shown } from "../../../parts/states.tsx";
import { formatNumber } from "../../../text/format.ts";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { simulationTexts as texts } from "./texts.ts";

type Inactivity = AnswerFor<"people.inactivity">;

/** Of the drawing, in CSS pixels; it is as wide as its place. */
const WIDTH_BEFORE = 480;
const HEIGHT = 140;
const LEFT = 40;
/** Half of the last number below the axis. */
const RIGHT = 12;
const BOTTOM = 20;
const TOP = 16;
const STEP_DAYS = 10;
const DAYS_MIN = 180;

/** How many people were last active how long ago, with the line from which the rule finds them. */
export function Histogram({
  threshold,
  siteIds,
}: {
  threshold: number | null;
  siteIds: readonly string[] | null;
}): ReactNode {
  const siteId = siteIds?.length === 1 ? siteIds[0] : null;
  const inactivity = useApi("people.inactivity", { query: { stepDays: STEP_DAYS, siteId } });
  return (
    <Shown query={inactivity} rows={4}>
      {(data) => (
        <Chart
          title={t(texts.histogram)}
          summary={summaryOf(data, threshold)}
          table={{
            columns: [t(texts.days), t(texts.people)],
            rows: data.bins.map(({ fromDay, people }, index) => [
              index === data.bins.length - 1
                ? t(texts.more_, { days: fromDay })
                : t(texts.range, { from: fromDay, to: fromDay + data.stepDays - 1 }),
              formatNumber(people),
            ]),
          }}
        >
          <Drawing data={data} threshold={threshold} />
        </Chart>
      )}
    </Shown>
  );
}

function summaryOf({ bins, without }: Inactivity, threshold: number | null): string {
  const sum = (from: number) =>
    bins.filter(({ fromDay }) => fromDay >= from).reduce((before, { people }) => before + people, 0);
  const total = sum(0);
  return threshold === null
    ? t(texts.histogramPlain, { total, without })
    : t(texts.histogramSummary, { over: sum(threshold), total, days: threshold, without });
}

function Drawing({ data: { bins, stepDays }, threshold }: { data: Inactivity; threshold: number | null }): ReactNode {
  const [place, width] = useWidth<SVGSVGElement>(WIDTH_BEFORE);
  const days = Math.max(DAYS_MIN, (threshold ?? 0) + 2 * stepDays, (bins.at(-1)?.fromDay ?? 0) + stepDays);
  const most = Math.max(1, ...bins.map(({ people }) => people));
  const x = scaleLinear({ domain: [0, days], range: [LEFT, width - RIGHT] });
  const y = scaleLinear({ domain: [0, most], range: [HEIGHT - BOTTOM, TOP], nice: true });
  return (
    <svg
      ref={place}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      className={classes["drawing"]}
      role="img"
      aria-label={t(texts.histogram)}
    >
      {y.ticks(3).map((tick) => (
        <g key={tick}>
          <line className={classes["grid"]} x1={LEFT} x2={width} y1={y(tick)} y2={y(tick)} />
          <text className={classes["tick"]} x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
            {formatNumber(tick)}
          </text>
        </g>
      ))}
      {bins.map(({ fromDay, people }) => (
        <Bar
          key={fromDay}
          className={classes[threshold !== null && fromDay >= threshold ? "barOver" : "bar"]}
          x={x(fromDay) + 0.5}
          y={y(people)}
          width={Math.max(1, x(stepDays) - x(0) - 1)}
          height={HEIGHT - BOTTOM - y(people)}
        />
      ))}
      {x.ticks(6).map((tick) => (
        <text key={tick} className={classes["tick"]} x={x(tick)} y={HEIGHT - 4} textAnchor="middle">
          {formatNumber(tick)}
        </text>
      ))}
      {threshold !== null && (
        <g>
          <line className={classes["threshold"]} x1={x(threshold)} x2={x(threshold)} y1={0} y2={HEIGHT - BOTTOM} />
          <text className={classes["tick"]} x={x(threshold) + 4} y={10}>
            {t(texts.threshold, { days: threshold })}
          </text>
        </g>
      )}
    </svg>
  );
}
