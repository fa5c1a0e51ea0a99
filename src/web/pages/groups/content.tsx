import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { statusLabel } from "../../parts/badge.tsx";
import { StackedBar } from "../../parts/chart/stacked-bar.tsx";
import { Id } from "../../parts/copy.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Banner } from "../../parts/states.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { GivesSeat, HIGHEST, MANAGED_BY, tabOf } from "./columns.tsx";
import { Compare } from "./compare.tsx";
import { ProductAccess } from "./decide.tsx";
import { Members, NestedGroups, Spaces } from "./lists.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Group = AnswerFor<"groups.get">;

/** The group as the API knows it; undefined until it answered for this very one. */
export function useGroup(groupId: string) {
  const group = useApi("groups.get", { params: { groupId } });
  return { ...group, data: group.data?.groupId === groupId ? group.data : undefined };
}

/** One group, in the slide-out and on its own page alike. */
export function GroupContent({ group }: { group: Group }): ReactNode {
  const nested = useApi("groups.nested", { params: { groupId: group.groupId }, query: { limit: 1, total: true } });
  const tabs = [
    { id: "summary", label: t(texts.summary), content: () => <Summary group={group} /> },
    { id: "members", label: t(texts.members), content: () => <Members group={group} /> },
    { id: "spaces", label: t(texts.spaces), content: () => <Spaces group={group} /> },
    { id: "nested", label: t(texts.nested), content: () => <NestedGroups group={group} /> },
    { id: "compare", label: t(texts.compare), content: () => <Compare group={group} /> },
  ];
  // Cloud has no groups within groups.
  const hasNested = (nested.data?.total ?? 0) > 0;
  return <Tabs label={t(texts.tabs)} tabs={tabs.filter(({ id }) => id !== "nested" || hasNested)} />;
}

function Summary({ group }: { group: Group }): ReactNode {
  const { groupId, members, opensSpaces, highestPermission, managedBy, site } = group;
  return (
    <div className={classes["tab"]}>
      {members === 0 && (
        <Banner kind={opensSpaces > 0 ? "warn" : "info"}>
          {opensSpaces > 0 ? t(texts.noMembers, { spaces: opensSpaces }) : t(texts.nothing)}
        </Banner>
      )}
      <Facts
        facts={[
          { label: t(texts.givesSeat), value: <GivesSeat group={group} /> },
          { label: t(texts.access), value: <ProductAccess group={group} /> },
          { label: t(texts.managedBy), value: managedBy ? t(MANAGED_BY[managedBy]) : NONE },
          {
            label: t(texts.members),
            value: <Link {...tabOf(groupId, { tab: "members" })}>{formatNumber(members)}</Link>,
          },
          {
            label: t(texts.opensSpaces),
            value: <Link {...tabOf(groupId, { tab: "spaces" })}>{formatNumber(opensSpaces)}</Link>,
          },
          { label: t(texts.highest), value: highestPermission ? t(HIGHEST[highestPermission]) : NONE },
          { label: t(texts.site), value: site },
          { label: t(texts.id), value: <Id id={groupId} /> },
        ]}
      />
      {members > 0 && <MembersByStatus group={group} />}
    </div>
  );
}

const PARTS = [
  { status: "active", color: "--chart-active" },
  { status: "idle", color: "--chart-idle" },
  { status: "never-used", color: "--chart-never-used" },
  { status: "no-evidence", color: "--chart-no-evidence" },
] as const;

function MembersByStatus({ group }: { group: Group }): ReactNode {
  const counts = {
    active: group.active ?? 0,
    idle: group.idle ?? 0,
    "never-used": group.neverUsed ?? 0,
    "no-evidence": group.noEvidence ?? 0,
  };
  return (
    <section>
      <h2>{t(texts.byStatus)}</h2>
      <StackedBar
        parts={PARTS.map(({ status, color }) => ({
          id: status,
          label: statusLabel(status),
          count: counts[status],
          color,
          isHatched: status === "no-evidence",
          to: `/groups/${group.groupId}`,
          search: { tab: "members", memberStatus: status },
        }))}
      />
    </section>
  );
}
