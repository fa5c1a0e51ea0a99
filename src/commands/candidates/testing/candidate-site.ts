import { manualClock, type ManualClock } from "../../../lib/clock.ts";
import { silentLog } from "../../../lib/log.ts";
import { createSecretBox } from "../../../lib/secret-box.ts";
import type { Candidate } from "../../../model/candidates.ts";
import type { Condition } from "../../../model/conditions.ts";
import {
  DEFAULT_RECLAMATION_SETTINGS,
  type ReclamationRuleStatus,
  type ReclamationSettings,
} from "../../../model/reclamation.ts";
import { summaryTerms } from "../../../rules/summary-terms.ts";
import { findCandidate } from "../../../store/candidates/candidates.ts";
import { type Database, openDatabase } from "../../../store/database.ts";
import { sql } from "../../../store/sql.ts";
import { summarizeSite } from "../../../store/summaries.ts";
import { testDatabase } from "../../../store/testing/database.ts";
import { daysAgo, OBSERVED_AT, type SiteFixture, siteFixture } from "../../../store/testing/facts.ts";
import type { Actor, Context } from "../../context.ts";

/** A site with seats whose holders have addresses, and time that a test moves. */
export interface CandidateSite {
  db: Database;
  clock: ManualClock;
  acme: SiteFixture;
  context(actor?: Actor): Context;
  /** Seats with views known for a year; `lastViewedAt` null: never. `reading` false: nothing sees readers. */
  seats(holders: Record<string, Date | null>, options?: { reading?: boolean }): Promise<void>;
  /** Brings seats, summaries and what conditions see up to the facts. */
  summarize(): Promise<void>;
  manager(holder: string, manager: string): Promise<void>;
  personOf(account: string): Promise<string>;
  rule(settings?: Partial<ReclamationSettings>, fields?: RuleFields): Promise<string>;
  candidate(id: string): Promise<Candidate>;
  messages(): Promise<{ kind: string; recipient: string; data: Record<string, unknown> }[]>;
  /** Lets Usher write to the site. */
  act(): Promise<void>;
  move(days: number): void;
  close(): Promise<void>;
}

interface RuleFields {
  name?: string;
  status?: ReclamationRuleStatus;
  condition?: Condition;
  siteIds?: string[] | null;
}

export const SYSTEM: Actor = { operatorId: "system", through: "job" };

export async function candidateSite(options: { db?: Database; clock?: ManualClock } = {}): Promise<CandidateSite> {
  const clock = options.clock ?? manualClock(OBSERVED_AT);
  const test = options.db ? null : await testDatabase();
  const db = options.db ?? openDatabase(test!.connection, { clock, log: silentLog });
  const acme = await siteFixture(db);
  await acme.group("users", { gives: "user" });
  const personOf = async (account: string) => {
    const [row] = await db.query<{ id: string }>(
      sql`select person_id as id from accounts where source_id = ${account}`,
    );
    if (!row) throw new Error(`There is no account ${account}.`);
    return row.id;
  };
  const summarize = () =>
    db.transaction(async (tx) => {
      const terms = summaryTerms({ edition: "standard", ...acme.settings }, OBSERVED_AT);
      await summarizeSite(tx, { siteId: acme.siteId, edition: "standard", asOf: OBSERVED_AT }, terms);
    });
  return {
    db,
    clock,
    acme,
    personOf,
    summarize,
    context: (actor = SYSTEM) => ({
      db,
      clock,
      actor,
      secrets: createSecretBox([{ id: "test", key: Buffer.alloc(32) }]),
    }),
    async seats(holders, { reading = true } = {}) {
      for (const [name, lastViewedAt] of Object.entries(holders)) {
        await acme.account(name, { email: `${name}@acme.example`, firstSeenAt: daysAgo(400), addedAt: daysAgo(400) });
        if (reading) await acme.evidence(name, "viewed", lastViewedAt, { since: daysAgo(365) });
        else if (lastViewedAt) await acme.evidence(name, "contributed", lastViewedAt);
      }
      await acme.join("users", ...Object.keys(holders));
      await db.query(sql`update memberships set valid_from = ${daysAgo(400)}`);
      await summarize();
    },
    async manager(holder, manager) {
      await db.query(sql`
        update person_summaries set manager_id = ${await personOf(manager)} where person_id = ${await personOf(holder)}
      `);
    },
    async rule(settings = {}, { name = "Idle", status = "active", condition, siteIds = null } = {}) {
      const [row] = await db.query<{ id: string }>(sql`
        insert into reclamation_rules (name, status, site_ids, condition, settings, created_at, updated_at)
        values (${name}, ${status}, ${siteIds}, ${JSON.stringify(condition ?? { is: "idle", days: 60 })},
                ${JSON.stringify({ ...DEFAULT_RECLAMATION_SETTINGS, ...settings })}, ${OBSERVED_AT}, ${OBSERVED_AT})
        returning id
      `);
      return row?.id ?? "";
    },
    async candidate(id) {
      const found = await findCandidate(db, id);
      if (!found) throw new Error(`There is no candidate ${id}.`);
      return found;
    },
    messages: () => db.query(sql`select kind, recipient, data from messages order by created_at, id`),
    async act() {
      await db.query(sql`update connections set capabilities = '{roster,activity,permissions,reclaim}'`);
      await db.query(sql`update sites set mode = 'act'`);
      await db.query(sql`
        insert into site_capabilities (site_id, capability, connection_id, since)
        values (${acme.siteId}, 'reclaim', ${acme.connectionId}, ${OBSERVED_AT})
      `);
    },
    move: (days) => clock.moveBy(days * 86_400_000),
    async close() {
      if (options.db) return;
      await db.close();
      await test?.drop();
    },
  };
}
