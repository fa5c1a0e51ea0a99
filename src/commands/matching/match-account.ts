import { ok, refuse, type Result } from "../../lib/result.ts";
import {
  type AccountMatchRow,
  findLivingPerson,
  listMatchesOf,
  lockAccountIdentity,
  saveMatchDecision,
} from "../../store/matching/matches.ts";
import { listMatchRules } from "../../store/matching/rules.ts";
import { lockPeople, settleMatches } from "../../store/matching/settle.ts";
import type { Context } from "../context.ts";

/** What a person says of an account. `clear` gives it back to the rules. */
export type MatchDecision =
  | { decision: "set"; personId: string; reason: string | null }
  | { decision: "ignore"; reason: string }
  | { decision: "clear" };

export type MatchAccountRefusal = "no-such-account" | "no-such-person" | "nothing-to-clear";

/**
 * Decides by hand who is behind an account. It holds against every rule until it is cleared, and for every account of the
 * same identity: one id at Atlassian is one person on all sites.
 */
export function matchAccount(
  { db, clock, actor }: Context,
  accountId: string,
  decision: MatchDecision,
): Promise<Result<AccountMatchRow, MatchAccountRefusal>> {
  return db.transaction(async (tx) => {
    await lockPeople(tx);
    const account = await lockAccountIdentity(tx, accountId);
    if (!account) return refuse("no-such-account");
    if (decision.decision === "clear" && !account.isDecided) return refuse("nothing-to-clear");
    const personId = decision.decision === "set" ? await findLivingPerson(tx, decision.personId) : null;
    if (decision.decision === "set" && personId === null) return refuse("no-such-person");

    const at = clock.now();
    const reason = decision.decision === "clear" ? null : decision.reason;
    const saved = decision.decision === "clear" ? null : { personId, by: actor.operatorId, reason };
    await saveMatchDecision(tx, account.sameAs, saved, at);
    await settleMatches(tx, await listMatchRules(tx), at);
    const [match] = await listMatchesOf(tx, [accountId]);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: ENTRIES[decision.decision],
      subjectId: accountId,
      detail: { siteId: account.siteId, accountIds: account.sameAs, from: account.personId, to: personId },
      ...(reason === null ? {} : { personal: { reason } }),
    });
    return match ? ok(match) : refuse("no-such-account");
  });
}

const ENTRIES = { set: "account.match-set", ignore: "account.match-ignored", clear: "account.match-cleared" } as const;
