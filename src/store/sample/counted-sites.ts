import { rawSql, type Sql } from "../sql.ts";

/**
 * Whether a row of `sites` counts in totals: every site does while there are only the sample company's; once a real site
 * was read, the sample's do not, so that no number is ever made of both.
 */
export function isCountedSite(site: string): Sql {
  return rawSql(
    `(not ${site}.is_sample or not exists (select from sites real where not real.is_sample and real.last_synced_at is not null))`,
  );
}

/** Whether the position of now is one of the sample company. */
export const COUNTS_SAMPLE = rawSql(
  `exists (select from sites counted where counted.is_sample and ${isCountedSite("counted").text})`,
);
