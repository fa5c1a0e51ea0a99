import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Time } from "../../parts/time.tsx";
import type { Text } from "../../text/define.ts";
import { NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import type { PersonAccount, PersonDetail } from "./labels.ts";
import classes from "./person.module.css";
import { texts } from "./person-texts.ts";

type Group = PersonAccount["groups"][number];

const MANAGED: Readonly<Record<NonNullable<Group["managedBy"]>, Text>> = {
  admins: texts.byAdmins,
  external: texts.byExternal,
  "team-members": texts.byTeam,
  open: texts.byOpen,
};

/** The groups of each account, those that give the seat first. */
export function PersonGroups({ person }: { person: PersonDetail }): ReactNode {
  return person.accounts.map(({ account, groups }) => (
    <section key={account.accountId} className={classes["part"]}>
      <h2>{t(texts.onSite, { site: account.site })}</h2>
      {groups.length === 0 ? <p>{t(texts.noGroups)}</p> : <GroupTable groups={groups} site={account.site} />}
    </section>
  ));
}

function GroupTable({ groups, site }: { groups: readonly Group[]; site: string }): ReactNode {
  const ordered = [...groups.filter((each) => each.givesSeat), ...groups.filter((each) => !each.givesSeat)];
  return (
    <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={`${t(texts.groupsLabel)}: ${site}`}>
      <table className={classes["table"]}>
        <thead>
          <tr>
            <th scope="col">{t(texts.group)}</th>
            <th scope="col">{t(texts.managedBy)}</th>
            <th scope="col">{t(texts.memberSince)}</th>
          </tr>
        </thead>
        <tbody>
          {ordered.map(({ groupId, name, managedBy, givesSeat, memberSince }) => (
            <tr key={groupId}>
              <td>
                <Link to={`/groups/${groupId}` as string}>{name}</Link>{" "}
                {givesSeat && <Badge kind="info">{t(texts.givesSeat)}</Badge>}
              </td>
              <td>{managedBy === null ? NONE : t(MANAGED[managedBy])}</td>
              <td>
                <Time value={memberSince} as="day" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
