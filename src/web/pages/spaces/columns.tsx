import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { Badge } from "../../parts/badge.tsx";
import type { Column } from "../../parts/table/table-types.ts";
import { formatNumber, NONE } from "../../text/format.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

export type Space = RowOf<"spaces.list">;

const TYPES: Readonly<Record<string, Text>> = {
  global: texts.global,
  personal: texts.personal,
  collaboration: texts.collaboration,
  knowledge_base: texts.knowledgeBase,
};

/** A type in words; one that Confluence came up with later keeps its own name. */
export function typeLabel(type: string): string {
  const label = TYPES[type];
  return label ? t(label) : type;
}

export function OpenTo({ space: { isAnonymous, isOpen, guests, spaceId } }: { space: Space }): ReactNode {
  if (!isAnonymous && guests === 0) return isOpen ? t(texts.everybody) : NONE;
  return (
    <>
      {isAnonymous && <Badge kind="warn">{t(texts.anonymous)}</Badge>}{" "}
      {guests > 0 && (
        <Link to={`/spaces/${spaceId}` as string} search={{ tab: "access", class: "guest" } as never}>
          {t(texts.guests, { count: guests })}
        </Link>
      )}
    </>
  );
}

export const COLUMNS: readonly Column<Space>[] = [
  {
    id: "space",
    label: texts.space,
    width: 240,
    sort: "name",
    cell: ({ name, isVisible, status }) => (
      <>
        {name} {status === "archived" && <Badge kind="neutral">{t(texts.archived)}</Badge>}
        {isVisible === false && <Badge kind="warn">{t(texts.notVisible)}</Badge>}
      </>
    ),
  },
  { id: "key", label: texts.key, width: 100, sort: "key", cell: ({ key }) => key },
  { id: "type", label: texts.type, width: 110, cell: ({ type }) => typeLabel(type) },
  { id: "owner", label: texts.owner, width: 150, cell: ({ owner }) => owner ?? NONE },
  {
    id: "people",
    label: texts.people,
    width: 80,
    isNumber: true,
    cell: ({ spaceId, people }) => (
      <Link to={`/spaces/${spaceId}` as string} search={{ tab: "access" } as never}>
        {formatNumber(people)}
      </Link>
    ),
  },
  {
    id: "admins",
    label: texts.admins,
    width: 80,
    isNumber: true,
    cell: ({ spaceId, admins }) => (
      <Link to={`/spaces/${spaceId}` as string} search={{ tab: "access", can: "administer" } as never}>
        {formatNumber(admins)}
      </Link>
    ),
  },
  { id: "openTo", label: texts.openTo, width: 180, cell: (space) => <OpenTo space={space} /> },
  { id: "site", label: texts.site, width: 160, cell: ({ site }) => site },
];
