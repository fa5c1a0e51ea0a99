import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { ModeBadge, SampleBadge, StateBadge, useSample } from "../../parts/connections/words.tsx";
import { DataAsOf } from "../../parts/data-as-of.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Banner, Shown } from "../../parts/states.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useNow } from "../../parts/time.tsx";
import { AsOwner } from "../../shell/as-owner.tsx";
import { useMayByRole } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import { Acts } from "./acts.tsx";
import { CapabilitiesTab } from "./capabilities.tsx";
import { GroupsTab } from "./groups.tsx";
import { PendingChanges } from "./pending.tsx";
import { SettingsTab } from "./settings.tsx";
import { StatusTab } from "./status.tsx";
import { texts } from "./texts.ts";
import { TimelineTab } from "./timeline.tsx";

export type Connection = AnswerFor<"connections.get">;

const LIVE_MS = 10_000;

/** Is the picture that this connection gives fresh and complete? */
export function Page(): ReactNode {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const connection = useApi("connections.get", { params: { connectionId: id } }, { everyMs: LIVE_MS });
  // What was shown of another connection stays only while this one is read.
  const shown = connection.data?.id === id ? connection : { ...connection, data: undefined };
  return (
    <Shown query={shown} rows={8}>
      {(found) => (
        <AsOwner owners={found.owners}>
          <ConnectionPage key={found.id} connection={found} />
        </AsOwner>
      )}
    </Shown>
  );
}

function ConnectionPage({ connection }: { connection: Connection }): ReactNode {
  const sample = useSample();
  const now = useNow();
  const { state: url } = useUrlState();
  const oldest = connection.sites.map(({ lastSyncedAt }) => lastSyncedAt).toSorted()[0] ?? null;
  const staleMs = connection.settings.staleAfterHours * 3_600_000;
  const mayByRole = useMayByRole();
  // What its owners decide about a site begins once a check has shown that it is theirs.
  const hasGroups = mayByRole("connections:read") || ["published", "paused"].includes(connection.state);
  const tabs = [
    { id: "status", label: t(texts.status), content: () => <StatusTab connection={connection} /> },
    { id: "timeline", label: t(texts.timeline), content: () => <TimelineTab connection={connection} /> },
    { id: "capabilities", label: t(texts.capabilities), content: () => <CapabilitiesTab connection={connection} /> },
    ...(hasGroups
      ? [{ id: "groups", label: t(texts.groups), content: () => <GroupsTab connection={connection} /> }]
      : []),
    { id: "settings", label: t(texts.settings), content: () => <SettingsTab connection={connection} /> },
  ];
  return (
    <Frame
      title={texts.title}
      titleValues={{ name: connection.name }}
      view={tabs.find(({ id }) => id === url["tab"])?.label ?? null}
      about={
        <>
          <StateBadge state={connection.state} hasChanges={connection.pendingRevision !== null} />
          <ModeBadge sites={connection.sites} />
          {sample.has(connection.id) && <SampleBadge />}
          <DataAsOf value={oldest} isStale={oldest !== null && now.getTime() - Date.parse(oldest) > staleMs} />
        </>
      }
      actions={<Acts connection={connection} />}
    >
      {connection.state === "archived" && <Banner kind="info">{t(texts.archivedBanner)}</Banner>}
      {connection.pendingRevision && <PendingChanges connection={connection} />}
      <Tabs label={t(texts.tabs)} tabs={tabs} />
    </Frame>
  );
}
