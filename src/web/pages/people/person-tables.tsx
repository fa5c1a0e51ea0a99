import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { Column, Filter } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import type { Text } from "../../text/define.ts";
import { NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { texts } from "./person-texts.ts";

type Event = RowOf<"activity.list">;
type Reached = RowOf<"people.access">;

const TYPES: Readonly<Record<Event["type"], Text>> = {
  page: texts.page,
  blogpost: texts.blogpost,
  comment: texts.comment,
  attachment: texts.attachment,
  space: texts.spaceType,
  admin: texts.admin,
  view: texts.view,
  other: texts.other,
};

const SOURCES: Readonly<Record<Event["source"], Text>> = {
  "content-search": texts.contentSearch,
  organization: texts.organization,
  "audit-log": texts.auditLog,
  import: texts.import,
};

const EVENT_COLUMNS: readonly Column<Event>[] = [
  {
    id: "what",
    label: texts.what,
    width: 240,
    cell: ({ summary, url, part }) => (
      <>
        {url === null ? (
          summary
        ) : (
          <a href={url} target="_blank" rel="noreferrer">
            {summary}
          </a>
        )}{" "}
        {part === "concerned" && <Badge kind="neutral">{t(texts.concerned)}</Badge>}
      </>
    ),
  },
  {
    id: "time",
    label: texts.time,
    width: 130,
    sort: "occurredAt",
    cell: ({ occurredAt }) => <Time value={occurredAt} />,
  },
  { id: "space", label: texts.space, width: 90, cell: ({ spaceKey }) => spaceKey ?? NONE },
  { id: "source", label: texts.source, width: 140, cell: ({ source }) => t(SOURCES[source]) },
  { id: "type", label: texts.type, width: 110, isHiddenFirst: true, cell: ({ type }) => t(TYPES[type]) },
  { id: "site", label: texts.site, width: 130, isHiddenFirst: true, cell: ({ site }) => site },
];

const EVENT_FILTERS: readonly Filter[] = [
  {
    id: "type",
    label: texts.type,
    kind: "choices",
    choices: Object.entries(TYPES).map(([value, label]) => ({ value, label: t(label) })),
  },
  {
    id: "part",
    label: texts.part,
    kind: "choices",
    choices: [
      { value: "author", label: t(texts.author) },
      { value: "concerned", label: t(texts.concerned) },
    ],
  },
  { id: "spaceKey", label: texts.space, kind: "text" },
];

/** Every event that was seen of the person, newest first. */
export function PersonActivity({ personId }: { personId: string }): ReactNode {
  return (
    <DataTable
      list="activity.list"
      name="person.activity"
      label={t(texts.activityLabel)}
      columns={EVENT_COLUMNS}
      rowId={({ eventId, part }) => `${eventId} ${part}`}
      rowName={({ summary }) => summary}
      query={{ personId, sort: "-occurredAt" }}
      defaultSort="-occurredAt"
      filters={EVENT_FILTERS}
      isEmbedded
      empty={<Empty title={t(texts.noActivity)} />}
    />
  );
}

const SPACE_COLUMNS: readonly Column<Reached>[] = [
  { id: "space", label: texts.space, width: 180, sort: "name", cell: ({ name, key }) => `${name} (${key})` },
  { id: "through", label: texts.through, width: 188, cell: ({ paths }) => <Paths paths={paths} /> },
  {
    id: "admin",
    label: texts.administers,
    width: 90,
    cell: ({ canAdminister }) => (canAdminister ? t(texts.canAdminister) : NONE),
  },
  { id: "site", label: texts.site, width: 136, cell: ({ site }) => site },
];

/** Each space that opens for the person, and through what. */
export function PersonSpaces({ personId }: { personId: string }): ReactNode {
  return (
    <DataTable
      list="people.access"
      name="person.spaces"
      label={t(texts.spacesLabel)}
      params={{ personId }}
      columns={SPACE_COLUMNS}
      rowId={({ spaceId, accountId }) => `${spaceId} ${accountId}`}
      rowName={({ name }) => name}
      isEmbedded
      empty={<Empty title={t(texts.noSpaces)} />}
    />
  );
}

function Paths({ paths }: { paths: Reached["paths"] }): ReactNode {
  const words = paths.map(({ through, name, via }) => {
    if (through === "direct" || name === null) return t(texts.directly);
    if (via.length > 0) return t(texts.throughNested, { group: name, via: via.join(" – ") });
    return t(texts.throughGroup, { group: name });
  });
  return [...new Set(words)].join("; ");
}
