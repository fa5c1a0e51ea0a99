import type { SeatFacts } from "../../model/seats.ts";
import type { Database } from "../database.ts";
import { sql } from "../sql.ts";
import { siteFixture } from "./facts.ts";

/** Facts of a seat of nobody in particular: licensed for years, reading observed all its life, never used. */
export function seatFacts(fields: Partial<SeatFacts> = {}): SeatFacts {
  return {
    siteId: "site_1",
    accountId: "account_1",
    personId: "person_1",
    seatId: "seat_1",
    edition: "standard",
    grantedAt: new Date("2024-01-01T00:00:00Z"),
    grantedOrigin: "organization",
    accountClass: "licensed",
    accountType: "atlassian",
    isManaged: true,
    email: "ann@acme.example",
    personStatus: "active",
    department: null,
    jobTitle: null,
    costCenter: null,
    location: null,
    employmentType: null,
    managerId: null,
    groupsCount: 1,
    spacesCount: 3,
    duplicateRank: null,
    viewedAt: null,
    contributedAt: null,
    administeredAt: null,
    authenticatedAt: null,
    reading: [],
    seatStatus: "no-evidence",
    ...fields,
  };
}

/** A site with an account for each of these facts, in their order; returns them with the ids they got. */
export async function siteWithSeatFacts(db: Database, name: string, rows: readonly SeatFacts[]): Promise<SeatFacts[]> {
  const { siteId } = await siteFixture(db, { name });
  const accounts = await db.transaction((tx) =>
    tx.query<{ id: string; personId: string }>(sql`
      with person as (
        insert into people (first_seen_at) select now() from generate_series(1, ${rows.length}) returning id),
      numbered as (
        select id, row_number() over (order by id) as number from person)
      insert into accounts (site_id, source_id, person_id, first_seen_at)
      select ${siteId}, ${name} || '-' || number, id, now() from numbered
      returning id, person_id as "personId"
    `),
  );
  const stored = rows.map((facts, index) => ({
    ...facts,
    siteId,
    accountId: accounts[index]?.id ?? "",
    personId: accounts[index]?.personId ?? "",
  }));
  await db.transaction((tx) =>
    tx.execute(sql`
      insert into seat_facts
      select * from jsonb_populate_recordset(null::seat_facts, ${JSON.stringify(stored.map(toColumns))}::jsonb)
    `),
  );
  return stored;
}

function toColumns({ reading, ...facts }: SeatFacts): Record<string, unknown> {
  const columns = Object.entries(facts).map(([name, value]) => [
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  const windows = reading.flatMap(({ kind, knownSince, knownUntil }) => [
    [`${kind}_known_since`, knownSince ?? "-infinity"],
    [`${kind}_known_until`, knownUntil],
  ]);
  return Object.fromEntries([...columns, ...windows]);
}
