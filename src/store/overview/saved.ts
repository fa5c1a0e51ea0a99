import type { Day } from "../../lib/day.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

export interface SavedRow {
  currency: string;
  savedMinor: number;
  seats: number;
}

/** What reclaimed seats took off the bills of billing events since a day, each counted once, by currency. */
export async function sumSavedSince(reader: Reader, since: Day): Promise<SavedRow[]> {
  return reader.query<SavedRow>(sql`
    select currency, sum(saved_minor)::bigint as "savedMinor", count(*) as seats
      from license_savings
     where event_on >= ${since}::date
     group by currency
     order by sum(saved_minor) desc
  `);
}
