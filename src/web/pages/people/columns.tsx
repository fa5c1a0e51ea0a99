import { Link } from "@tanstack/react-router";
import type { Column } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { NONE } from "../../text/format.ts";
import { Cost, Counted, LastActivity, PersonCell, StatusCell, Weeks } from "./cells.tsx";
import type { PersonRow } from "./labels.ts";
import { texts } from "./texts.ts";

export const COLUMNS: readonly Column<PersonRow>[] = [
  {
    id: "person",
    fields: ["name", "email"],
    label: texts.person,
    width: 190,
    sort: "name",
    cell: (person) => <PersonCell person={person} />,
  },
  {
    id: "status",
    fields: ["status", "accountClass", "personStatus"],
    label: texts.status,
    width: 215,
    cell: (person) => <StatusCell person={person} />,
  },
  {
    id: "last",
    fields: ["lastActivityAt", "lastActivity"],
    label: texts.lastActivity,
    width: 185,
    sort: "lastActivityAt",
    cell: ({ lastActivityAt, lastActivity }) => <LastActivity at={lastActivityAt} what={lastActivity} />,
  },
  {
    id: "events",
    fields: ["events90d"],
    label: texts.events90d,
    width: 105,
    isNumber: true,
    cell: ({ eventsByWeek, events90d }) => <Weeks weeks={eventsByWeek} total={events90d} />,
  },
  {
    id: "groups",
    fields: ["groups"],
    label: texts.groups,
    width: 76,
    sort: "groups",
    isNumber: true,
    cell: ({ personId, groups }) => <Counted personId={personId} tab="groups" count={groups} />,
  },
  {
    id: "spaces",
    fields: ["spaces"],
    label: texts.spaces,
    width: 78,
    sort: "spaces",
    isNumber: true,
    cell: ({ personId, spaces }) => <Counted personId={personId} tab="spaces" count={spaces} />,
  },
  {
    id: "cost",
    fields: ["billedPerMonthMinor", "billedCurrency", "billedBasis"],
    label: texts.cost,
    width: 104,
    sort: "cost",
    isNumber: true,
    cell: (person) => <Cost person={person} />,
  },
  {
    id: "department",
    fields: ["department"],
    label: texts.department,
    width: 130,
    cell: ({ department }) => department ?? NONE,
  },
  {
    id: "manager",
    fields: ["manager"],
    label: texts.manager,
    width: 140,
    cell: ({ manager, managerId }) =>
      manager === null || managerId === null ? NONE : <Link to={`/people/${managerId}` as string}>{manager}</Link>,
  },
  {
    id: "since",
    fields: ["seatSince"],
    label: texts.seatSince,
    width: 120,
    sort: "seatSince",
    cell: ({ seatSince }) => <Time value={seatSince} as="day" />,
  },
  {
    id: "sites",
    fields: ["sites"],
    label: texts.sites,
    width: 160,
    isHiddenFirst: true,
    cell: ({ sites }) => sites.join(", ") || NONE,
  },
  {
    id: "jobTitle",
    fields: ["jobTitle"],
    label: texts.jobTitle,
    width: 150,
    isHiddenFirst: true,
    cell: ({ jobTitle }) => jobTitle ?? NONE,
  },
  {
    id: "costCenter",
    fields: ["costCenter"],
    label: texts.costCenter,
    width: 120,
    isHiddenFirst: true,
    cell: ({ costCenter }) => costCenter ?? NONE,
  },
  {
    id: "location",
    fields: ["location"],
    label: texts.location,
    width: 130,
    isHiddenFirst: true,
    cell: ({ location }) => location ?? NONE,
  },
  {
    id: "employmentType",
    fields: ["employmentType"],
    label: texts.employmentType,
    width: 140,
    isHiddenFirst: true,
    cell: ({ employmentType }) => employmentType ?? NONE,
  },
];
