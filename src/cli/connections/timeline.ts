import type { listConnectionTimeline } from "../../api/connection-timeline.ts";
import type { RowOf } from "../list-command.ts";
import { type Column, idColumn, stateColumn, textColumn, timeColumn } from "../output/columns.ts";

export const TIMELINE: readonly Column<RowOf<typeof listConnectionTimeline>>[] = [
  timeColumn("Time (UTC)", (item) => item.at),
  textColumn("What", (item) => item.entry ?? `${item.scope} run`),
  stateColumn("State", (item) => item.state),
  textColumn("Site", (item) => item.siteName),
  textColumn("By", (item) => item.actorName ?? item.actorId),
  textColumn(
    "Message",
    ({ message, counts }) => message ?? (counts ? `+${counts.added} ~${counts.changed} −${counts.gone}` : null),
  ),
  idColumn((item) => item.runId ?? item.subjectId),
];
