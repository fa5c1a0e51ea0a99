import { GENESIS_HASH, hashEntry } from "../../lib/journal-hash.ts";
import type { Database } from "../database.ts";
import { rawSql, sql } from "../sql.ts";

/** Records so many entries, `perTransaction` at a time, every other one with a personal part. */
export async function recordEntries(db: Database, count: number, perTransaction = 100): Promise<void> {
  for (let done = 0; done < count; done += perTransaction) {
    const size = Math.min(perTransaction, count - done);
    await db.transaction(async (tx) => {
      for (let index = 0; index < size; index += 1) {
        const number = done + index;
        tx.record({
          actorId: "operator_000000000000",
          through: "job",
          entry: "action.planned",
          subjectId: `action_${String(number).padStart(12, "0")}`,
          detail: { number, siteId: "site_000000000000", kind: "remove-membership", groups: ["a", "b"], before: null },
          ...(number % 2 === 0 ? { personal: { email: `person${number}@acme.example` } } : {}),
        });
      }
    });
  }
}

/** The trigger that keeps the journal append-only is put aside, as somebody with the database's own rights could. */
export async function tamper(db: Database, ...statements: string[]): Promise<void> {
  await db.transaction(async (tx) => {
    for (const table of ["journal_entries", "journal_checkpoints", "journal_personal"]) {
      await tx.execute(rawSql(`alter table ${table} disable trigger all`));
    }
    for (const statement of statements) await tx.execute(rawSql(statement));
    for (const table of ["journal_entries", "journal_checkpoints", "journal_personal"]) {
      await tx.execute(rawSql(`alter table ${table} enable trigger all`));
    }
  });
}

/** Makes every hash anew, as somebody would who knows how they are made: the chain then agrees with itself. */
export async function rechain(db: Database): Promise<void> {
  const rows = await db.query<Parameters<typeof hashEntry>[0]>(sql`
    select seq, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, actor_id as "actorId", through, entry,
           subject_id as "subjectId", detail, personal_hash as "personalHash", previous_hash as "previousHash"
      from journal_entries
     order by seq
  `);
  let hash = GENESIS_HASH;
  const statements: string[] = [];
  rows.forEach((row, index) => {
    const previousHash = hash;
    hash = hashEntry({ ...row, seq: index + 1, previousHash });
    const set = `seq = ${index + 1}, previous_hash = '${previousHash}', hash = '${hash}'`;
    statements.push(`update journal_entries set ${set} where seq = ${row.seq}`);
  });
  await tamper(db, ...statements, `update journal_head set seq = ${rows.length}, hash = '${hash}'`);
}
