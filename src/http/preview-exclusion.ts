import type { AnswerOf } from "../api/contract.ts";
import type { previewExclusionRule } from "../api/exclusions.ts";
import { ok, refuse, type Result } from "../lib/result.ts";
import type { Condition } from "../model/conditions.ts";
import { exclusionTerms, type ExclusionEffect } from "../model/exclusions.ts";
import { evaluateCondition } from "../rules/conditions/evaluate.ts";
import type { Reader } from "../store/database.ts";
import { withSuccessors } from "../store/exclusions/caught.ts";
import { countPreviewed, listPreviewed, listPreviewedMoney } from "../store/exclusions/preview.ts";
import type { ListPosition } from "../store/paging.ts";

interface AskedPreview {
  condition: Condition;
  siteIds: string[] | null;
  effects: readonly ExclusionEffect[];
  ruleId: string | null;
  limit: number;
  cursor: string | null;
}

/** Whom an exclusion would catch: counts over everybody, and one page of them with the reason of each. */
export async function previewExclusion(
  reader: Reader,
  asked: AskedPreview,
  now: Date,
): Promise<Result<AnswerOf<typeof previewExclusionRule>, "bad-cursor">> {
  const { effects, siteIds, ruleId, limit } = asked;
  const after = asked.cursor === null ? null : readPosition(asked.cursor);
  if (asked.cursor !== null && after === null) return refuse("bad-cursor");
  const terms = exclusionTerms(now);
  const condition = await withSuccessors(reader, asked.condition);
  const previewed = { condition, siteIds, builtIn: null, effects, ruleId };
  const [counts, money, found] = await Promise.all([
    countPreviewed(reader, previewed, terms),
    listPreviewedMoney(reader, previewed, terms),
    // One row more than asked for tells whether there is a next page.
    listPreviewed(reader, previewed, terms, { after, limit: limit + 1 }),
  ]);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return ok({
    ...counts,
    money,
    rows: rows.map(({ facts, site, name, costPerMonthMinor, currency, exclusions, openCandidateId }) => ({
      siteId: facts.siteId,
      accountId: facts.accountId,
      personId: facts.personId,
      email: facts.email,
      seatId: facts.seatId,
      edition: facts.edition,
      status: facts.seatStatus,
      site,
      name,
      costPerMonthMinor,
      currency,
      exclusions,
      openCandidateId,
      because: evaluateCondition(condition, facts, terms).because.map(({ says, isNegated }) =>
        isNegated ? `Not: ${says}` : says,
      ),
    })),
    next: found.length > limit && last ? writePosition(last.position) : null,
  });
}

function writePosition({ value, tie }: ListPosition): string {
  return Buffer.from(JSON.stringify([value, tie])).toString("base64url");
}

function readPosition(cursor: string): ListPosition | null {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    // Not JSON, so not one of ours: the caller says so.
    return null;
  }
  if (!Array.isArray(parts) || parts.length !== 2) return null;
  const [value, tie] = parts as unknown[];
  const isText = (each: unknown): each is string => typeof each === "string" && !each.includes("\u0000");
  return isText(value) && isText(tie) ? { value, tie } : null;
}
