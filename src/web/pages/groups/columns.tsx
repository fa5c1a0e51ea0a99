import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { Badge } from "../../parts/badge.tsx";
import type { Column } from "../../parts/table/table-types.ts";
import { formatNumber, NONE } from "../../text/format.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { ActivityBar } from "./activity-bar.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

export type Group = RowOf<"groups.list">;

export const MANAGED_BY: Readonly<Record<NonNullable<Group["managedBy"]>, Text>> = {
  admins: texts.admins,
  external: texts.external,
  "team-members": texts.teamMembers,
  open: texts.open,
};

export const HIGHEST: Readonly<Record<NonNullable<Group["highestPermission"]>, Text>> = {
  administer: texts.administer,
  read: texts.read,
  other: texts.other,
};

/** A tab of a group's own page: exactly the rows that a number counts. */
export function tabOf(groupId: string, search: Readonly<Record<string, string>>) {
  return { to: `/groups/${groupId}` as string, search: search as never };
}

export function GivesSeat({ group: { givesSeat } }: { group: Pick<Group, "givesSeat"> }): ReactNode {
  if (givesSeat === null) return NONE;
  return (
    <Badge kind={givesSeat === "admin" ? "warn" : "info"}>
      {t(givesSeat === "admin" ? texts.givesAdmin : texts.givesUser)}
    </Badge>
  );
}

export const COLUMNS: readonly Column<Group>[] = [
  { id: "group", label: texts.group, width: 210, sort: "name", cell: ({ name }) => name },
  {
    id: "givesSeat",
    label: texts.givesSeat,
    width: 110,
    cell: (group) => <GivesSeat group={group} />,
  },
  {
    id: "members",
    label: texts.members,
    width: 140,
    sort: "members",
    isNumber: true,
    cell: (group) => (
      <span className={classes["members"]}>
        <ActivityBar group={group} />
        <Link {...tabOf(group.groupId, { tab: "members" })}>{formatNumber(group.members)}</Link>
      </span>
    ),
  },
  {
    id: "spaces",
    label: texts.opensSpaces,
    width: 125,
    isNumber: true,
    cell: ({ groupId, opensSpaces }) => <Link {...tabOf(groupId, { tab: "spaces" })}>{formatNumber(opensSpaces)}</Link>,
  },
  {
    id: "highest",
    label: texts.highest,
    width: 150,
    cell: ({ highestPermission }) => (highestPermission ? t(HIGHEST[highestPermission]) : NONE),
  },
  {
    id: "managedBy",
    label: texts.managedBy,
    width: 135,
    cell: ({ managedBy }) => (managedBy ? t(MANAGED_BY[managedBy]) : NONE),
  },
  { id: "site", label: texts.site, width: 120, cell: ({ site }) => site },
];
