import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { localLink } from "../../shell/local-link.ts";
import type { Text } from "../../text/define.ts";
import { formatDay, formatNumber } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { Rows } from "./rows-link.tsx";
import { texts } from "./texts.ts";
import { formatOfPeriod, type Line, type LineMoney } from "./words.ts";

const PARTS: readonly { part: string; label: Text; read: (line: Line) => number }[] = [
  { part: "active", label: texts.active, read: ({ active }) => active },
  { part: "idle", label: texts.idle, read: ({ idle }) => idle },
  { part: "never-used", label: texts.neverUsed, read: ({ neverUsed }) => neverUsed },
  { part: "no-evidence", label: texts.noEvidence, read: ({ noEvidence }) => noEvidence },
  { part: "excluded", label: texts.excluded, read: ({ excluded }) => excluded },
  { part: "pending", label: texts.pending, read: ({ pending }) => pending },
  { part: "unmapped", label: texts.unmapped, read: ({ unmapped }) => unmapped },
  { part: "guests", label: texts.guests, read: ({ guests }) => guests },
];

const MONEY: readonly { label: Text; read: (money: LineMoney) => number | null }[] = [
  { label: texts.paid, read: ({ costMinor }) => costMinor },
  { label: texts.nextSeat, read: ({ nextSeatMinor }) => nextSeatMinor },
  { label: texts.realized, read: ({ realizedMinor }) => realizedMinor },
];

/** How a line was counted, in the words of the API; each of its numbers; what can be done about it. */
export function LineDetails({ line }: { line: Line }): ReactNode {
  return (
    <div className={classes["detailColumns"]}>
      <section>
        <h3>{t(texts.howCounted)}</h3>
        <ul>
          {line.explanation.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <p className={classes["muted"]}>{t(texts.billingRules)}</p>
      </section>
      <section>
        <h3>{t(texts.numbers)}</h3>
        <dl className={classes["pairs"]}>
          {PARTS.map(({ part, label, read }) => (
            <div key={part}>
              <dt>{t(label)}</dt>
              <dd>
                <Rows line={line} part={part}>
                  {formatNumber(read(line))}
                </Rows>
              </dd>
            </div>
          ))}
          {line.money.flatMap((money) =>
            MONEY.map(({ label, read }) => {
              const minor = read(money);
              return (
                minor !== null && (
                  <div key={`${label.id} ${money.currency} ${money.period} ${money.basis}`}>
                    <dt>{t(label)}</dt>
                    <dd>{atBasis(money, formatOfPeriod(minor, money.currency, money.period))}</dd>
                  </div>
                )
              );
            }),
          )}
        </dl>
      </section>
      {line.ways.length > 0 && (
        <section>
          <h3>{t(texts.ways)}</h3>
          <ul>
            {line.ways.map((way) => (
              <li key={way.kind}>
                <Way way={way} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function atBasis({ basis }: LineMoney, amount: string): string {
  return basis === "list-price" ? t(texts.listPrice, { amount }) : amount;
}

type OneWay = Line["ways"][number];

/** The pages on which what the API names is done. */
const PAGES: Partial<Record<OneWay["kind"], string>> = {
  "enter-license": "/licenses?act=add",
  buy: "/licenses?tab=licenses",
  "renew-lower": "/licenses?tab=licenses",
  reclaim: "/reclaim",
  map: "/unrecognized",
};

function Way({ way: { kind, says, costMinor, currency, period, from } }: { way: OneWay }): ReactNode {
  const page = PAGES[kind];
  const amount =
    costMinor === null || currency === null || period === null || costMinor === 0
      ? null
      : formatOfPeriod(Math.abs(costMinor), currency, period);
  const isSaved = (costMinor ?? 0) < 0;
  return (
    <>
      {page === undefined ? says : <Link {...localLink(page)}>{says}</Link>}{" "}
      {amount !== null &&
        (from === null
          ? t(isSaved ? texts.saves : texts.adds, { amount })
          : t(isSaved ? texts.savesFrom : texts.addsFrom, { amount, day: formatDay(from) }))}
    </>
  );
}
