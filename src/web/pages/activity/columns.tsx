import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import type { RowOf } from "../../api/call.ts";
import { Icon } from "../../parts/icon.tsx";
import type { Column } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { NONE } from "../../text/format.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

type Event = RowOf<"activity.list">;

export const TYPES: Readonly<Record<Event["type"], Text>> = {
  page: texts.typePage,
  blogpost: texts.typeBlogpost,
  comment: texts.typeComment,
  attachment: texts.typeAttachment,
  space: texts.typeSpace,
  admin: texts.typeAdmin,
  view: texts.typeView,
  other: texts.typeOther,
};

export const SOURCES: Readonly<Record<Event["source"], Text>> = {
  "content-search": texts.sourceSearch,
  organization: texts.sourceOrganization,
  "audit-log": texts.sourceAudit,
  import: texts.sourceImport,
};

export const COLUMNS: readonly Column<Event>[] = [
  {
    id: "time",
    label: texts.time,
    width: 185,
    sort: "occurredAt",
    cell: ({ occurredAt }) => <Time value={occurredAt} as="absolute" />,
  },
  {
    id: "person",
    label: texts.person,
    width: 150,
    cell: ({ personId, name }) => <Link to={`/people/${personId}` as string}>{name}</Link>,
  },
  { id: "what", label: texts.what, width: 270, cell: ({ summary }) => summary },
  {
    id: "object",
    label: texts.object,
    width: 165,
    cell: ({ url, summary }) =>
      url === null ? (
        NONE
      ) : (
        <a href={url} rel="noopener noreferrer" target="_blank">
          {t(texts.openObject)}
          <span className="aloud">: {summary}</span> <Icon of={ExternalLink} size={13} />
        </a>
      ),
  },
  {
    id: "space",
    label: texts.space,
    width: 90,
    cell: ({ spaceKey }) =>
      spaceKey === null ? (
        NONE
      ) : (
        <Link to={"/spaces" as string} search={{ q: spaceKey } as never}>
          {spaceKey}
        </Link>
      ),
  },
  { id: "type", label: texts.type, width: 125, cell: ({ type }) => t(TYPES[type]) },
  { id: "source", label: texts.source, width: 130, cell: ({ source }) => t(SOURCES[source]) },
  { id: "site", label: texts.site, width: 140, isHiddenFirst: true, cell: ({ site }) => site },
  {
    id: "part",
    label: texts.part,
    width: 140,
    isHiddenFirst: true,
    cell: ({ part }) => t(part === "author" ? texts.author : texts.concerned),
  },
];
