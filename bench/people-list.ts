import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { startTestServer } from "../src/http/testing/server.ts";
import { sql } from "../src/store/sql.ts";
import { type CompanySize, HUNDRED_THOUSAND, openCompany } from "./company.ts";
import { percentile } from "./statistics.ts";

/** UX.md §10: a list of 200 of 100,000 rows, filtered and sorted. */
export const PEOPLE_LIST_BUDGET_MS = 80;

const ROUNDS = 12;
const WARM_UP_ROUNDS = 2;
const PAGES = 3;

/** What a license manager asks of the list; the number of spaces each person reaches is in every row. */
const QUERIES = [
  "sort=name",
  "sort=-lastActivityAt",
  "sort=lastActivityAt&status=idle",
  "sort=-spaces",
  "sort=-cost&status=idle",
  "sort=seatSince&status=never-used",
  "sort=name&class=guest",
  "sort=name&department=Finance&status=idle,never-used",
  "sort=-lastActivityAt&q=novak",
  "sort=groups&idleDays=120",
];

export interface PeopleListResult {
  people: number;
  summarizeMs: { first: number; unchanged: number };
  /** One per query, over its first pages. */
  queries: { query: string; p50Ms: number; p95Ms: number }[];
  p95Ms: number;
}

/** Fills a database of its own with so many people and measures pages of 200 over HTTP on the loopback. */
export async function measurePeopleList(size: CompanySize = HUNDRED_THOUSAND): Promise<PeopleListResult> {
  const server = await startTestServer();
  try {
    const { summarizedMs, summarize } = await openCompany(server, size);
    const summarizeMs = { first: summarizedMs, unchanged: await summarize() };
    await server.db.query(sql`vacuum analyze`);

    const url = await server.app.listen({ port: 0, host: "127.0.0.1" });
    const headers = server.authorization(await server.makeToken(["inventory:read"]));
    const all: number[] = [];
    const queries: PeopleListResult["queries"] = [];
    for (const query of QUERIES) {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const page = await readPages(`${url}/api/v1/people?limit=200&${query}`, headers);
        if (round >= WARM_UP_ROUNDS) times.push(...page);
      }
      all.push(...times);
      queries.push({ query, p50Ms: percentile(times, 0.5), p95Ms: percentile(times, 0.95) });
    }
    return { people: size.accounts, summarizeMs, queries, p95Ms: percentile(all, 0.95) };
  } finally {
    await server.close();
  }
}

/** Milliseconds of each of the first pages, until the whole body was read and parsed. */
async function readPages(url: string, headers: Record<string, string>): Promise<number[]> {
  const times: number[] = [];
  let cursor = "";
  for (let page = 0; page < PAGES; page++) {
    const began = performance.now();
    const answer = await fetch(`${url}${cursor}`, { headers });
    const body = (await answer.json()) as { items: unknown[]; next: string | null };
    times.push(performance.now() - began);
    if (!answer.ok) throw new Error(`The list answered ${answer.status} to ${url}.`);
    if (body.next === null) break;
    cursor = `&cursor=${encodeURIComponent(body.next)}`;
  }
  return times;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const accounts = Number(process.argv[2] ?? HUNDRED_THOUSAND.accounts);
  const result = await measurePeopleList({ ...HUNDRED_THOUSAND, accounts });
  const line = (query: string, p50Ms: number, p95Ms: number) =>
    console.log(`${query.padEnd(56)} p50 ${p50Ms.toFixed(0).padStart(4)} ms  p95 ${p95Ms.toFixed(0).padStart(4)} ms`);
  for (const { query, p50Ms, p95Ms } of result.queries) line(query, p50Ms, p95Ms);
  console.log(
    `After a run: ${(result.summarizeMs.first / 1000).toFixed(1)} s, unchanged ${(result.summarizeMs.unchanged / 1000).toFixed(1)} s.`,
  );
  console.log(
    `200 of ${result.people} people: p95 ${result.p95Ms.toFixed(1)} ms (budget ${PEOPLE_LIST_BUDGET_MS} ms).`,
  );
  if (result.p95Ms > PEOPLE_LIST_BUDGET_MS) process.exitCode = 1;
}
