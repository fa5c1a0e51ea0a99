import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { Badge } from "../../parts/badge.tsx";
import type { Column } from "../../parts/table/table-types.ts";
import { Banner } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { formatNumber, NONE } from "../../text/format.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
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

/** A tab of a space's own page: exactly the rows that a number counts. */
export function tabOf(spaceId: string, search: Readonly<Record<string, string>>) {
  return { to: `/spaces/${spaceId}` as string, search: search as never };
}

/** What was written in a space in the last 90 days. */
export function activityOf({ key, siteId }: Pick<Space, "key" | "siteId">) {
  const since = new Date(Date.now() - 90 * 86_400_000).toISOString().slice(0, 10);
  const search = { spaceKey: key, siteId, type: "page,blogpost,comment,attachment", part: "author", since };
  return { to: "/activity" as string, search: search as never };
}

const RISKS: Readonly<Record<Space["risks"][number], { short: Text; whole: Text }>> = {
  "anonymous-can-read": { short: texts.riskAnonymous, whole: texts.riskAnonymousWhat },
  "no-admin": { short: texts.riskNoAdmin, whole: texts.riskNoAdminWhat },
  "one-admin": { short: texts.riskOneAdmin, whole: texts.riskOneAdminWhat },
};

/** What is risky about a space: a word in the row, the sentence where there is room. */
export function Risks({ space: { risks }, isWhole = false }: { space: Space; isWhole?: boolean }): ReactNode {
  if (risks.length === 0) return isWhole ? null : NONE;
  if (isWhole) {
    return risks.map((risk) => (
      <Banner key={risk} kind="warn">
        {t(RISKS[risk].whole)}
      </Banner>
    ));
  }
  return (
    <span className={classes["badges"]}>
      {risks.map((risk) => (
        <Badge key={risk} kind="warn">
          {t(RISKS[risk].short)}
        </Badge>
      ))}
    </span>
  );
}

export function OpenTo({ space: { isAnonymous, isOpen, guests, spaceId } }: { space: Space }): ReactNode {
  if (!isAnonymous && guests === 0) return isOpen ? t(texts.everybody) : NONE;
  return (
    <>
      {isAnonymous && <Badge kind="warn">{t(texts.anonymous)}</Badge>}{" "}
      {guests > 0 && (
        <Link {...tabOf(spaceId, { tab: "access", class: "guest" })}>{t(texts.guests, { count: guests })}</Link>
      )}
    </>
  );
}

export const COLUMNS: readonly Column<Space>[] = [
  {
    id: "space",
    label: texts.space,
    width: 214,
    sort: "name",
    cell: ({ name, key, type, isVisible, status }) => (
      <>
        {name} {type !== "personal" && <span className={classes["key"]}>{key}</span>}{" "}
        {status === "archived" && <Badge kind="neutral">{t(texts.archived)}</Badge>}
        {isVisible === false && <Badge kind="warn">{t(texts.notVisible)}</Badge>}
      </>
    ),
  },
  { id: "type", label: texts.type, width: 108, cell: ({ type }) => typeLabel(type) },
  { id: "owner", label: texts.owner, width: 120, cell: ({ owner }) => owner ?? NONE },
  {
    id: "people",
    label: texts.people,
    width: 76,
    isNumber: true,
    cell: ({ spaceId, people }) => <Link {...tabOf(spaceId, { tab: "access" })}>{formatNumber(people)}</Link>,
  },
  {
    id: "admins",
    label: texts.admins,
    width: 80,
    isNumber: true,
    cell: ({ spaceId, admins }) => (
      <Link {...tabOf(spaceId, { tab: "access", can: "administer" })}>{formatNumber(admins)}</Link>
    ),
  },
  { id: "openTo", label: texts.openTo, width: 160, cell: (space) => <OpenTo space={space} /> },
  {
    id: "edits",
    label: texts.edits90d,
    width: 100,
    isNumber: true,
    cell: (space) => <Link {...activityOf(space)}>{formatNumber(space.edits90d)}</Link>,
  },
  {
    id: "last",
    label: texts.lastActivity,
    width: 122,
    cell: ({ lastActivityAt }) => <Time value={lastActivityAt} />,
  },
  { id: "risk", label: texts.risk, width: 150, cell: (space) => <Risks space={space} /> },
  { id: "site", label: texts.site, width: 160, cell: ({ site }) => site },
];
