import { scaleLinear, scaleUtc } from "@visx/scale";
import { LinePath } from "@visx/shape";
import { curveStepAfter } from "@visx/curve";
import { type ReactNode, useId, useState } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Shown } from "../states.tsx";
import { formatDay, formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { Chart } from "./chart.tsx";
import classes from "./seat-trend.module.css";
import { chartTexts as texts } from "./texts.ts";
import { fewOf } from "./ticks.ts";
import { useWidth } from "./width.ts";

type TrendAnswer = AnswerFor<"overview.trend">;

/** Of the drawing, in CSS pixels; it is as wide as its place. */
const WIDTH_BEFORE = 560;
const HEIGHT = 180;
const LEFT = 60;
const BOTTOM = 24;
const TOP = 12;
const RIGHT = 12;
/** Of a day as a label, with room to the next. */
const TICK_WIDTH = 110;
const DAY_MS = 86_400_000;
/** A drawing of fewer days than this would be a single dot. */
const DAYS_MIN = 30;

/** Seats used and owned over a year, where it goes from here, and when licenses renew. */
export function SeatTrend({ siteId }: { siteId: string | null }): ReactNode {
  const trend = useApi("overview.trend", { query: { siteId } });
  return (
    <Shown query={trend} rows={5}>
      {(data) => {
        const last = data.points.at(-1);
        const first = data.points[0];
        return (
          <Chart
            title={t(texts.trend)}
            summary={[
              t(texts.trendSummary, {
                used: last?.used ?? 0,
                owned: last?.owned === null || last === undefined ? "none" : formatNumber(last.owned),
                renewals: data.renewals.length,
              }),
              first && data.points.length < DAYS_MIN ? t(texts.trendShort, { day: formatDay(first.day) }) : "",
            ].join(" ")}
            table={{
              columns: [t(texts.day), t(texts.used), t(texts.owned)],
              rows: data.points
                .toReversed()
                .map(({ day, used, owned }) => [
                  formatDay(day),
                  formatNumber(used),
                  owned === null ? NONE : formatNumber(owned),
                ]),
            }}
          >
            <Drawing data={data} />
          </Chart>
        );
      }}
    </Shown>
  );
}

function Drawing({ data: { points, forecast, renewals } }: { data: TrendAnswer }): ReactNode {
  const [at, setAt] = useState<number | null>(null);
  const describedBy = useId();
  const [place, width] = useWidth<SVGSVGElement>(WIDTH_BEFORE);
  const ticksMax = Math.max(2, Math.floor((width - LEFT - RIGHT) / TICK_WIDTH));
  const days = [...points, ...forecast].map(({ day }) => Date.parse(day));
  const end = Math.max(...days, ...renewals.map(({ on }) => Date.parse(on)));
  const begin = Math.min(days[0] ?? end, end - DAYS_MIN * DAY_MS);
  const most = Math.max(
    1,
    ...points.map(({ used, owned }) => Math.max(used, owned ?? 0)),
    ...forecast.map(({ used }) => used),
  );
  const x = scaleUtc({ domain: [begin, end], range: [LEFT, width - RIGHT] });
  const y = scaleLinear({ domain: [0, most * 1.1], range: [HEIGHT - BOTTOM, TOP], nice: true });
  const owned = points.filter((point): point is { day: string; used: number; owned: number } => point.owned !== null);
  const shown = at === null ? null : (points[at] ?? null);

  return (
    <div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys read the points aloud */}
      <svg
        ref={place}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        className={classes["drawing"]}
        role="application"
        aria-label={t(texts.trend)}
        aria-describedby={describedBy}
        tabIndex={0}
        onKeyDown={(event) => {
          const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
          if (step === 0) return;
          event.preventDefault();
          setAt(Math.max(0, Math.min(points.length - 1, (at ?? points.length - 1) + step)));
        }}
      >
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line className={classes["grid"]} x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} />
            <text className={classes["tick"]} x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
              {formatNumber(tick)}
            </text>
          </g>
        ))}
        {fewOf(x.ticks(ticksMax), ticksMax).map((tick) => (
          <text key={tick.getTime()} className={classes["tick"]} x={x(tick)} y={HEIGHT - 6} textAnchor="middle">
            {formatDay(tick)}
          </text>
        ))}
        <LinePath
          data={owned}
          x={({ day }) => x(Date.parse(day))}
          y={(point) => y(point.owned)}
          curve={curveStepAfter}
          className={classes["owned"]}
        />
        <LinePath
          data={points}
          x={({ day }) => x(Date.parse(day))}
          y={({ used }) => y(used)}
          className={classes["used"]}
        />
        <LinePath
          data={forecast}
          x={({ day }) => x(Date.parse(day))}
          y={({ used }) => y(used)}
          className={classes["forecast"]}
        />
        {points.length > 0 && points.length < DAYS_MIN && (
          <circle
            className={classes["dot"]}
            cx={x(Date.parse(points.at(-1)?.day ?? ""))}
            cy={y(points.at(-1)?.used ?? 0)}
            r={4}
          />
        )}
        {renewals.map(({ licenseId, license, on }) => (
          <g key={licenseId}>
            <title>{`${license}: ${t(texts.renewal)} ${formatDay(on)}`}</title>
            <path className={classes["renewal"]} d={`M ${x(Date.parse(on)) - 5} ${HEIGHT - BOTTOM} l 5 -9 l 5 9 z`} />
          </g>
        ))}
        {shown && <circle className={classes["dot"]} cx={x(Date.parse(shown.day))} cy={y(shown.used)} r={4} />}
      </svg>
      <p id={describedBy} className={classes["said"]} role="status">
        {shown && `${formatDay(shown.day)}: ${t(texts.used)} ${formatNumber(shown.used)}`}
      </p>
    </div>
  );
}
