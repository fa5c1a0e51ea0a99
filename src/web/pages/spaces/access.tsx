import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { Badge, Status } from "../../parts/badge.tsx";
import { DayField } from "../../parts/day-field.tsx";
import form from "../../parts/form.module.css";
import { CopyCommand } from "../../parts/copy.tsx";
import { PlainList } from "../../parts/table/plain-list.tsx";
import type { Column } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { NONE } from "../../text/format.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Reader = RowOf<"spaces.access">;
type Path = Reader["paths"][number];

const CLASSES: Readonly<Record<Reader["accountClass"], Text>> = {
  licensed: texts.classLicensed,
  guest: texts.classGuest,
  app: texts.classApp,
  customer: texts.classCustomer,
  deactivated: texts.classDeactivated,
  "no-access": texts.classNoAccess,
};

const COLUMNS: readonly Column<Reader>[] = [
  {
    id: "person",
    label: texts.person,
    width: 160,
    cell: ({ personId, name }) => <Link to={`/people/${personId}` as string}>{name}</Link>,
  },
  {
    id: "why",
    label: texts.why,
    width: 240,
    cell: ({ paths }) => (
      <ul role="list" className={classes["paths"]}>
        {paths.map((path) => (
          <li key={`${path.through}/${path.principalId}/${path.via.join("/")}/${path.roles.join("/")}`}>
            {wordsOf(path)}
          </li>
        ))}
      </ul>
    ),
  },
  {
    id: "may",
    label: texts.may,
    width: 100,
    cell: ({ canAdminister }) =>
      canAdminister ? <Badge kind="info">{t(texts.mayAdminister)}</Badge> : t(texts.mayRead),
  },
  { id: "class", label: texts.class, width: 100, cell: ({ accountClass }) => t(CLASSES[accountClass]) },
  { id: "status", label: texts.seat, width: 120, cell: ({ status }) => (status ? <Status of={status} /> : NONE) },
  {
    id: "last",
    label: texts.lastActivity,
    width: 120,
    cell: ({ lastActivityAt }) => <Time value={lastActivityAt} />,
  },
];

/** Everybody who may read a space, and why; now, or at the end of a past day. */
export function AccessList({ spaceId, spaceKey }: { spaceId: string; spaceKey: string }): ReactNode {
  const { state, change } = useUrlState();
  const asOf = state["asof"] ?? null;
  const can = state["can"] === "administer" ? "administer" : null;
  const accountClass = state["class"] ?? null;
  const command = ["usher space access", spaceKey, asOf && `--as-of ${asOf}`, can && `--filter can=${can}`];
  return (
    <div className={classes["tab"]}>
      <PlainList
        list="spaces.access"
        label={t(texts.whoHasAccess)}
        columns={COLUMNS}
        rowId={({ accountId }) => accountId}
        params={{ spaceId }}
        query={{ asOf, can, class: accountClass }}
        tools={
          <>
            <DayField />
            <select
              className={form["control"]}
              aria-label={t(texts.may)}
              value={can ?? "read"}
              onChange={(event) => change({ can: event.target.value === "read" ? null : event.target.value })}
            >
              <option value="read">{t(texts.whoMayRead)}</option>
              <option value="administer">{t(texts.whoMayAdminister)}</option>
            </select>
            <select
              className={form["control"]}
              aria-label={t(texts.class)}
              value={accountClass ?? ""}
              onChange={(event) => change({ class: event.target.value })}
            >
              <option value="">{t(texts.anyClass)}</option>
              <option value="licensed">{t(texts.classLicensed)}</option>
              <option value="guest">{t(texts.classGuest)}</option>
            </select>
          </>
        }
        empty={<p>{t(texts.nobodyMayRead)}</p>}
      />
      <CopyCommand command={command.filter(Boolean).join(" ")} />
    </div>
  );
}

function wordsOf({ through, name, via, roles }: Path): string {
  const role = roles.length > 0 ? t(texts.asRole, { roles: roles.join(", ") }) : "";
  if (through === "direct") return t(texts.pathDirect, { role });
  if (through === "access-class") return t(texts.pathClass, { name: name ?? "", role });
  return t(texts.pathGroup, { name: [name ?? "", ...via].join(" › "), role });
}
