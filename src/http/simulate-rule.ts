import { findRuleTerms } from "../commands/reclamation-rules/find-rule-terms.ts";
import { monthSavings, seatCosts } from "../commands/licenses/seat-costs.ts";
import type { SeatCost } from "../model/money.ts";
import type { ConditionTerms } from "../model/conditions.ts";
import type { ReclamationRule } from "../model/reclamation.ts";
import type { SimulatedOutcome } from "../model/simulation.ts";
import { evaluateCondition } from "../rules/conditions/evaluate.ts";
import { summarizeSimulation, takenBySite } from "../rules/reclamation/simulation.ts";
import type { Reader } from "../store/database.ts";
import { countSimulation, listSimulated, type SimulatedRow } from "../store/reclamation/simulate.ts";
import { listSeatPaths, type SeatPath } from "../store/seat-paths.ts";
import { toSeatFacts } from "../store/seat-facts.ts";
import { findStandings } from "../store/standings.ts";
import { readPosition, writePosition } from "./simulated-cursor.ts";

export type SimulatedRule = Pick<ReclamationRule, "siteIds" | "condition" | "settings">;

export interface SimulationPage {
  outcomes: readonly SimulatedOutcome[];
  cursor: string | null;
  limit: number;
}

/** What a rule would do on today's data: the sums over all of its seats, and one page of them with why. */
export async function simulateRule(reader: Reader, rule: SimulatedRule, at: Date, page: SimulationPage) {
  const terms = await findRuleTerms(reader, rule, at);
  const counts = await countSimulation(reader, rule, terms);
  const costs = await seatCosts(reader, [...new Set(counts.map(({ siteId }) => siteId))], at);
  return {
    asOf: at,
    ...summarizeSimulation(counts),
    ...(await monthSavings(reader, takenBySite(counts), at)),
    ...(await pageOfSimulation(reader, rule, terms, costs, page)),
  };
}

async function pageOfSimulation(
  reader: Reader,
  rule: SimulatedRule,
  terms: ConditionTerms,
  costs: ReadonlyMap<string, SeatCost>,
  { outcomes, cursor, limit }: SimulationPage,
) {
  const after = cursor === null ? null : readPosition(cursor);
  const found = await listSimulated(reader, rule, terms, { outcomes, after, limit: limit + 1 });
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const accountIds = rows.map(({ accountId }) => accountId);
  const standings =
    Object.keys(terms.capacities ?? {}).length > 0 ? await findStandings(reader, terms, accountIds) : null;
  const paths = await listPaths(reader, rows);
  const items = rows.map((row) => {
    const { outcome, name, site, lastUsedAt, ...stored } = row;
    const facts = toSeatFacts(stored);
    const { because, missing } = evaluateCondition(rule.condition, facts, terms, standings?.get(facts.accountId));
    const cost = facts.seatId === null ? undefined : costs.get(facts.siteId);
    return {
      siteId: facts.siteId,
      site,
      accountId: facts.accountId,
      personId: facts.personId,
      seatId: facts.seatId,
      name,
      email: facts.email,
      outcome,
      because,
      missing,
      lastUsedAt,
      grantedAt: facts.grantedAt,
      loses: {
        groups: (paths.get(facts.accountId) ?? []).map(({ groupId, group, access, managedBy, opensSpaces }) => ({
          groupId,
          group,
          access,
          managedBy,
          opensSpaces,
        })),
        spaces: facts.spacesCount,
      },
      saves: {
        monthMinor: cost?.monthMinor ?? null,
        currency: cost?.currency ?? null,
        kind: cost?.saving.kind ?? null,
        from: cost?.saving.from ?? null,
      },
    };
  });
  return { items, next: found.length > limit && last ? writePosition(last) : null };
}

/** What gives the seats of a page, by account: what their holders would lose. */
async function listPaths(reader: Reader, rows: readonly SimulatedRow[]): Promise<Map<string, SeatPath[]>> {
  const seats = rows.filter(({ seatId }) => seatId !== null);
  const paths = await Promise.all(
    [...Map.groupBy(seats, ({ siteId }) => siteId)].map(([siteId, theirs]) =>
      listSeatPaths(
        reader,
        siteId,
        theirs.map(({ accountId }) => accountId),
      ),
    ),
  );
  return Map.groupBy(paths.flat(), ({ accountId }) => accountId);
}
