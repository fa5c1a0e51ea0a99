import type { HealthCheck } from "./installation-health.ts";

/** What the judgement rests on; the store reads it. */
export interface ActingHealthFacts {
  failedMessages: { mails: number; webhooks: number; lastError: string | null };
  disabledWebhooks: readonly string[];
  actions: { stuck: number; unverified: number };
  pausedPlans: readonly string[];
  pausedRules: readonly string[];
  checkpoint: { unsigned: number; since: Date | null };
}

/** Checkpoints are signed hourly; later than this, something keeps them. */
const UNSIGNED_MS_MAX = 3 * 3_600_000;
/** Names told of one kind. */
const NAMES_MAX = 5;

/** Whether people are told, and seats are taken and given back, without anything that waits for somebody. */
export function judgeActing(facts: ActingHealthFacts, at: Date): HealthCheck[] {
  return [
    judgeMessages(facts),
    judgeWebhooks(facts),
    judgeActions(facts),
    judgePlans(facts),
    judgeRules(facts),
    judgeCheckpoints(facts, at),
  ];
}

function judgeMessages({ failedMessages: { mails, webhooks, lastError } }: ActingHealthFacts): HealthCheck {
  if (mails + webhooks === 0) return ok("messages", "No message was given up in the last week.");
  const says = `${mails} mails and ${webhooks} deliveries were given up in the last week.`;
  return warn(
    "messages",
    lastError === null ? says : `${says} ${lastError}`,
    "See `usher message list --filter state=failed`.",
  );
}

function judgeWebhooks({ disabledWebhooks }: ActingHealthFacts): HealthCheck {
  if (disabledWebhooks.length === 0) return ok("webhooks", "No webhook is disabled.");
  return warn(
    "webhooks",
    `Disabled, and told of nothing: ${named(disabledWebhooks)}.`,
    "Where the receiver is back: `usher webhook edit <webhook> --enable`.",
  );
}

function judgeActions({ actions: { stuck, unverified } }: ActingHealthFacts): HealthCheck {
  if (stuck > 0) {
    return bad(
      "actions",
      `${stuck} changes have been due for more than an hour.`,
      "`usher job list` tells how *Execute actions* ended; see that a process executes jobs.",
    );
  }
  if (unverified > 0) {
    return warn(
      "actions",
      `${unverified} changes of the last week were sent and never seen at the source.`,
      "Look there: `usher reclaim actions --filter state=unverified`.",
    );
  }
  return ok("actions", "No change is stuck or unverified.");
}

function judgePlans({ pausedPlans }: ActingHealthFacts): HealthCheck {
  if (pausedPlans.length === 0) return ok("plans", "No plan is paused.");
  return warn(
    "plans",
    `Paused half-way: ${named(pausedPlans)}.`,
    "`usher reclaim show <plan-id>` tells why; then resume it, or undo what it did.",
  );
}

function judgeRules({ pausedRules }: ActingHealthFacts): HealthCheck {
  if (pausedRules.length === 0) return ok("rules", "No reclamation rule is paused by a safeguard.");
  return warn(
    "rules",
    `Paused by a safeguard: ${named(pausedRules)}.`,
    "`usher reclamation-rule show <rule>` tells why; activate it when that is mended.",
  );
}

function judgeCheckpoints({ checkpoint: { unsigned, since } }: ActingHealthFacts, at: Date): HealthCheck {
  if (since === null || at.getTime() - since.getTime() <= UNSIGNED_MS_MAX) {
    return ok("checkpoints", "Checkpoints of the journal are up to date.");
  }
  return warn(
    "checkpoints",
    `${unsigned} entries of the journal are in no checkpoint, the oldest of ${since.toISOString().slice(0, 16)} UTC.`,
    "`usher job list` tells how *Write journal checkpoint* ended; see that its file can be written.",
  );
}

function ok(name: string, says: string): HealthCheck {
  return { name, verdict: "ok", says, fix: null };
}

function warn(name: string, says: string, fix: string): HealthCheck {
  return { name, verdict: "warn", says, fix };
}

function bad(name: string, says: string, fix: string): HealthCheck {
  return { name, verdict: "bad", says, fix };
}

function named(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  return names.slice(0, NAMES_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
