import type { ReactNode } from "react";
import type { AnswerFor, RowOf } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { SelectField } from "../../parts/form.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { Shown } from "../../parts/states.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import type { Text } from "../../text/define.ts";
import { formatDateTime, formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";
import { editionName, formatOfPeriod, productName } from "./words.ts";

type Comparison = AnswerFor<"position.compare">;
type Difference = Comparison["lines"][number];
type Numbers = NonNullable<Difference["before"]>;

const NUMBERS: readonly { label: Text; read: (numbers: Numbers) => number | null }[] = [
  { label: texts.owned, read: ({ owned }) => owned },
  { label: texts.used, read: ({ used }) => used },
  { label: texts.freeColumn, read: ({ free }) => free },
  { label: texts.isShort, read: ({ short }) => short },
  { label: texts.active, read: ({ active }) => active },
  { label: texts.idle, read: ({ idle }) => idle },
  { label: texts.neverUsed, read: ({ neverUsed }) => neverUsed },
  { label: texts.noEvidence, read: ({ noEvidence }) => noEvidence },
  { label: texts.excluded, read: ({ excluded }) => excluded },
  { label: texts.guests, read: ({ guests }) => guests },
];

/** What a computation says otherwise than an earlier one: numbers, money, and the seats behind them. */
export function Differences({
  positionId,
  since,
  earlier,
}: {
  positionId: string;
  since: string;
  earlier: readonly RowOf<"position.list">[];
}): ReactNode {
  const { change } = useUrlState();
  const comparison = useApi("position.compare", { params: { positionId }, query: { since } });
  return (
    <div className={classes["slide"]}>
      <SelectField
        name="since"
        label={t(texts.comparedWith)}
        choices={earlier.map(({ id, at }) => ({ value: id, label: formatDateTime(at) }))}
        value={since}
        onChange={(event) => change({ since: event.target.value })}
      />
      <Shown query={comparison} rows={6}>
        {(data) => (
          <>
            <p>{t(texts.seatChanges, { came: data.came, went: data.went, changed: data.changed })}</p>
            {data.lines.length === 0 && <p className={classes["muted"]}>{t(texts.sameNumbers)}</p>}
            {data.lines.map((line) => (
              <LineDifference key={`${line.level} ${line.siteId} ${line.licenseId} ${line.product}`} line={line} />
            ))}
            {data.came + data.went + data.changed > 0 && <SeatChanges positionId={positionId} since={since} />}
          </>
        )}
      </Shown>
    </div>
  );
}

function LineDifference({ line }: { line: Difference }): ReactNode {
  const { before, after } = line;
  const rows = [
    ...NUMBERS.map(({ label, read }) => [t(label), before && read(before), after && read(after)] as const)
      .filter(([, old, now]) => old !== now)
      .map(([label, old, now]) => [label, count(old), count(now)] as const),
    ...moneyRows(line),
  ];
  const name = nameOf(line);
  return (
    <section>
      <h3>{name}</h3>
      <PlainTable label={name}>
        <thead>
          <tr>
            <th scope="col">{t(texts.part)}</th>
            <th scope="col" data-number>
              {t(texts.before)}
            </th>
            <th scope="col" data-number>
              {t(texts.after)}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, old, now]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td data-number>{old}</td>
              <td data-number>{now}</td>
            </tr>
          ))}
        </tbody>
      </PlainTable>
    </section>
  );
}

function count(value: number | null): string {
  return value === null ? NONE : formatNumber(value);
}

function nameOf({ level, product, edition, site, license }: Difference): string {
  if (level === "product") return productName(product);
  if (level === "license") return t(texts.licenseOf, { license: license ?? "" });
  return t(texts.editionAt, { edition: editionName(edition), site: site ?? "" });
}

function moneyRows({ moneyBefore, moneyAfter }: Difference): (readonly [string, string, string])[] {
  const say = (money: Difference["moneyBefore"], read: (one: Difference["moneyBefore"][number]) => number | null) =>
    money
      .map((one) => {
        const minor = read(one);
        return minor === null ? NONE : formatOfPeriod(minor, one.currency, one.period);
      })
      .join(" + ") || NONE;
  return (
    [
      [t(texts.paid), (one: Difference["moneyBefore"][number]) => one.costMinor],
      [t(texts.trueUp), (one: Difference["moneyBefore"][number]) => one.trueUpMinor],
      [t(texts.paidUnused), (one: Difference["moneyBefore"][number]) => one.overMinor],
      [t(texts.couldSave), (one: Difference["moneyBefore"][number]) => one.avoidableMinor],
    ] as const
  )
    .map(([label, read]) => [label, say(moneyBefore, read), say(moneyAfter, read)] as const)
    .filter(([, old, now]) => old !== now);
}

const CHANGES = { came: "ok", went: "warn", changed: "info" } as const;
const SHOWN_MAX = 50;

function SeatChanges({ positionId, since }: { positionId: string; since: string }): ReactNode {
  const changes = useApi("position.changes", {
    params: { positionId },
    query: { since, limit: SHOWN_MAX, total: true },
  });
  return (
    <section>
      <h3>{t(texts.seatsChanged)}</h3>
      <Shown query={changes} rows={4}>
        {({ items, total }) => (
          <>
            <ul role="list" className={classes["plainList"]}>
              {items.map((each) => (
                <li key={`${each.siteId} ${each.accountId}`}>
                  <Badge kind={CHANGES[each.change]}>{t(texts.seatChange, { change: each.change })}</Badge> {each.name}{" "}
                  · {each.site} · {t(texts.beforeAfter, { before: each.before ?? NONE, after: each.after ?? NONE })}
                </li>
              ))}
            </ul>
            {total !== null && total > items.length && (
              <p className={classes["muted"]}>{t(texts.firstOf, { shown: items.length, total })}</p>
            )}
          </>
        )}
      </Shown>
    </section>
  );
}
