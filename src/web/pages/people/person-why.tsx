import { type ReactNode, useId, useState } from "react";
import { useApi } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import form from "../../parts/form.module.css";
import { Banner, Shown } from "../../parts/states.tsx";
import { t } from "../../text/t.ts";
import type { PersonAccount, PersonDetail } from "./labels.ts";
import classes from "./person.module.css";
import { texts } from "./person-texts.ts";

type Path = NonNullable<PersonAccount["seat"]>["paths"][number];

/** What gives the person a seat, and what would go with a group. */
export function PersonWhy({ person }: { person: PersonDetail }): ReactNode {
  const groups = person.accounts.flatMap(({ account, groups: theirs }) =>
    theirs.map((each) => ({ ...each, site: account.site })),
  );
  return (
    <>
      {person.accounts.map(({ account, seat }) =>
        seat === null ? null : (
          <section key={account.accountId} className={classes["part"]}>
            <h2>{t(texts.seatThrough, { site: account.site })}</h2>
            <SeatPaths name={person.name} paths={seat.paths} />
          </section>
        ),
      )}
      {groups.length > 0 && <WhatIf personId={person.personId} groups={groups} />}
      <p className={classes["muted"]}>{t(texts.whySpaces)}</p>
    </>
  );
}

function SeatPaths({ name, paths }: { name: string; paths: readonly Path[] }): ReactNode {
  if (paths.length === 0) return <p>{t(texts.noPath)}</p>;
  return (
    <>
      <ul role="list" className={classes["paths"]}>
        {paths.map(({ groupId, group, via, access, opensSpaces, managedBy }) => (
          <li key={`${groupId} ${via.join(" ")}`}>
            <span>
              {t(access === "admin" ? texts.seatPathAdmin : texts.seatPath, {
                person: name,
                path: group === null ? t(texts.direct) : [...via.toReversed(), group].join(" – "),
              })}
            </span>
            <span className={classes["muted"]}>{t(texts.opensSpaces, { count: opensSpaces })}</span>
            {managedBy === "external" && <Badge kind="neutral">{t(texts.byExternal)}</Badge>}
          </li>
        ))}
      </ul>
      <p>{paths.length === 1 ? t(texts.oneWay) : t(texts.severalWays, { count: paths.length })}</p>
    </>
  );
}

interface AskedGroup {
  groupId: string;
  name: string;
  site: string;
  givesSeat: boolean;
}

function WhatIf({ personId, groups }: { personId: string; groups: readonly AskedGroup[] }): ReactNode {
  const id = useId();
  const [groupId, setGroupId] = useState("");
  const isAsked = groups.some((each) => each.groupId === groupId);
  const answer = useApi(
    "people.what-if",
    { params: { personId }, query: { removeFrom: groupId } },
    { enabled: isAsked },
  );
  return (
    <section className={classes["part"]}>
      <p className={classes["ask"]}>
        <label htmlFor={id}>{t(texts.whatIf)}</label>
        <select
          id={id}
          className={form["control"]}
          value={groupId}
          onChange={(event) => setGroupId(event.target.value)}
        >
          <option value="">{t(texts.chooseGroup)}</option>
          {groups.map((each) => (
            <option key={each.groupId} value={each.groupId}>
              {each.name} ({each.site})
            </option>
          ))}
        </select>
      </p>
      {isAsked && (
        <Shown query={answer} rows={3}>
          {({ losesSeat, spaces, spaceKeys, lastAdminOf, managedBy }) => (
            <>
              <ul role="list" className={classes["effects"]}>
                <li data-loses={losesSeat}>
                  {t(
                    losesSeat
                      ? texts.losesSeat
                      : groups.find((each) => each.groupId === groupId)?.givesSeat
                        ? texts.keepsSeat
                        : texts.keepsNoSeat,
                  )}
                </li>
                <li data-loses={(spaces ?? 0) > 0}>
                  {spaces === null ? t(texts.spacesUnknown) : t(texts.losesSpaces, { count: spaces })}
                </li>
                {spaceKeys.length > 0 && <li>{t(texts.losesKeys, { keys: spaceKeys.join(", ") })}</li>}
              </ul>
              {lastAdminOf.length > 0 && (
                <Banner kind="warn">{t(texts.lastAdmin, { keys: lastAdminOf.join(", ") })}</Banner>
              )}
              {managedBy === "external" && <Banner kind="info">{t(texts.external)}</Banner>}
            </>
          )}
        </Shown>
      )}
      <p className={classes["muted"]}>{t(texts.nothingChanges)}</p>
    </section>
  );
}
