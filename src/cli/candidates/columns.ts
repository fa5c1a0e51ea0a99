import type { WireOf } from "../../api/contract.ts";
import type { getCandidate, listCandidates, Proposal } from "../../api/candidates.ts";
import type { z } from "zod";
import type { RowOf } from "../list-command.ts";
import {
  booleanColumn,
  type Column,
  idColumn,
  instantColumn,
  moneyColumn,
  numberColumn,
  stateColumn,
  textColumn,
} from "../output/columns.ts";

export type CandidateDetail = WireOf<typeof getCandidate>;
type Row = RowOf<typeof listCandidates>;

/** What it waits for, or why it stands still, in one column. */
function next(row: Omit<Row, "steps">): string | null {
  if (row.attention) return row.attention.message;
  if (row.waits) return row.waits.message;
  if (row.state === "kept") return `kept until ${day(row.keptUntil)}`;
  if (row.state === "scheduled") return `taken from ${day(row.scheduledFor)}`;
  if (row.state === "asking") return `answer due ${day(row.dueAt)}`;
  if (row.state === "deciding") return `${row.deciderEmail ?? row.deciderPerson} decides by ${day(row.dueAt)}`;
  return null;
}

function day(instant: string | null): string {
  return instant?.slice(0, 10) ?? "a day that is not known";
}

function savingOf({ savesMinor, savesCurrency }: Pick<Row, "savesMinor" | "savesCurrency">) {
  return savesMinor === null || savesCurrency === null ? null : { minor: savesMinor, currency: savesCurrency };
}

export const CANDIDATES: readonly Column<Row>[] = [
  textColumn("Person", (row) => row.name),
  textColumn("Site", (row) => row.site),
  stateColumn("State", (row) => row.state),
  textColumn("Next", next),
  instantColumn("Last use", (row) => row.lastUsedAt),
  textColumn("Because", (row) => row.because.map(({ says }) => says)),
  booleanColumn("Evidence", (row) => !row.lacksEvidence),
  textColumn("Rule", (row) => row.rule ?? "by hand"),
  moneyColumn("Saves/month", savingOf),
  instantColumn("Found", (row) => row.detectedAt),
  idColumn((row) => row.candidateId),
];

export const FIELDS: readonly Column<CandidateDetail>[] = [
  idColumn((row) => row.candidateId, "Candidate"),
  textColumn("Person", (row) => row.name),
  textColumn("E-mail", (row) => row.email),
  textColumn("Site", (row) => row.site),
  stateColumn("State", (row) => row.state),
  textColumn("Next", next),
  textColumn("What to do", (row) => row.attention?.fix ?? row.waits?.fix),
  textColumn("Because", (row) => row.because.map(({ says }) => says)),
  textColumn("Evidence", (row) =>
    row.lacksEvidence ? "does not cover what is asked: taken only by its holder's own word" : "covers what is asked",
  ),
  instantColumn("Last use", (row) => row.lastUsedAt),
  textColumn("Rule", (row) => row.rule ?? `by hand: ${row.proposedReason ?? ""}`),
  instantColumn("Asked", (row) => row.askedAt),
  textColumn("Answer", (row) => row.answer),
  textColumn("Decided by", (row) => row.decidedBy),
  idColumn((row) => row.planId, "Plan"),
  moneyColumn("Saves/month", savingOf),
  instantColumn("Saves from", (row) => row.savesFrom),
  numberColumn("Revision", (row) => row.revision),
];

export const STEPS: readonly Column<CandidateDetail["steps"][number]>[] = [
  instantColumn("When", (step) => step.at),
  textColumn("From", (step) => step.from),
  stateColumn("To", (step) => step.to),
  textColumn("By", (step) => step.actorId),
  textColumn("Reason", (step) => step.reason),
  textColumn("Last use known", (step) => lastUseOf(step.evidence)),
  textColumn("Detail", (step) => detailOf(step.detail)),
];

function lastUseOf(evidence: Record<string, unknown>): string | null {
  const uses = Object.values((evidence["lastUse"] ?? {}) as Record<string, string | null>);
  return (
    uses
      .filter((each) => each !== null)
      .toSorted()
      .at(-1)
      ?.slice(0, 10) ?? null
  );
}

function detailOf(detail: Record<string, unknown>): string[] {
  return Object.entries(detail).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
}

export type ProposalWire = z.input<typeof Proposal>;

export const PROPOSAL_ERRORS: readonly Column<ProposalWire["errors"][number]>[] = [
  numberColumn("Row", ({ row }) => row),
  textColumn("Value", ({ value }) => value),
  textColumn("What is wrong", ({ what }) => what),
  textColumn("What would be right", ({ expected }) => expected),
];
