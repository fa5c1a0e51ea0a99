import type { Page } from "playwright-core";
import { settle } from "../../scripts/looking.ts";
import type { Database } from "../../src/store/database.ts";
import { appendRunEvents } from "../../src/store/run-events.ts";
import { sql } from "../../src/store/sql.ts";
import { percentile } from "../statistics.ts";
import type { Measured } from "./measured.ts";

const EVENTS = 30;
/** Longer than the shortest time between two messages of a stream, so that each event travels alone. */
const BETWEEN_MS = 400;

/** From the commit of what a run logs to the frame that shows it on the run's page. */
export async function measureStream(page: Page, db: Database): Promise<Measured[]> {
  const runId = await startRun(db);
  await page.goto(`/runs/${runId}`);
  await settle(page);
  await page.evaluate(noteMarks);
  const times: number[] = [];
  for (let number = 0; number < EVENTS; number += 1) {
    const event = { at: new Date(), level: "info", event: "bench", message: `Mark ${number}.`, data: {} } as const;
    await db.transaction((tx) => appendRunEvents(tx, runId, [event]));
    const sentAt = Date.now();
    const shownAt = await page.waitForFunction((mark) => (globalThis as unknown as Marked).marks.get(mark), number);
    times.push(Math.max(0, (await shownAt.jsonValue())! - sentAt));
    await page.waitForTimeout(BETWEEN_MS);
  }
  return [
    {
      what: `a run's event to the screen, p95 of ${times.length}`,
      value: percentile(times, 0.95),
      most: 500,
      unit: "ms",
    },
  ];
}

interface Marked {
  /** When each mark was drawn, by the clock that the server has as well. */
  marks: Map<number, number>;
}

function noteMarks(): void {
  const marks = new Map<number, number>();
  (globalThis as unknown as Marked).marks = marks;
  const look = () => {
    for (const [, number] of document.body.innerText.matchAll(/Mark (\d+)\./g)) {
      const mark = Number(number);
      if (!marks.has(mark)) requestAnimationFrame(() => marks.set(mark, Date.now()));
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}

/** One that nobody works on: it goes on for as long as the bench looks at it. */
async function startRun(db: Database): Promise<string> {
  const [run] = await db.query<{ id: string }>(sql`
    insert into runs (site_id, connection_id, scope, trigger, state, requested_by, requested_at, started_at, observed_at)
    select x.site_id, x.connection_id, 'full', 'person', 'running', c.created_by, now(), now(), now()
      from connection_sites x
      join connections c on c.id = x.connection_id
     limit 1
    returning id
  `);
  return run?.id ?? "";
}
