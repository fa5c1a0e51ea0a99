import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import button from "../../parts/button.module.css";
import {
  type ConnectionRow,
  HEALTHS,
  HealthBadge,
  ModeBadge,
  SampleBadge,
  SOURCES,
  StateBadge,
  STATES,
  useSample,
} from "../../parts/connections/words.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { SiteName } from "../../parts/site-name.tsx";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { BuiltInView, Column, Filter } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { AsOwner } from "../../shell/as-owner.tsx";
import { useMay } from "../../shell/session.tsx";
import { formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { RowAct } from "./row-act.tsx";
import { texts } from "./texts.ts";

const FILTERS: readonly Filter[] = [
  {
    id: "state",
    label: texts.state,
    kind: "choices",
    choices: Object.entries(STATES).map(([value, { label }]) => ({ value, label: t(label) })),
  },
  {
    id: "health",
    label: texts.health,
    kind: "choices",
    choices: Object.entries(HEALTHS).map(([value, { label }]) => ({ value, label: t(label) })),
  },
  {
    id: "source",
    label: texts.source,
    kind: "choice",
    choices: Object.entries(SOURCES).map(([value, label]) => ({ value, label: t(label) })),
  },
  {
    id: "mode",
    label: texts.mode,
    kind: "choice",
    choices: [
      { value: "observe", label: t(texts.observe) },
      { value: "act", label: t(texts.act) },
    ],
  },
  { id: "mine", label: texts.mine, kind: "flag" },
  { id: "siteId", label: texts.site, kind: "thing", name: (siteId) => <SiteName id={siteId} /> },
];

const VIEWS: readonly BuiltInView[] = [
  { id: "mine", label: texts.mine, query: { mine: "true" } },
  { id: "needs", label: texts.needsSomebody, query: { health: "degraded,needs-reauthorization" } },
  { id: "drafts", label: texts.drafts, query: { state: "draft,validated" } },
];

/** Is the picture fresh and complete? */
export function Page(): ReactNode {
  const may = useMay();
  const sample = useSample();
  const add = (
    <Link
      to={"/setup" as string}
      search={{ step: "capabilities" } as never}
      className={button["button"]}
      data-kind="primary"
    >
      {t(texts.add)}
    </Link>
  );
  return (
    <Frame title={texts.title} actions={may("connections:write") && add}>
      <DataTable
        list="connections.list"
        label={t(texts.table)}
        columns={columnsOf(sample.has)}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        filters={FILTERS}
        views={VIEWS}
        isSearchable
        empty={
          <Empty title={t(texts.emptyTitle)} action={may("connections:write") && add}>
            {t(texts.empty)}
          </Empty>
        }
      />
    </Frame>
  );
}

function columnsOf(isSample: (id: string) => boolean): readonly Column<ConnectionRow>[] {
  return [
    {
      id: "site",
      label: texts.site,
      width: 160,
      sort: "name",
      cell: (row) => <NameCell row={row} isSample={isSample(row.id)} />,
    },
    { id: "health", label: texts.health, width: 120, cell: (row) => <Health row={row} /> },
    {
      id: "state",
      label: texts.state,
      width: 110,
      cell: ({ state, hasPendingRevision }) => <StateBadge state={state} hasChanges={hasPendingRevision} />,
    },
    { id: "mode", label: texts.mode, width: 130, cell: ({ sites }) => <ModeBadge sites={sites} /> },
    {
      id: "last",
      label: texts.lastSync,
      width: 125,
      sort: "lastSyncedAt",
      cell: ({ lastSyncedAt }) => (lastSyncedAt ? <Time value={lastSyncedAt} /> : t(texts.never)),
    },
    { id: "next", label: texts.next, width: 90, cell: ({ nextRunAt }) => <Time value={nextRunAt} /> },
    {
      id: "people",
      label: texts.people,
      width: 70,
      isNumber: true,
      cell: ({ people, id }) => (
        <Link to={"/people" as string} search={{ connectionId: id } as never}>
          {formatNumber(people)}
        </Link>
      ),
    },
    {
      id: "acts",
      label: texts.acts,
      width: 110,
      cell: (row) => (
        <AsOwner owners={row.owners}>
          <RowAct row={row} />
        </AsOwner>
      ),
    },
    { id: "coverage", label: texts.coverage, width: 100, cell: coverageOf },
    { id: "owner", label: texts.owner, width: 160, cell: ownersOf },
    {
      id: "expires",
      label: texts.expires,
      width: 130,
      cell: ({ credentialExpiresAt }) => <Time value={credentialExpiresAt} as="day" />,
    },
    { id: "kind", label: texts.kind, width: 150, cell: ({ source }) => t(SOURCES[source]) },
    {
      id: "created",
      label: texts.created,
      width: 120,
      sort: "createdAt",
      isHiddenFirst: true,
      cell: ({ createdAt }) => <Time value={createdAt} as="day" />,
    },
  ];
}

function NameCell({ row, isSample }: { row: ConnectionRow; isSample: boolean }): ReactNode {
  const sites = row.sites.map(({ name }) => name).join(", ");
  return (
    <>
      <Link to={"/connections/$id" as string} params={{ id: row.id } as never}>
        {row.name}
      </Link>{" "}
      {isSample && <SampleBadge />}
      {sites !== row.name && <div className={classes["sites"]}>{sites === "" ? t(texts.noSite) : sites}</div>}
    </>
  );
}

/** The worst of its sites with its reason in words, not only by a color. */
function Health({ row }: { row: ConnectionRow }): ReactNode {
  const detail = row.sites.find(({ health }) => health === row.health)?.healthDetail;
  return (
    <>
      <HealthBadge health={row.health} />
      {detail && <div className={classes["reason"]}>{detail.reason}</div>}
    </>
  );
}

function coverageOf({ coverage }: ConnectionRow): ReactNode {
  if (!coverage) return NONE;
  const { complete, listings } = coverage;
  return t(complete === listings ? texts.coverageAll : texts.coveragePart, { complete, listings });
}

function ownersOf({ owners }: ConnectionRow): ReactNode {
  const [first, ...more] = owners;
  if (first === undefined) return NONE;
  return more.length === 0 ? first : t(texts.owners, { first, more: more.length });
}
