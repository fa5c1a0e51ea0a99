import { randomBytes } from "node:crypto";
import { type ManualClock, manualClock } from "../../../lib/clock.ts";
import { silentLog } from "../../../lib/log.ts";
import { createSecretBox } from "../../../lib/secret-box.ts";
import { DEFAULT_RECLAMATION_SETTINGS, type ReclamationSettings } from "../../../model/reclamation.ts";
import { summaryTerms } from "../../../rules/summary-terms.ts";
import { type Database, openDatabase } from "../../../store/database.ts";
import { ensurePerson } from "../../../store/operators.ts";
import { sql } from "../../../store/sql.ts";
import { summarizeSite } from "../../../store/summaries.ts";
import { type TestDatabase, testDatabase } from "../../../store/testing/database.ts";
import { OBSERVED_AT, type SiteFixture, type SiteOptions, siteFixture } from "../../../store/testing/facts.ts";
import type { Context } from "../../context.ts";

/** A database with one site that Usher may write to. */
export interface ActSite {
  db: Database;
  clock: ManualClock;
  context: Context;
  site: SiteFixture;
  /** The same, as somebody else asks. */
  as(name: string): Promise<Context>;
  /** Brings seats and summaries to what the facts say, as a run does. */
  settle(): Promise<void>;
  accountId(sourceId: string): Promise<string>;
  /** Seats of these accounts as a plan wants them. */
  seats(...sourceIds: string[]): Promise<{ siteId: string; accountId: string; candidateId: string | null }[]>;
  /** An active reclamation rule, limits other than the usual ones as given; its id. */
  rule(name: string, limits?: Partial<ReclamationSettings["limits"]>): Promise<string>;
  close(): Promise<void>;
}

export async function actSite(
  options: SiteOptions = {},
  /** Migrated, and removed by `drop`. */
  given: Pick<TestDatabase, "connection" | "drop"> | null = null,
): Promise<ActSite> {
  const test = given ?? (await testDatabase());
  const clock = manualClock(OBSERVED_AT);
  const db = openDatabase(test.connection, { clock, log: silentLog });
  const site = await siteFixture(db, options);
  await db.transaction(async (tx) => {
    await tx.execute(sql`update connections set capabilities = '{roster,activity,permissions,reclaim}'`);
    await tx.execute(sql`update sites set mode = 'act'`);
    await tx.execute(sql`
      insert into site_capabilities (site_id, capability, connection_id, since)
      values (${site.siteId}, 'reclaim', ${site.connectionId}, ${OBSERVED_AT})
    `);
  });
  const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
  const as = async (name: string): Promise<Context> => {
    const person = { name, email: `${name}@acme.example`, roles: ["admin"] };
    const { id } = await db.transaction((tx) => ensurePerson(tx, person, OBSERVED_AT));
    return { db, clock, secrets, actor: { operatorId: id, through: "api" } };
  };

  async function accountId(sourceId: string): Promise<string> {
    const [row] = await db.query<{ id: string }>(sql`
      select id from accounts where site_id = ${site.siteId} and source_id = ${sourceId}
    `);
    if (!row) throw new Error(`There is no account ${sourceId}.`);
    return row.id;
  }
  return {
    db,
    clock,
    site,
    as,
    accountId,
    context: await as("petra"),
    async settle() {
      const basis = { edition: "standard", ...site.settings } as const;
      await db.transaction((tx) =>
        summarizeSite(
          tx,
          { siteId: site.siteId, edition: "standard", asOf: clock.now() },
          summaryTerms(basis, clock.now()),
        ),
      );
    },
    async seats(...sourceIds) {
      const ids = await Promise.all(sourceIds.map(accountId));
      return ids.map((id) => ({ siteId: site.siteId, accountId: id, candidateId: null }));
    },
    async rule(name, limits = {}) {
      const { limits: usual, ...settings } = DEFAULT_RECLAMATION_SETTINGS;
      const [row] = await db.query<{ id: string }>(sql`
        insert into reclamation_rules (name, status, condition, settings, created_at, updated_at)
        values (${name}, 'active', '{"is": "idle", "days": 60}',
                ${JSON.stringify({ ...settings, limits: { ...usual, ...limits } })}, ${OBSERVED_AT}, ${OBSERVED_AT})
        returning id
      `);
      return row?.id ?? "";
    },
    async close() {
      await db.close();
      await test.drop();
    },
  };
}
