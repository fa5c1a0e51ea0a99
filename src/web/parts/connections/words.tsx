import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CirclePause,
  Eye,
  type LucideIcon,
  PencilLine,
  RefreshCw,
} from "lucide-react";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import type { Text } from "../../text/define.ts";
import { useMayByRole } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import { Badge, type BadgeKind } from "../badge.tsx";
import { connectionTexts as texts } from "./texts.ts";

export type ConnectionRow = RowOf<"connections.list">;
export type Capability = ConnectionRow["capabilities"][number];
export type SourceKind = ConnectionRow["source"];

interface Look {
  label: Text;
  kind: BadgeKind;
  icon: LucideIcon;
}

export const SOURCES: Readonly<Record<SourceKind, Text>> = {
  "confluence-cloud": texts.cloud,
  "confluence-data-center": texts.dataCenter,
};

export const STATES: Readonly<Record<ConnectionRow["state"], Look>> = {
  draft: { label: texts.draft, kind: "neutral", icon: CircleDashed },
  validated: { label: texts.validated, kind: "info", icon: CircleCheck },
  published: { label: texts.published, kind: "ok", icon: CircleCheck },
  paused: { label: texts.paused, kind: "warn", icon: CirclePause },
  archived: { label: texts.archived, kind: "neutral", icon: CircleDashed },
};

export const HEALTHS: Readonly<Record<ConnectionRow["health"], Look>> = {
  "not-connected": { label: texts.notConnected, kind: "neutral", icon: CircleDashed },
  syncing: { label: texts.syncing, kind: "info", icon: RefreshCw },
  connected: { label: texts.connected, kind: "ok", icon: CircleCheck },
  degraded: { label: texts.degraded, kind: "warn", icon: CircleAlert },
  "needs-reauthorization": { label: texts.needsReauthorization, kind: "danger", icon: CircleAlert },
};

/** Where a connection stands in its life; changes that wait beside a running one are a state of their own. */
export function StateBadge({ state, hasChanges }: { state: ConnectionRow["state"]; hasChanges: boolean }): ReactNode {
  const { label, kind, icon } = STATES[state];
  if (hasChanges) {
    return (
      <Badge kind="warn" icon={PencilLine}>
        {t(texts.unpublished)}
      </Badge>
    );
  }
  return (
    <Badge kind={kind} icon={icon}>
      {t(label)}
    </Badge>
  );
}

export function HealthBadge({ health }: { health: ConnectionRow["health"] }): ReactNode {
  const { label, kind, icon } = HEALTHS[health];
  return (
    <Badge kind={kind} icon={icon}>
      {t(label)}
    </Badge>
  );
}

/** Always in sight: whether Usher writes to any of these sites. */
export function ModeBadge({ sites }: { sites: readonly { mode: "observe" | "act" }[] }): ReactNode {
  const acting = sites.filter(({ mode }) => mode === "act").length;
  if (acting === 0) {
    return (
      <Badge kind="neutral" icon={Eye}>
        {t(texts.observeOnly)}
      </Badge>
    );
  }
  return (
    <Badge kind="warn" icon={PencilLine}>
      {sites.length === 1 ? t(texts.act) : t(texts.actingOn, { acting, of: sites.length })}
    </Badge>
  );
}

export const CAPABILITY_WORDS: Readonly<Record<Capability, { label: Text; about: Text }>> = {
  roster: { label: texts.roster, about: texts.rosterAbout },
  activity: { label: texts.activity, about: texts.activityAbout },
  permissions: { label: texts.permissions, about: texts.permissionsAbout },
  reclaim: { label: texts.reclaim, about: texts.reclaimAbout },
  provision: { label: texts.provision, about: texts.provision },
};

/** What can be chosen of a connection; the roster is always on. */
export const CHOOSABLE: readonly Capability[] = ["roster", "activity", "permissions", "reclaim"];

/** What is the sample company's, to be marked; nothing while there is none. */
export function useSample(): { isPresent: boolean; has: (connectionOrSiteId: string) => boolean } {
  const mayByRole = useMayByRole();
  const { data } = useApi("sampleCompany.get", {}, { enabled: mayByRole("connections:read") });
  const ids = new Set([...(data?.connectionIds ?? []), ...(data?.siteIds ?? [])]);
  return { isPresent: ids.size > 0, has: (id) => ids.has(id) };
}

export function SampleBadge(): ReactNode {
  return <Badge kind="info">{t(texts.sample)}</Badge>;
}
