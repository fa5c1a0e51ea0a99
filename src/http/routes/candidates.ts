import * as api from "../../api/candidates.ts";
import { type Decision, decideCandidate, type DecideRefusal } from "../../commands/candidates/decide-candidate.ts";
import { proposeCandidates, type ProposalOutcome } from "../../commands/candidates/propose-candidates.ts";
import { FileFlaw } from "../../commands/imports/import-file.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import { candidateList, findCandidateRow, listCandidateSteps } from "../../store/candidates/lists.ts";
import { listSeatsOfPeople, type ProposedRow } from "../../store/candidates/proposals.ts";
import type { Reader } from "../../store/database.ts";
import { handleList } from "../lists.ts";
import { csvFile } from "../read-csv.ts";
import { handle } from "../route.ts";

export const candidateHandlers = [
  handleList(api.listCandidates, async ({ query }) =>
    ok(
      candidateList({
        states: query.state ?? null,
        isOpen: query.open ?? null,
        ruleId: query.ruleId ?? null,
        siteId: query.siteId ?? null,
        personId: query.personId ?? null,
        decider: query.decider ?? null,
        lacksEvidence: query.lacksEvidence ?? null,
        search: query.q ?? null,
      }),
    ),
  ),

  handle(api.getCandidate, async ({ reader, params }) => {
    const candidate = await read(reader, params.candidateId);
    return candidate ? ok(candidate) : refuse("no-such-candidate");
  }),

  handle(api.decideCandidate, async ({ ctx, reader, params, body, ifMatch }) => {
    const decision = decisionOf(body);
    if (!decision.ok) return decision;
    const decided = await decideCandidate(ctx, params.candidateId, decision.value, { revision: ifMatch });
    if (!decided.ok) return refuse(codeOf(decided.error));
    const candidate = await read(reader, params.candidateId);
    return candidate ? ok(candidate) : refuse("no-such-candidate");
  }),

  handle(api.decideCandidates, async ({ ctx, body }) => {
    const items = [];
    const decision = decisionOf(body);
    for (const candidateId of new Set(body.candidateIds)) {
      const decided = decision.ok ? await decideCandidate(ctx, candidateId, decision.value) : decision;
      const problem = decided.ok ? null : problemOf(decided.error);
      items.push({ candidateId, state: decided.ok ? decided.value.state : null, problem });
    }
    return ok({ decided: items.filter(({ state }) => state !== null).length, items });
  }),

  handle(api.proposeCandidates, async ({ ctx, body }) => {
    const { personIds, ask, decider, preview, acceptErrors, reason } = body;
    // Of somebody without a seat their own id stands for it, and is told as not found.
    const held = await listSeatsOfPeople(ctx.db, personIds);
    const accountIds = [...body.accountIds, ...held.map(({ personId, accountId }) => accountId ?? personId)];
    const rows = accountIds.map((accountId, index) => ({ row: index + 1, accountId, email: null, site: null }));
    const wish = { rows, siteId: null, reason, asks: ask, decider, isPreview: preview, acceptErrors };
    const made = await proposeCandidates(ctx, wish);
    // Who was named by person is told so, too.
    for (const error of made.ok ? made.value.errors : made.error.outcome.errors) {
      error.value = held[error.row - body.accountIds.length - 1]?.personId ?? error.value;
    }
    return answer(made);
  }),

  handle(api.proposeCandidatesFile, async ({ ctx, csv, query }) => {
    const rows = await readRows(csv);
    if (!rows.ok) return refuse({ code: "unreadable-file" as const, errors: [rows.error] });
    const { siteId = null, ask, decider = null, apply, acceptErrors, reason } = query;
    const wish = { rows: rows.value, siteId, reason, asks: ask, decider, isPreview: !apply, acceptErrors };
    return answer(await proposeCandidates(ctx, wish));
  }),
];

async function read(reader: Reader, candidateId: string) {
  const candidate = await findCandidateRow(reader, candidateId);
  return candidate && { ...candidate, steps: await listCandidateSteps(reader, candidateId) };
}

interface DecisionBody {
  verb: Decision["verb"];
  reason: string | null;
  until: Date | null;
}

function decisionOf({ verb, reason, until }: DecisionBody): Result<Decision, "reason-needed"> {
  if (verb === "take" || verb === "ask" || verb === "retry") return ok({ verb, reason });
  if (reason === null) return refuse("reason-needed");
  return ok(verb === "keep" ? { verb, reason, until } : { verb, reason });
}

type DecisionCode = keyof typeof api.decideCandidate.refusals;

/** An operator is never told that a decision is not theirs: that is for links. */
function codeOf(error: DecideRefusal): DecisionCode {
  return error === "not-yours" ? "move-not-allowed" : error;
}

function problemOf(error: DecideRefusal) {
  const code = codeOf(error);
  return { code, says: api.decideCandidate.refusals[code].says };
}

function answer(
  made: Awaited<ReturnType<typeof proposeCandidates>>,
): Result<ProposalOutcome, never> | ReturnType<typeof withErrors> {
  return made.ok ? made : withErrors(made.error.outcome);
}

function withErrors({ errors, errorsCount }: ProposalOutcome) {
  const detail = `${errorsCount} of the rows are not right, so nothing was proposed.`;
  return refuse({
    code: "rows-with-errors" as const,
    detail,
    errors: errors
      .slice(0, 20)
      .map(({ row, value, what, expected }) => ({ field: `row ${row}`, what: `${value} ${what}`, expected })),
  });
}

/** The column `email`, and `site` where there is one; headings in any case. */
async function readRows(
  csv: AsyncIterable<Uint8Array> | null,
): Promise<Result<ProposedRow[], { field: string; what: string; expected: string }>> {
  const rows: ProposedRow[] = [];
  let columns: { email: number; site: number } | null = null;
  let row = 0;
  try {
    for await (const cells of csvFile(null, csv ?? noBytes()).records) {
      row += 1;
      if (columns === null) {
        const headings = cells.map((cell) => cell.trim().toLowerCase());
        columns = { email: headings.findIndex((each) => EMAIL_HEADINGS.has(each)), site: headings.indexOf("site") };
        if (columns.email < 0) {
          return refuse({ field: "row 1", what: "has no column of e-mail addresses", expected: "a heading `email`" });
        }
        continue;
      }
      const email = (cells[columns.email] ?? "").trim().replaceAll("\u0000", "");
      const site = columns.site < 0 ? "" : (cells[columns.site] ?? "").trim().replaceAll("\u0000", "");
      if (email === "" && cells.every((cell) => cell.trim() === "")) continue;
      rows.push({ row, accountId: null, email, site: site === "" ? null : site });
      if (rows.length > api.PROPOSED_MAX) {
        return refuse({ field: "body", what: "has too many rows", expected: `at most ${api.PROPOSED_MAX}` });
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof FileFlaw)) throw thrown;
    return refuse({ field: thrown.field, what: thrown.what, expected: thrown.expected });
  }
  if (rows.length === 0) return refuse({ field: "body", what: "has no rows", expected: "a row for each seat" });
  return ok(rows);
}

const EMAIL_HEADINGS: ReadonlySet<string> = new Set(["email", "e-mail", "mail", "email address", "e-mail address"]);

async function* noBytes(): AsyncGenerator<Uint8Array> {}
