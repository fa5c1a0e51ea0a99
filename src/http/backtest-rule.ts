import { toDay } from "../lib/day.ts";
import { ok, refuse, type Result } from "../lib/result.ts";
import { savedExpression } from "../rules/conditions/compile.ts";
import { evaluateCondition } from "../rules/conditions/evaluate.ts";
import { asksForSilence, ranksSeats } from "../rules/conditions/read-expression.ts";
import { longestSilenceDays, ruleTerms } from "../rules/reclamation/rule-terms.ts";
import type { Reader } from "../store/database.ts";
import { listKnowledge } from "../store/known-since.ts";
import { countBacktest, listBacktest, listViewsSince } from "../store/reclamation/backtest.ts";
import { toSeatFacts } from "../store/seat-facts.ts";
import { readPosition, writePosition } from "./simulated-cursor.ts";
import type { SimulatedRule } from "./simulate-rule.ts";

const DAY_MS = 86_400_000;

export interface BacktestRequest {
  asOf: Date;
  /** Until when activity is known. */
  now: Date;
  cursor: string | null;
  limit: number;
}

export type BacktestRefusal = { code: "not-known-then"; detail: string } | { code: "in-the-future" };

/**
 * Whom a rule would have taken on a past day, judged by what was known then. What it would have made of exclusions and
 * of its own candidates is left out: they are of today.
 */
export async function backtestRule(reader: Reader, rule: SimulatedRule, request: BacktestRequest) {
  const { asOf, now, limit } = request;
  if (asOf >= now) return refuse<BacktestRefusal>({ code: "in-the-future" });
  if (ranksSeats(savedExpression(rule.condition)))
    return refuse<BacktestRefusal>({ code: "not-known-then", detail: NO_CAPACITY });
  const known = await listTestableFrom(reader, rule);
  const siteIds = known.flatMap(({ siteId, from }) => (from !== null && from <= asOf ? [siteId] : []));
  if (siteIds.length === 0) return notKnownThen(known);

  const past = { at: asOf, siteIds };
  const terms = ruleTerms(rule.settings, asOf);
  const counts = await countBacktest(reader, rule, terms, past);
  const after = request.cursor === null ? null : readPosition(request.cursor);
  const found = await listBacktest(reader, rule, terms, past, { after, limit: limit + 1 });
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const isOver = (days: number) => asOf.getTime() + days * DAY_MS <= now.getTime();
  return ok({
    asOf,
    knownFrom: known,
    seats: counts.seats,
    wouldTake: counts.wouldTake,
    lacksEvidence: counts.lacksEvidence,
    activeWithin: {
      days7: isOver(7) ? counts.within7 : null,
      days30: isOver(30) ? counts.within30 : null,
      days90: isOver(90) ? counts.within90 : null,
    },
    items: rows.map(({ name, site, lastUsedAt, activeAfterAt, ...stored }) => {
      const facts = toSeatFacts(stored);
      return {
        siteId: facts.siteId,
        site,
        accountId: facts.accountId,
        personId: facts.personId,
        seatId: facts.seatId,
        name,
        email: facts.email,
        because: evaluateCondition(rule.condition, facts, terms).because,
        lastUsedAt,
        grantedAt: facts.grantedAt,
        activeAfterAt,
      };
    }),
    next: found.length > limit && last ? writePosition(last) : null,
  });
}

const NO_CAPACITY = "A condition that ranks seats cannot be asked of a past day: what capacity there was is not known.";

interface KnownFrom {
  siteId: string;
  site: string;
  from: Date | null;
}

/** From when each site can be asked: what is needed is known, and has been for as long a silence as the rule asks for. */
async function listTestableFrom(reader: Reader, rule: SimulatedRule): Promise<KnownFrom[]> {
  const expression = savedExpression(rule.condition);
  const roster = await listKnowledge(
    reader,
    { needed: ["accounts"], also: ["groups", "memberships", "product-access"] },
    rule.siteIds,
  );
  const views = new Map((await listViewsSince(reader)).map(({ siteId, viewsSince }) => [siteId, viewsSince]));
  const silenceMs = longestSilenceDays(expression) * DAY_MS;
  return roster.map(({ siteId, site, since }) => {
    const seen = asksForSilence(expression) ? (views.get(siteId) ?? null) : since;
    const from = since === null || seen === null ? null : Math.max(since.getTime(), seen.getTime()) + silenceMs;
    return { siteId, site, from: from === null ? null : new Date(from) };
  });
}

function notKnownThen(known: readonly KnownFrom[]): Result<never, BacktestRefusal> {
  const said = known.map(({ site, from }) =>
    from ? `${site} can be asked from the end of ${toDay(from)} on` : `of ${site} not enough has been read yet`,
  );
  const detail =
    said.length > 0 ? `History does not reach back that far: ${said.join("; ")}.` : "There is no site yet.";
  return refuse({ code: "not-known-then", detail });
}
