import { nameOfAccessClass, type AccessPath } from "../rules/access.ts";
import type { EvidenceOfKind } from "../rules/evidence.ts";
import { sayWhy, statusOfSeat, type SeatUse } from "../rules/seats.ts";
import { listAccessPaths } from "../store/access.ts";
import type { Reader } from "../store/database.ts";
import { listEvidenceOf, listEvidenceWindows, listStatusBases } from "../store/evidence.ts";

export interface ExplainedSeat extends SeatUse {
  /** The reasons in words. */
  text: string;
  evidence: (EvidenceOfKind & { isOfSite: boolean })[];
}

/**
 * What the status of each account's seat rests on, from the very evidence and terms that its site was summarized with.
 * For the rows of one page: an account of a site that was never summarized has no explanation.
 */
export async function explainSeats(
  reader: Reader,
  accounts: readonly { accountId: string; siteId: string }[],
): Promise<Map<string, ExplainedSeat>> {
  if (accounts.length === 0) return new Map();
  const siteIds = [...new Set(accounts.map((each) => each.siteId))];
  const [evidence, windows, bases] = await Promise.all([
    listEvidenceOf(
      reader,
      accounts.map((each) => each.accountId),
    ),
    listEvidenceWindows(reader, siteIds),
    listStatusBases(reader),
  ]);
  const windowsBySite = Map.groupBy(windows, (each) => each.siteId);
  const evidenceByAccount = Map.groupBy(evidence, (each) => each.accountId);
  const basisBySite = new Map(bases.map((each) => [each.siteId, each]));

  const explained = new Map<string, ExplainedSeat>();
  for (const { accountId, siteId } of accounts) {
    const basis = basisBySite.get(siteId);
    if (!basis) continue;
    const stored = evidenceByAccount.get(accountId) ?? [];
    const untold = new Set(stored.filter((each) => !each.isTold).map(kindOfSource));
    // What a source never told of the account is no evidence; the row only keeps its site's window away.
    const own = stored
      .filter((each) => each.isTold || each.lastAt !== null || each.knownSince === null)
      .map((each) => ({ ...each, isOfSite: false }));
    const ofSite = (windowsBySite.get(siteId) ?? [])
      .filter((each) => !untold.has(kindOfSource(each)))
      .map((each) => ({ ...each, lastAt: null, isOfSite: true }));
    const known = [...own, ...ofSite];
    const use = statusOfSeat(known, basis.asOf, basis);
    explained.set(accountId, { ...use, text: sayWhy(use.because), evidence: known });
  }
  return explained;
}

function kindOfSource({ kind, source }: Pick<EvidenceOfKind, "kind" | "source">): string {
  return `${kind}/${source}`;
}

/** The ways from accounts to spaces of one page, by `accountId/spaceId`. */
export async function explainAccess(
  reader: Reader,
  siteId: string,
  page: { accountIds: readonly string[]; spaceIds: readonly string[] },
  at: Date | null = null,
): Promise<Map<string, AccessPath[]>> {
  const paths = await listAccessPaths(reader, siteId, page, at);
  const named = paths.map((each) => ({
    ...each,
    name: each.through === "access-class" ? nameOfAccessClass(each.principalId) : each.name,
  }));
  return Map.groupBy(named, (each) => `${each.accountId}/${each.spaceId}`);
}
