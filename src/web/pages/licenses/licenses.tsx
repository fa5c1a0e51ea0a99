import { Link } from "@tanstack/react-router";
import { type ReactNode, lazy, Suspense } from "react";
import { urlOf } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import button from "../../parts/button.module.css";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/states.tsx";
import type { Column, Filter } from "../../parts/table/table-types.ts";
import { DataTable } from "../../parts/table/table.tsx";
import { Time } from "../../parts/time.tsx";
import { useMay } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { formatDay, formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { STATES } from "./license-states.ts";
import classes from "./page.module.css";
import { sayPrices } from "./prices.ts";
import { texts } from "./texts.ts";
import { editionName, type License, metricName } from "./words.ts";

const LicenseSlideOut = lazy(async () => ({ default: (await import("./license.tsx")).LicenseSlideOut }));
const ImportDialog = lazy(async () => ({ default: (await import("./import-dialog.tsx")).ImportDialog }));

const COLUMNS: readonly Column<License>[] = [
  {
    id: "name",
    label: texts.name,
    width: 200,
    sort: "name",
    cell: ({ id, name }) => (
      <Link to="/licenses" search={{ tab: "licenses", open: id } as never}>
        {name}
      </Link>
    ),
  },
  {
    id: "state",
    label: texts.state,
    width: 90,
    cell: ({ state }) => <Badge kind={STATES[state].kind}>{t(STATES[state].label)}</Badge>,
  },
  { id: "sites", label: texts.sites, width: 160, cell: ({ sites }) => sites.join(", ") },
  { id: "edition", label: texts.edition, width: 110, cell: ({ edition }) => editionName(edition) },
  { id: "metric", label: texts.metric, width: 150, cell: ({ metric }) => metricName(metric) },
  {
    id: "quantity",
    label: texts.quantity,
    width: 100,
    isNumber: true,
    cell: ({ quantity }) => (quantity === null ? t(texts.asCounted) : formatNumber(quantity)),
  },
  { id: "price", label: texts.price, width: 180, isNumber: true, cell: (license) => sayPrices(license) },
  { id: "term", label: texts.term, width: 200, sort: "termStart", cell: termOf },
  {
    id: "renewal",
    label: texts.renewal,
    width: 120,
    sort: "renewalOn",
    cell: ({ renewalOn, termEnd }) => <Time value={renewalOn ?? termEnd} as="day" />,
  },
  { id: "notice", label: texts.notice, width: 120, cell: ({ noticeOn }) => <Time value={noticeOn} as="day" /> },
  { id: "owner", label: texts.owner, width: 140, isHiddenFirst: true, cell: ({ owner }) => owner ?? NONE },
];

function termOf({ termStart, termEnd }: License): string {
  const from = formatDay(termStart);
  return termEnd === null ? t(texts.openEnd, { from }) : t(texts.fromTo, { from, to: formatDay(termEnd) });
}

/** What was bought: for which sites, how many, at what price, until when. */
export function Licenses(): ReactNode {
  const may = useMay();
  const { state, change } = useUrlState();
  const sites = useApi("sites.list", { query: { limit: 200 } });
  const filters: readonly Filter[] = [
    {
      id: "state",
      label: texts.state,
      kind: "choice",
      choices: [
        { value: "current", label: t(texts.current) },
        { value: "ended", label: t(texts.ended) },
        { value: "all", label: t(texts.all) },
      ],
    },
    {
      id: "siteId",
      label: texts.site,
      kind: "choice",
      choices: (sites.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
    },
  ];
  return (
    <>
      <div className={classes["tools"]}>
        {may("licenses:write") && <Button onClick={() => change({ act: "import" })}>{t(texts.importCsv)}</Button>}
        <a className={button["button"]} href={urlOf("licenses.export")} download>
          {t(texts.exportCsv)}
        </a>
      </div>
      <DataTable
        list="licenses.list"
        label={t(texts.licensesTable)}
        columns={COLUMNS}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        filters={filters}
        isSearchable
        isOpening
        openState={["act"]}
        empty={<NoLicenses onAdd={may("licenses:write") ? () => change({ act: "add" }) : null} />}
      />
      <Suspense>
        {state["open"] && (
          <LicenseSlideOut licenseId={state["open"]} onClose={() => change({ open: null, act: null })} />
        )}
        {state["act"] === "import" && <ImportDialog onClose={() => change({ act: null })} />}
      </Suspense>
    </>
  );
}

function NoLicenses({ onAdd }: { onAdd: (() => void) | null }): ReactNode {
  const suggestions = useApi("licenses.suggestions");
  const seats = (suggestions.data?.items ?? []).reduce((sum, each) => sum + each.seats, 0);
  return (
    <Empty
      title={seats > 0 ? t(texts.inUse, { seats }) : t(texts.noLicenses)}
      action={
        onAdd && (
          <Button kind="primary" onClick={onAdd}>
            {t(texts.addLicense)}
          </Button>
        )
      }
    >
      {t(texts.noLicensesWhat)}
    </Empty>
  );
}
