import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { statusLabel } from "../../parts/badge.tsx";
import { SiteName } from "../../parts/site-name.tsx";
import type { AsOfLimits, BuiltInView, Filter, FilterChoice } from "../../parts/table/table-types.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { CLASSES, PERSON_STATUSES, SITUATIONS } from "./labels.ts";
import { texts } from "./texts.ts";

const STATUSES = ["active", "idle", "never-used", "no-evidence"] as const;

function choices(labels: Readonly<Record<string, Text>>): FilterChoice[] {
  return Object.entries(labels).map(([value, label]) => ({ value, label: t(label) }));
}

function GroupName({ id }: { id: string }): ReactNode {
  return useApi("groups.get", { params: { groupId: id } }).data?.name ?? id;
}

function PersonName({ id }: { id: string }): ReactNode {
  return useApi("people.get", { params: { personId: id } }).data?.name ?? id;
}

export const FILTERS: readonly Filter[] = [
  {
    id: "status",
    label: texts.status,
    kind: "choices",
    choices: STATUSES.map((value) => ({ value, label: statusLabel(value) })),
  },
  { id: "idleDays", label: texts.idleDays, kind: "number" },
  { id: "class", label: texts.accountClass, kind: "choices", choices: choices(CLASSES) },
  { id: "personStatus", label: texts.personStatus, kind: "choices", choices: choices(PERSON_STATUSES) },
  { id: "department", label: texts.department, kind: "text" },
  { id: "costCenter", label: texts.costCenter, kind: "text" },
  { id: "siteId", label: texts.site, kind: "thing", name: (id) => <SiteName id={id} /> },
  { id: "groupId", label: texts.group, kind: "thing", name: (id) => <GroupName id={id} /> },
  { id: "notInGroupId", label: texts.notInGroup, kind: "thing", name: (id) => <GroupName id={id} /> },
  { id: "isAdmin", label: texts.isAdmin, kind: "flag" },
  { id: "managerId", label: texts.manager, kind: "thing", name: (id) => <PersonName id={id} /> },
  { id: "excluded", label: texts.excluded, kind: "flag" },
  { id: "hasAccounts", label: texts.hasAccounts, kind: "flag" },
  { id: "situation", label: texts.situation, kind: "choices", choices: choices(SITUATIONS) },
];

export const VIEWS: readonly BuiltInView[] = [
  { id: "idle-60", label: texts.idleOver60, query: { status: "idle", idleDays: "60" } },
  { id: "never-used", label: texts.neverUsed, query: { status: "never-used" } },
  { id: "no-evidence", label: texts.noEvidence, query: { status: "no-evidence" } },
  { id: "left", label: texts.leftWithSeat, query: { class: "licensed", personStatus: "left" } },
  { id: "guests", label: texts.guests, query: { class: "guest" } },
  { id: "admins", label: texts.admins, query: { isAdmin: "true" } },
];

/** As the contract of the list says. */
export const AS_OF: AsOfLimits = {
  notSorts: ["lastActivityAt", "spaces", "groups", "cost"],
  notFilters: ["status", "idleDays", "situation", "hasAccounts", "excluded"],
  notColumns: ["status", "events", "cost"],
};
