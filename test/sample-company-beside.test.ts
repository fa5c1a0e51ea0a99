import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decideCandidates, listCandidates } from "../src/api/candidates.ts";
import { ApiProblem, type Client } from "../src/api/client.ts";
import { createExclusionRule } from "../src/api/exclusions.ts";
import { getOverview } from "../src/api/overview.ts";
import { applyPlan, createPlan } from "../src/api/plans.ts";
import { getPosition } from "../src/api/position.ts";
import { createSampleCompany, getSampleCompany } from "../src/api/sample-company.ts";
import { SAMPLE_EMAIL_DOMAIN, SAMPLE_ORIGIN } from "../src/model/sample-company.ts";
import type { Database } from "../src/store/database.ts";
import { isSampleAtWork } from "../src/store/sample/sample-company.ts";
import { rawSql, sql } from "../src/store/sql.ts";
import { connectReal, makeSample, removeSample, type SampleUsher, sampleUsher, until } from "./support/sample-usher.ts";
import { startSimulator } from "./support/simulator-process.ts";
import { differing, findRowsNaming, MOVES_BY_ITSELF } from "./support/table-contents.ts";

/** Hashes of all rows of the sites and connections that are not the sample's, by table. */
async function realRows(db: Database): Promise<Map<string, string[]>> {
  const columns = await db.query<{ table: string; column: string }>(sql`
    select c.table_name as table, c.column_name as column
      from information_schema.columns c
      join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
       and c.column_name in ('site_id', 'connection_id', 'person_id', 'run_id')
  `);
  const of: Record<string, string> = {
    site_id: "select id from sites where not is_sample",
    connection_id: "select id from connections where not is_sample",
    person_id: "select person_id from accounts join sites s on s.id = site_id where not s.is_sample",
    run_id: "select r.id from runs r join sites s on s.id = r.site_id where not s.is_sample",
  };
  const rows = new Map<string, string[]>();
  for (const { table, column } of columns) {
    const found = await db.query<{ hash: string }>(sql`
      select md5(to_jsonb(t)::text) as hash from ${rawSql(table)} t where ${rawSql(column)} in (${rawSql(of[column] ?? "")})
       order by 1
    `);
    rows.set(
      `${table} by ${column}`,
      found.map(({ hash }) => hash),
    );
  }
  return rows;
}

describe("the sample company beside a real one", () => {
  it("is used, stands in no total, and goes without a change to the real one", async () => {
    const real = await startSimulator(["--seed", "2"]);
    const usher = await sampleUsher(real.environment);
    const { db } = usher;
    try {
      const client = await usher.start();
      await makeSample(client);
      const { siteIds, connectionIds, isOffered } = await client.call(getSampleCompany, {});
      await useIt(client, usher, siteIds);
      await connectReal(client, "acme");
      await until(async () => !(await isSampleAtWork(db)), "The end of all jobs");
      const beside = await client.call(getSampleCompany, {});
      const overview = await client.call(getOverview, {});
      const { lines } = await client.call(getPosition, { params: { positionId: "latest" } });
      const before = await realRows(db);
      await removeSample(client);

      assert.deepEqual([isOffered, beside.offersRemoval], [false, true]);
      assert.deepEqual(
        overview.sites.map(({ site }) => site),
        ["Acme"],
      );
      assert.ok(lines.every(({ siteId }) => siteId === null || !siteIds.includes(siteId)));
      assert.deepEqual(differing(before, await realRows(db)), []);
      const names = [...siteIds, ...connectionIds, SAMPLE_ORIGIN, SAMPLE_EMAIL_DOMAIN];
      assert.deepEqual(await findRowsNaming(db, names, MOVES_BY_ITSELF), []);
      const kept = await db.query<{ name: string }>(sql`
        select name from exclusion_rules where built_in is null order by name
      `);
      assert.deepEqual(kept, [{ name: "Nobody of Enterprise" }]);
      await assert.rejects(
        client.call(createSampleCompany, { body: {} }),
        (error) => error instanceof ApiProblem && error.problem.code === "real-company",
      );
    } finally {
      await usher.close();
      await real.close();
    }
  });
});

/** As a person would who tries things: an exclusion of its sites and one of all, and a plan that takes seats. */
async function useIt(client: Client, { db }: SampleUsher, siteIds: readonly string[]): Promise<void> {
  const condition = { is: "edition", editions: ["enterprise"] };
  const body = { condition, effects: ["no-reclaim" as const], reason: "Look around" };
  await client.call(createExclusionRule, { body: { ...body, name: "Nobody of Enterprise" } });
  await client.call(createExclusionRule, { body: { ...body, name: "Here only", siteIds: [siteIds[0] ?? ""] } });
  // Only a person may let Usher write to a site, and the test holds a service account's token.
  await db.transaction((tx) => tx.execute(sql`update sites set mode = 'act' where is_sample`));
  const query = { siteId: siteIds[0] ?? "", lacksEvidence: false, limit: 50 };
  const { items } = await client.call(listCandidates, { query });
  const candidateIds = items.map(({ candidateId }) => candidateId);
  const decide = (verb: "keep" | "ask" | "take", some: string[]) =>
    client.call(decideCandidates, { body: { candidateIds: some, verb, reason: "Look around" } });
  await decide("keep", candidateIds.slice(0, 2));
  await decide("ask", candidateIds.slice(2, 4));
  await decide("take", candidateIds.slice(4, 7));
  const seats = items.slice(4, 7).map(({ siteId, accountId, candidateId }) => ({ siteId, accountId, candidateId }));
  const { id: planId, hash } = await client.call(createPlan, { body: { seats, reason: "Try it" } });
  await client.call(applyPlan, { params: { planId }, body: { hash } });
  // Some wait for a person to do them by hand: what goes is a plan that is being applied.
  await until(async () => {
    const [row] = await db.query<{ actions: number }>(sql`select count(*) as actions from actions`);
    return (row?.actions ?? 0) > 0;
  }, "The first action");
  const [told] = await db.query<{ messages: number; steps: number }>(sql`
    select (select count(*) from messages) as messages, (select count(*) from candidate_steps) as steps
  `);
  assert.ok(told && told.messages > 0 && told.steps > items.length);
}
