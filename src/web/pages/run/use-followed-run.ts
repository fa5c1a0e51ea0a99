import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { AnswerFor, RowOf } from "../../api/call.ts";
import { type StreamState, useEvents } from "../../api/events.ts";
import { useApi } from "../../api/query.ts";

export type RunDetail = AnswerFor<"runs.get">;
export type Step = RunDetail["progress"][number];
export type LogLine = RowOf<"runs.log">;
type Update = AnswerFor<"runs.events">;

export interface FollowedRun {
  run: RunDetail;
  isUnderWay: boolean;
  stream: StreamState;
  /** What was logged since the page follows the run. */
  lines: readonly LogLine[];
}

/** While the stream is open it tells nearly all; what waits and what warned is asked for beside it. */
const BESIDE_MS = 3000;
const POLLED_MS = 2000;

export function isUnderWay({ state }: Pick<RunDetail, "state">): boolean {
  return state === "queued" || state === "running";
}

/** A run as it is now: by its stream while it goes on, by asking again and again while the stream is lost. */
export function useFollowedRun(runId: string) {
  const queries = useQueryClient();
  const [told, setTold] = useState<{ update: Update; at: number } | null>(null);
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [everyMs, setEveryMs] = useState<number | false>(false);
  const detail = useApi("runs.get", { params: { runId } }, { everyMs });

  const read = detail.data?.id === runId ? detail.data : undefined;
  const run = read && told && told.at > detail.dataUpdatedAt ? withUpdate(read, told.update) : read;
  const isOn = run !== undefined && isUnderWay(run);

  const stream = useEvents("runs.events", { params: { runId } }, isOn, (update) => {
    setTold({ update, at: Date.now() });
    setLines((before) => withLines(before, update.events));
    if (isUnderWay(update.run)) return;
    // Lists, and what only the whole detail tells, are read again now that it has ended.
    for (const noun of ["runs", "job-results", "jobs"]) void queries.invalidateQueries({ queryKey: [noun] });
    return "end";
  });

  useEffect(() => {
    setEveryMs(isOn ? (stream === "open" ? BESIDE_MS : POLLED_MS) : false);
  }, [isOn, stream]);

  const followed: FollowedRun | null = run ? { run, isUnderWay: isOn, stream, lines } : null;
  return { followed, error: detail.error, refetch: detail.refetch };
}

function withUpdate(detail: RunDetail, { run, progress }: Update): RunDetail {
  return { ...detail, ...run, progress, waitsUntil: isUnderWay(run) ? detail.waitsUntil : null };
}

/** A stream that begins anew may tell some lines twice. */
function withLines(before: readonly LogLine[], told: readonly LogLine[]): readonly LogLine[] {
  const last = before.at(-1)?.seq ?? 0;
  const news = told.filter(({ seq }) => seq > last);
  return news.length === 0 ? before : [...before, ...news];
}
