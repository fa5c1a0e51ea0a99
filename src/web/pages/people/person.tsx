import { Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { useApi } from "../../api/query.ts";
import { Status } from "../../parts/badge.tsx";
import { Banner, Loading, Shown } from "../../parts/states.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { Rich } from "../../text/rich.tsx";
import { t } from "../../text/t.ts";
import { LastActivity } from "./cells.tsx";
import type { PersonDetail } from "./labels.ts";
import classes from "./person.module.css";
import { PersonGroups } from "./person-groups.tsx";
import { PersonHistory } from "./person-history.tsx";
import { PersonSummary } from "./person-summary.tsx";
import { PersonWhy } from "./person-why.tsx";
import { texts } from "./person-texts.ts";

const PersonActivity = lazy(async () => ({ default: (await import("./person-tables.tsx")).PersonActivity }));
const PersonSpaces = lazy(async () => ({ default: (await import("./person-tables.tsx")).PersonSpaces }));

/** The person as the API knows them; undefined until it answered for this very one. */
export function usePerson(personId: string) {
  const person = useApi("people.get", { params: { personId } });
  // While another person is read, what is there is the one before.
  return { ...person, data: person.data?.personId === personId ? person.data : undefined };
}

/** All that is known of one person: the same beside the list and on a page of its own. */
export function Person({ personId }: { personId: string }): ReactNode {
  const query = usePerson(personId);
  return <Shown query={query}>{(person) => <Known person={person} />}</Shown>;
}

function Known({ person }: { person: PersonDetail }): ReactNode {
  const { personId, status, lastActivityAt, lastActivity, isGone, movedTo } = person;
  const tabs = [
    { id: "summary", label: t(texts.summary), content: () => <PersonSummary person={person} /> },
    {
      id: "activity",
      label: t(texts.activity),
      content: () => (
        <Suspense fallback={<Loading />}>
          <PersonActivity personId={personId} />
        </Suspense>
      ),
    },
    { id: "groups", label: t(texts.groups), content: () => <PersonGroups person={person} /> },
    {
      id: "spaces",
      label: t(texts.spaces),
      content: () => (
        <Suspense fallback={<Loading />}>
          <PersonSpaces personId={personId} />
        </Suspense>
      ),
    },
    { id: "why", label: t(texts.why), content: () => <PersonWhy person={person} /> },
    { id: "history", label: t(texts.history), content: () => <PersonHistory person={person} /> },
  ];
  return (
    <>
      {isGone && !movedTo && <Banner kind="info">{t(texts.gone)}</Banner>}
      {movedTo && (
        <Banner kind="info">
          <Rich
            text={texts.movedTo}
            parts={{ person: (words) => <Link to={`/people/${movedTo}` as string}>{words}</Link> }}
          />
        </Banner>
      )}
      <p className={classes["headline"]}>
        {status ? <Status of={status} /> : t(texts.noSeat)}
        {lastActivityAt && <LastActivity at={lastActivityAt} what={lastActivity} />}
      </p>
      <Tabs tabs={tabs} label={t(texts.tabs)} />
    </>
  );
}
