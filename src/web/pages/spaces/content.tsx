import { Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { Id } from "../../parts/copy.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Banner, Loading } from "../../parts/states.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { Time } from "../../parts/time.tsx";
import { formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { AccessList } from "./access.tsx";
import { activityOf, OpenTo, Risks, tabOf, typeLabel } from "./columns.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Space = AnswerFor<"spaces.get">;

/** The matrix is the largest part of the page, and only who opens it needs it. */
const Matrix = lazy(async () => ({ default: (await import("./matrix/matrix.tsx")).Matrix }));

/** The space as the API knows it; undefined until it answered for this very one. */
export function useSpace(spaceId: string) {
  const space = useApi("spaces.get", { params: { spaceId } });
  return { ...space, data: space.data?.spaceId === spaceId ? space.data : undefined };
}

/** One space, in the slide-out and on its own page alike. */
export function SpaceContent({ space }: { space: Space }): ReactNode {
  const { spaceId, name, key } = space;
  return (
    <Tabs
      label={t(texts.tabs)}
      tabs={[
        { id: "summary", label: t(texts.summary), content: () => <Summary space={space} /> },
        {
          id: "access",
          label: t(texts.whoHasAccess),
          content: () => <AccessList spaceId={spaceId} spaceKey={key} />,
        },
        {
          id: "matrix",
          label: t(texts.whoCanDoWhat),
          content: () => (
            <Suspense fallback={<Loading />}>
              <Matrix space={{ id: spaceId, name }} />
            </Suspense>
          ),
        },
      ]}
    />
  );
}

function Summary({ space }: { space: Space }): ReactNode {
  const { spaceId, key, type, owner, people, admins, principals, site, status, isVisible } = space;
  return (
    <div className={classes["tab"]}>
      {isVisible === false && <Banner kind="warn">{t(texts.notVisibleWhat)}</Banner>}
      <Risks space={space} isWhole />
      <Facts
        facts={[
          {
            label: t(texts.people),
            value: <Link {...tabOf(spaceId, { tab: "access" })}>{formatNumber(people)}</Link>,
          },
          {
            label: t(texts.admins),
            value: <Link {...tabOf(spaceId, { tab: "access", can: "administer" })}>{formatNumber(admins)}</Link>,
          },
          { label: t(texts.openTo), value: <OpenTo space={space} /> },
          {
            label: t(texts.principals),
            value: <Link {...tabOf(spaceId, { tab: "matrix", rights: "direct" })}>{formatNumber(principals)}</Link>,
          },
          { label: t(texts.edits90d), value: <Link {...activityOf(space)}>{formatNumber(space.edits90d)}</Link> },
          { label: t(texts.lastActivity), value: <Time value={space.lastActivityAt} /> },
          { label: t(texts.owner), value: owner ?? NONE },
          { label: t(texts.type), value: typeLabel(type) },
          { label: t(texts.status), value: status === "archived" && <Badge kind="neutral">{t(texts.archived)}</Badge> },
          { label: t(texts.key), value: key },
          { label: t(texts.site), value: site },
          { label: t(texts.id), value: <Id id={spaceId} /> },
        ].map((fact) => (fact.value === false ? { ...fact, value: null } : fact))}
      />
    </div>
  );
}
