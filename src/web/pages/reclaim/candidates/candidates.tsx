import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useApi } from "../../../api/query.ts";
import { SiteName } from "../../../parts/site-name.tsx";
import { Empty } from "../../../parts/states.tsx";
import { DataTable } from "../../../parts/table/table.tsx";
import type { BuiltInView, Column, Filter } from "../../../parts/table/table-types.ts";
import { Time } from "../../../parts/time.tsx";
import { useMay } from "../../../shell/session.tsx";
import { formatMoney, formatNumber, NONE } from "../../../text/format.ts";
import { t } from "../../../text/t.ts";
import { CandidateSlideOut } from "./slide-out.tsx";
import { DecideButtons } from "./decide.tsx";
import { StateBadge } from "./state-badge.tsx";
import {
  type Candidate,
  type CandidateState,
  EXACT_WORDS,
  idleDaysOf,
  sayAnswer,
  sayProof,
  sayReason,
} from "./states.ts";
import { texts } from "./texts.ts";

const columnsAt = (now: number): readonly Column<Candidate>[] => [
  { id: "person", label: texts.person, width: 140, sort: "name", cell: ({ name }) => name },
  { id: "reason", label: texts.reason, width: 195, cell: sayReason },
  {
    id: "idle",
    label: texts.idleDays,
    width: 80,
    sort: "lastUsedAt",
    isNumber: true,
    cell: (row) => {
      const days = idleDaysOf(row, now);
      return days === null ? NONE : formatNumber(days);
    },
  },
  { id: "proof", label: texts.proof, width: 182, cell: sayProof },
  {
    id: "saves",
    label: texts.saves,
    width: 75,
    isNumber: true,
    cell: ({ savesMinor, savesCurrency }) =>
      savesMinor === null || savesCurrency === null ? NONE : formatMoney(savesMinor, savesCurrency),
  },
  { id: "state", label: texts.state, width: 108, sort: "stateSince", cell: ({ state }) => <StateBadge of={state} /> },
  {
    id: "rule",
    label: texts.rule,
    width: 165,
    cell: ({ rule, ruleId }) =>
      ruleId === null ? (
        t(texts.byHand)
      ) : (
        <Link
          to={"/reclaim/rules/$ruleId" as string}
          params={{ ruleId } as never}
          onClick={(event) => event.stopPropagation()}
        >
          {rule}
        </Link>
      ),
  },
  { id: "asked", label: texts.asked, width: 110, cell: ({ askedAt }) => <Time value={askedAt} /> },
  { id: "answer", label: texts.answer, width: 110, cell: sayAnswer },
  { id: "due", label: texts.due, width: 110, sort: "dueAt", cell: ({ dueAt }) => <Time value={dueAt} /> },
  { id: "site", label: texts.site, width: 120, isHiddenFirst: true, cell: ({ site }) => site },
];

const FILTERS: readonly Filter[] = [
  {
    id: "state",
    label: texts.state,
    kind: "choices",
    choices: (Object.keys(EXACT_WORDS) as CandidateState[]).map((value) => ({ value, label: t(EXACT_WORDS[value]) })),
  },
  { id: "lacksEvidence", label: texts.lacksEvidence, kind: "flag" },
  { id: "ruleId", label: texts.rule, kind: "thing", name: (ruleId) => <RuleName ruleId={ruleId} /> },
  { id: "siteId", label: texts.site, kind: "thing", name: (siteId) => <SiteName id={siteId} /> },
];

const VIEWS: readonly BuiltInView[] = [
  {
    id: "open",
    label: texts.viewOpen,
    query: { state: "detected,ready,asking,deciding,scheduled,executing,attention" },
  },
  { id: "decide", label: texts.viewDecide, query: { state: "deciding,attention" } },
  { id: "ready", label: texts.viewReady, query: { state: "scheduled" } },
  { id: "evidence", label: texts.viewEvidence, query: { lacksEvidence: "true" } },
  {
    id: "closed",
    label: texts.viewClosed,
    query: { state: "reclaimed,restored,kept,canceled,excluded,superseded,gone" },
  },
];

/** Seats on their way, and what can be decided about those that are selected. */
export function Candidates(): ReactNode {
  const may = useMay();
  const [columns] = useState(() => columnsAt(Date.now()));
  return (
    <>
      <DataTable
        list="candidates.list"
        label={t(texts.table)}
        columns={columns}
        rowId={({ candidateId }) => candidateId}
        rowName={({ name }) => name}
        filters={FILTERS}
        views={VIEWS}
        isSearchable
        isOpening
        {...(may("reclamation:write")
          ? { selectionActions: (selected: readonly Candidate[]) => <DecideButtons candidates={selected} /> }
          : {})}
        empty={<NoCandidates />}
      />
      <CandidateSlideOut />
    </>
  );
}

function NoCandidates(): ReactNode {
  const overview = useApi("overview.get");
  const count = overview.data?.seats["no-evidence"];
  return (
    <Empty title={t(texts.emptyTitle)}>{count === undefined ? t(texts.emptyPlain) : t(texts.empty, { count })}</Empty>
  );
}

function RuleName({ ruleId }: { ruleId: string }): ReactNode {
  const rule = useApi("reclamation-rules.get", { params: { ruleId } });
  return rule.data?.name ?? ruleId;
}
