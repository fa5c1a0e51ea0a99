import { useQuery } from "@tanstack/react-query";
import { callApi } from "../../api/call.ts";
import type { FollowedRun, LogLine } from "./use-followed-run.ts";

/** As many as are read and drawn; the download has all. */
export const LINES_MAX = 2000;
const PAGE_LINES = 200;

/** How far a run is, once a second: the steps tell it better. */
const PROGRESS_EVENT = "progress";

/** The lines of a run: as they come while it goes on, read from the server when it has ended. */
export function useLog({ run, isUnderWay, lines }: FollowedRun) {
  const ended = useQuery({
    queryKey: ["runs", "whole-log", run.id],
    queryFn: ({ signal }) => readNewest(run.id, signal),
    enabled: !isUnderWay,
  });
  const all = isUnderWay ? lines : (ended.data ?? lines);
  const told = all.filter(({ event }) => event !== PROGRESS_EVENT);
  return { lines: told.slice(-LINES_MAX), isCut: told.length > LINES_MAX || all.length >= LINES_MAX, query: ended };
}

/** Newest first from the server, oldest first as a log is read. */
async function readNewest(runId: string, signal: AbortSignal): Promise<LogLine[]> {
  const newest: LogLine[] = [];
  let cursor: string | null = null;
  do {
    const query = { limit: PAGE_LINES, sort: "-seq", cursor };
    const page: { items: LogLine[]; next: string | null } = await callApi("runs.log", {
      params: { runId },
      query,
      signal,
    });
    newest.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && newest.length < LINES_MAX);
  return newest.reverse();
}
