import type { RowOf } from "../../../api/call.ts";
import { Badge, type BadgeKind } from "../../../parts/badge.tsx";
import type { Column, Filter } from "../../../parts/table/table-types.ts";
import { Time } from "../../../parts/time.tsx";
import type { Text } from "../../../text/define.ts";
import { formatNumber, NONE } from "../../../text/format.ts";
import { t } from "../../../text/t.ts";
import { texts } from "./texts.ts";

type Row = RowOf<"messages.list">;

const STATES: Readonly<Record<Row["state"], { kind: BadgeKind; label: Text }>> = {
  waiting: { kind: "info", label: texts.waiting },
  sent: { kind: "ok", label: texts.sent },
  failed: { kind: "danger", label: texts.failed },
  dropped: { kind: "neutral", label: texts.dropped },
};

/** A mail or a delivery, and how it went. */
export const MESSAGE_COLUMNS: readonly Column<Row>[] = [
  {
    id: "createdAt",
    label: texts.time,
    width: 120,
    sort: "createdAt",
    cell: ({ createdAt }) => <Time value={createdAt} />,
  },
  { id: "kind", label: texts.kind, width: 160, cell: ({ kind }) => kind },
  { id: "recipient", label: texts.recipient, width: 180, cell: ({ recipient }) => recipient },
  {
    id: "state",
    label: texts.state,
    width: 100,
    cell: ({ state }) => <Badge kind={STATES[state].kind}>{t(STATES[state].label)}</Badge>,
  },
  { id: "attempts", label: texts.attempts, width: 80, isNumber: true, cell: ({ attempts }) => formatNumber(attempts) },
  {
    id: "answer",
    label: texts.answer,
    width: 200,
    cell: ({ statusCode, error }) => [statusCode, error].filter((each) => each !== null).join(" ") || NONE,
  },
];

export const MESSAGE_FILTERS: readonly Filter[] = [
  {
    id: "state",
    label: texts.state,
    kind: "choices",
    choices: Object.entries(STATES).map(([value, { label }]) => ({ value, label: t(label) })),
  },
];
