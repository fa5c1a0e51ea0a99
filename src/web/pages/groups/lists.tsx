import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AnswerFor, RowOf } from "../../api/call.ts";
import { Badge, Status, statusLabel } from "../../parts/badge.tsx";
import form from "../../parts/form.module.css";
import { PlainList } from "../../parts/table/plain-list.tsx";
import type { Column } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { DayField } from "../../parts/day-field.tsx";
import { texts } from "./texts.ts";

type Group = AnswerFor<"groups.get">;
type Member = RowOf<"groups.members">;
type Right = RowOf<"space-rights.list">;
type Nested = RowOf<"groups.nested">;

const MEMBER_COLUMNS: readonly Column<Member>[] = [
  {
    id: "person",
    label: texts.person,
    width: 180,
    cell: ({ personId, name }) => <Link to={`/people/${personId}` as string}>{name}</Link>,
  },
  { id: "status", label: texts.status, width: 120, cell: ({ status }) => (status ? <Status of={status} /> : NONE) },
  {
    id: "last",
    label: texts.lastActivity,
    width: 120,
    cell: ({ lastActivityAt }) => <Time value={lastActivityAt} />,
  },
  { id: "via", label: texts.via, width: 120, cell: ({ via }) => (via.length > 0 ? via.join(" › ") : t(texts.direct)) },
  {
    id: "since",
    label: texts.memberSince,
    width: 120,
    cell: ({ memberSince }) => <Time value={memberSince} as="day" />,
  },
];

const STATUSES = ["active", "idle", "never-used", "no-evidence"] as const;

/** Who is in it, also through nested groups, now or at the end of a past day. */
export function Members({ group }: { group: Group }): ReactNode {
  const { state, change } = useUrlState();
  const asOf = state["asof"] ?? null;
  // Of an earlier day no status is known.
  const status = asOf === null ? (state["memberStatus"] ?? null) : null;
  const nested = state["nested"] === "true" ? true : null;
  return (
    <PlainList
      list="groups.members"
      label={t(texts.membersOf, { group: group.name })}
      columns={MEMBER_COLUMNS}
      rowId={({ accountId, via }) => `${accountId}/${via.join("/")}`}
      params={{ groupId: group.groupId }}
      query={{ asOf, status, nested }}
      tools={
        <>
          <DayField />
          {asOf === null && (
            <select
              className={form["control"]}
              aria-label={t(texts.status)}
              value={status ?? ""}
              onChange={(event) => change({ memberStatus: event.target.value })}
            >
              <option value="">{t(texts.anyStatus)}</option>
              {STATUSES.map((each) => (
                <option key={each} value={each}>
                  {statusLabel(each)}
                </option>
              ))}
            </select>
          )}
          <label>
            <input
              type="checkbox"
              checked={nested === true}
              onChange={(event) => change({ nested: event.target.checked ? "true" : null })}
            />{" "}
            {t(texts.alsoNested)}
          </label>
        </>
      }
      empty={<p>{t(texts.noMemberMatches)}</p>}
    />
  );
}

const SPACE_COLUMNS: readonly Column<Right>[] = [
  {
    id: "space",
    label: texts.space,
    width: 200,
    cell: ({ spaceId, space }) => (
      <Link to={`/spaces/${spaceId}` as string} search={{ tab: "matrix", rights: "direct" } as never}>
        {space}
      </Link>
    ),
  },
  { id: "key", label: texts.key, width: 100, cell: ({ spaceKey }) => spaceKey },
  {
    id: "may",
    label: texts.may,
    width: 120,
    cell: ({ canAdminister, canRead }) =>
      canAdminister ? <Badge kind="info">{t(texts.administer)}</Badge> : t(canRead ? texts.read : texts.other),
  },
  {
    id: "roles",
    label: texts.roleOrRights,
    width: 140,
    cell: ({ roles, operations }) =>
      roles.length > 0 ? roles.join(", ") : t(texts.rights, { count: operations.length }),
  },
  { id: "through", label: texts.through, width: 120, cell: ({ name }) => name ?? NONE },
  { id: "since", label: texts.since, width: 120, cell: ({ since }) => <Time value={since} as="day" /> },
];

/** Spaces that it opens itself; with `nested` also those that open through groups it is nested in. */
export function Spaces({ group }: { group: Group }): ReactNode {
  const { state, change } = useUrlState();
  const asOf = state["asof"] ?? null;
  const isWide = state["nested"] === "true";
  return (
    <PlainList
      list="space-rights.list"
      label={t(texts.spacesOf, { group: group.name })}
      columns={isWide ? SPACE_COLUMNS : SPACE_COLUMNS.filter(({ id }) => id !== "through")}
      rowId={({ spaceId, principalId, roles }) => `${spaceId}/${principalId}/${roles.length > 0}`}
      query={{ groupId: group.groupId, direct: isWide ? null : true, asOf }}
      tools={
        <>
          <DayField />
          <label>
            <input
              type="checkbox"
              checked={isWide}
              onChange={(event) => change({ nested: event.target.checked ? "true" : null })}
            />{" "}
            {t(texts.alsoAround)}
          </label>
          <Link
            to={"/spaces/matrix" as string}
            search={{ lens: "who", who: group.groupId, ...(isWide ? {} : { rights: "direct" }) } as never}
          >
            {t(texts.inMatrix)}
          </Link>
        </>
      }
      empty={<p>{t(texts.opensNone)}</p>}
    />
  );
}

const NESTED_COLUMNS: readonly Column<Nested>[] = [
  {
    id: "group",
    label: texts.group,
    width: 220,
    cell: ({ groupId, name }) => <Link to={`/groups/${groupId}` as string}>{name}</Link>,
  },
  {
    id: "relation",
    label: texts.relation,
    width: 160,
    cell: ({ relation }) => t(relation === "inside" ? texts.inside : texts.around),
  },
  { id: "members", label: texts.members, width: 100, isNumber: true, cell: ({ members }) => formatNumber(members) },
  { id: "since", label: texts.since, width: 120, cell: ({ since }) => <Time value={since} as="day" /> },
];

/** Groups within it, and groups that it is within. */
export function NestedGroups({ group }: { group: Group }): ReactNode {
  const { state } = useUrlState();
  return (
    <PlainList
      list="groups.nested"
      label={t(texts.nested)}
      columns={NESTED_COLUMNS}
      rowId={({ groupId, relation }) => `${groupId}/${relation}`}
      params={{ groupId: group.groupId }}
      query={{ asOf: state["asof"] ?? null }}
      tools={<DayField />}
      empty={<p>{t(texts.notNested)}</p>}
    />
  );
}
