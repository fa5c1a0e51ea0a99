import { scaleLinear, scaleUtc } from "@visx/scale";
import { Bar } from "@visx/shape";
import { type ReactNode, useId, useState } from "react";
import { type AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Chart } from "../../parts/chart/chart.tsx";
import { fewOf } from "../../parts/chart/ticks.ts";
import { useWidth } from "../../parts/chart/width.ts";
import { Shown } from "../../parts/states.tsx";
import { formatDay, formatNumber } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import classes from "./days-chart.module.css";
import { texts } from "./texts.ts";

type Days = AnswerFor<"activity.days">;

/** Of the drawing, in CSS pixels; it is as wide as its place. */
const WIDTH_BEFORE = 960;
const HEIGHT = 150;
const LEFT = 48;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 24;
/** Of a day as a label, with room to the next. */
const TICK_WIDTH = 140;
const DAY_MS = 86_400_000;

/** Events by day, with the filters of the list. */
export function DaysChart({ query }: { query: Readonly<Record<string, string>> }): ReactNode {
  const days = useApi("activity.days", { query });
  return (
    <Shown query={days} rows={4}>
      {(data) => {
        const points = everyDay(data);
        const sum = points.reduce((before, { events }) => before + events, 0);
        const most = points.reduce((best, point) => (point.events > best.events ? point : best), {
          day: "",
          events: 0,
        });
        const [from, to] = [formatDay(data.from), formatDay(data.to)];
        return (
          <Chart
            title={t(texts.chart, { sum, from, to })}
            summary={most.events > 0 ? t(texts.chartSummary, { day: formatDay(most.day), events: most.events }) : ""}
            table={{
              columns: [t(texts.day), t(texts.events)],
              rows: points
                .filter(({ events }) => events > 0)
                .toReversed()
                .map(({ day, events }) => [formatDay(day), formatNumber(events)]),
            }}
          >
            <Columns points={points} />
          </Chart>
        );
      }}
    </Shown>
  );
}

interface Point {
  day: string;
  events: number;
}

/** Days without an event are left out of the answer. */
function everyDay({ from, to, points }: Days): Point[] {
  const byDay = new Map(points.map(({ day, events }) => [day, events]));
  const first = Date.parse(from.slice(0, 10));
  const count = Math.max(1, Math.floor((Date.parse(to) - first) / DAY_MS) + 1);
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(first + index * DAY_MS).toISOString().slice(0, 10);
    return { day, events: byDay.get(day) ?? 0 };
  });
}

function Columns({ points }: { points: readonly Point[] }): ReactNode {
  const [at, setAt] = useState<number | null>(null);
  const describedBy = useId();
  const [place, wide] = useWidth<SVGSVGElement>(WIDTH_BEFORE);
  const ticksMax = Math.max(2, Math.floor((wide - LEFT) / TICK_WIDTH));
  const first = Date.parse(points[0]?.day ?? "");
  const x = scaleUtc({ domain: [first, first + points.length * DAY_MS], range: [LEFT, wide - RIGHT] });
  const y = scaleLinear({
    domain: [0, Math.max(1, ...points.map(({ events }) => events))],
    range: [HEIGHT - BOTTOM, TOP],
    nice: true,
  });
  const step = (wide - LEFT - RIGHT) / points.length;
  const width = Math.max(1, step - 1);
  const shown = at === null ? null : (points[at] ?? null);
  return (
    <div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys read the days aloud */}
      <svg
        ref={place}
        viewBox={`0 0 ${wide} ${HEIGHT}`}
        className={classes["drawing"]}
        role="application"
        aria-label={t(texts.chartAloud)}
        aria-describedby={describedBy}
        tabIndex={0}
        onKeyDown={(event) => {
          const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
          if (by === 0) return;
          event.preventDefault();
          setAt(Math.max(0, Math.min(points.length - 1, (at ?? points.length - 1) + by)));
        }}
      >
        {y.ticks(3).map((tick) => (
          <g key={tick}>
            <line className={classes["grid"]} x1={LEFT} x2={wide - RIGHT} y1={y(tick)} y2={y(tick)} />
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
        {points.map(({ day, events }, index) => (
          <Bar
            key={day}
            className={classes["column"]}
            data-shown={index === at}
            x={LEFT + index * step}
            width={width}
            y={y(events)}
            height={Math.max(0, HEIGHT - BOTTOM - y(events))}
            onMouseEnter={() => setAt(index)}
          />
        ))}
      </svg>
      <p id={describedBy} className={classes["said"]} role="status">
        {shown && t(texts.dayEvents, { day: formatDay(shown.day), events: shown.events })}
      </p>
    </div>
  );
}
