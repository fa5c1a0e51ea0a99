import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useApi } from "../../api/query.ts";
import { Badge, type BadgeKind } from "../../parts/badge.tsx";
import { Button, IconButton } from "../../parts/button.tsx";
import { PlainTable, wideCell } from "../../parts/plain-table.tsx";
import { Banner } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { useMay } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import type { Text } from "../../text/define.ts";
import { formatMoney, formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { Bullet } from "./bullet.tsx";
import { LatestPosition } from "./latest-position.tsx";
import { LineDetails } from "./line-details.tsx";
import { LicensesLink, Rows } from "./rows-link.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";
import { formatSavingFrom, type Line, lineName, type LineMoney, sayPeriod } from "./words.ts";

const COLUMNS = [
  { label: texts.product, isNumber: false },
  { label: texts.owned, isNumber: true },
  { label: texts.used, isNumber: true },
  { label: texts.freeOrShort, isNumber: false },
  { label: texts.coverage, isNumber: false },
  { label: texts.trueUp, isNumber: true },
  { label: texts.paidUnused, isNumber: true },
  { label: texts.couldSave, isNumber: true },
  { label: texts.renewal, isNumber: false },
] as const;

/** Rights owned against seats used: each product, its editions at sites, and licenses that several sites share. */
export function PositionTab(): ReactNode {
  return <LatestPosition>{({ lines, at }) => <Lines lines={lines} at={at} />}</LatestPosition>;
}

function Lines({ lines, at }: { lines: readonly Line[]; at: string }): ReactNode {
  const licenses = useApi("licenses.list", { query: { limit: 200 } });
  const renewals = new Map(licenses.data?.items.map((each) => [each.id, each.renewalOn ?? each.termEnd]));
  const { state, change } = useUrlState();
  const opened = new Set((state["line"] ?? "").split(",").filter(Boolean));
  const toggle = (key: string) => {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    change({ line: [...next].join(",") }, "replace");
  };
  return (
    <>
      <WithoutLicense lines={lines} />
      <p className={classes["muted"]}>
        {t(texts.computedAt)} <Time value={at} />
      </p>
      <PlainTable label={t(texts.positionTable)}>
        <thead>
          <tr>
            {COLUMNS.map(({ label, isNumber }) => (
              <th key={label.id} scope="col" data-number={isNumber}>
                {t(label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.filter(isShown(lines)).map((line) => (
            <LineRow
              key={keyOf(line)}
              line={line}
              renewalOn={line.licenseId === null ? null : (renewals.get(line.licenseId) ?? null)}
              isOpen={opened.has(keyOf(line))}
              onToggle={() => toggle(keyOf(line))}
            />
          ))}
        </tbody>
      </PlainTable>
    </>
  );
}

/** A license of one site says what its edition's line says already. */
function isShown(lines: readonly Line[]): (line: Line) => boolean {
  return ({ level, licenseId }) =>
    level !== "license" || lines.filter((each) => each.level === "edition" && each.licenseId === licenseId).length > 1;
}

function keyOf({ level, product, siteId, licenseId }: Line): string {
  return level === "product" ? product : level === "edition" ? (siteId ?? "") : (licenseId ?? "");
}

const STATUSES: Readonly<Record<Line["status"], { label: Text; kind: BadgeKind }>> = {
  covered: { label: texts.covered, kind: "ok" },
  over: { label: texts.over, kind: "info" },
  short: { label: texts.isShort, kind: "danger" },
  unknown: { label: texts.unknown, kind: "neutral" },
};

function LineRow({
  line,
  renewalOn,
  isOpen,
  onToggle,
}: {
  line: Line;
  renewalOn: string | null;
  isOpen: boolean;
  onToggle: () => void;
}): ReactNode {
  const id = useId();
  const { owned, used, free, short, status, money } = line;
  const { label, kind } = STATUSES[status];
  return (
    <>
      <tr data-open={isOpen}>
        <th scope="row" className={classes["lineName"]} data-level={line.level}>
          <span>
            <IconButton
              icon={isOpen ? ChevronDown : ChevronRight}
              label={t(texts.howCountedOf, { line: lineName(line) })}
              aria-expanded={isOpen}
              aria-controls={id}
              onClick={onToggle}
            />
            {lineName(line)} <Badge kind={kind}>{t(label)}</Badge>
          </span>
        </th>
        <td data-number>
          {owned === null ? (
            <span className={classes["muted"]}>{t(texts.notEntered)}</span>
          ) : (
            <LicensesLink line={line}>{formatNumber(owned)}</LicensesLink>
          )}
        </td>
        <td data-number>
          <Rows line={line} part="used">
            {formatNumber(used)}
          </Rows>
        </td>
        <td>{short ? t(texts.short, { count: short }) : free === null ? NONE : t(texts.free, { count: free })}</td>
        <td>
          <Bullet used={used} owned={owned} />
        </td>
        <td data-number>{amounts(money, ({ trueUpMinor }) => trueUpMinor)}</td>
        <td data-number>{amounts(money, ({ overMinor }) => overMinor)}</td>
        <td data-number>{amounts(money, ({ avoidableMinor }) => avoidableMinor, formatSavingFrom)}</td>
        <td>{renewalOn === null ? NONE : <Time value={renewalOn} as="day" />}</td>
      </tr>
      {isOpen && (
        <tr id={id}>
          <td colSpan={COLUMNS.length} className={wideCell}>
            <LineDetails line={line} />
          </td>
        </tr>
      )}
    </>
  );
}

/** One under the other where there are several currencies or periods; what is not known is a dash, never zero. */
function amounts(
  money: readonly LineMoney[],
  read: (money: LineMoney) => number | null,
  about?: (money: LineMoney) => string | null,
): ReactNode {
  if (money.length === 0) return NONE;
  return money.map((each) => {
    const minor = read(each);
    return (
      <div key={`${each.currency} ${each.period} ${each.basis}`}>
        {minor === null ? NONE : formatMoney(minor, each.currency)}
        {minor !== null && <div className={classes["muted"]}>{sayPeriod(each.period)}</div>}
        {about && <div className={classes["muted"]}>{about(each)}</div>}
      </div>
    );
  });
}

/** Without what was bought, nobody can say whether it is enough. */
function WithoutLicense({ lines }: { lines: readonly Line[] }): ReactNode {
  const may = useMay();
  const { change } = useUrlState();
  const editions = lines.filter(({ level }) => level === "edition");
  const uncovered = editions.filter(({ licenseId, owned }) => licenseId === null && owned === null);
  const seats = uncovered.reduce((sum, { used, excluded }) => sum + used + excluded, 0);
  if (seats === 0) return null;
  return (
    <Banner
      kind="info"
      action={
        may("licenses:write") && (
          <Button kind="primary" onClick={() => change({ act: "add" })}>
            {t(texts.addLicense)}
          </Button>
        )
      }
    >
      {t(uncovered.length === editions.length ? texts.inUse : texts.partInUse, { seats })}
    </Banner>
  );
}
