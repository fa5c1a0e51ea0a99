import { type Cursor, type Page, SourceFailure } from "../source.ts";

const BEGINNINGS_MAX = 4;

/** A listing that has to be known as a whole. One that drifts is begun again, some times. */
export async function readWhole<Row>(readPage: (cursor: Cursor) => Promise<Page<Row>>): Promise<Row[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const rows: Row[] = [];
      for (let cursor: Cursor = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
        const page: Page<Row> = await readPage(cursor);
        rows.push(...page.rows);
        cursor = page.next;
      }
      return rows;
    } catch (thrown) {
      if (attempt === BEGINNINGS_MAX || !isBegunAgain(thrown)) throw thrown;
    }
  }
}

function isBegunAgain(thrown: unknown): boolean {
  return (
    thrown instanceof SourceFailure &&
    (thrown.code === "source.listing-drifted" || thrown.code === "source.cursor-expired")
  );
}
