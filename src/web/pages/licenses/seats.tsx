import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Badge, Status, statusLabel } from "../../parts/badge.tsx";
import { DataAsOf } from "../../parts/data-as-of.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Empty } from "../../parts/states.tsx";
import type { Column, Filter } from "../../parts/table/table-types.ts";
import { DataTable } from "../../parts/table/table.tsx";
import { Time } from "../../parts/time.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { NONE } from "../../text/format.ts";
import { Rich } from "../../text/rich.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";
import { productName } from "./words.ts";

type Row = RowOf<"position.seats">;

const COLUMNS: readonly Column<Row>[] = [
  {
    id: "holder",
    label: texts.heldBy,
    width: 220,
    cell: ({ name, personId }) => (
      <Link to="/people" search={{ open: personId, q: name } as never}>
        {name}
      </Link>
    ),
  },
  { id: "site", label: texts.site, width: 160, cell: ({ site }) => site },
  {
    id: "status",
    label: texts.status,
    width: 200,
    cell: ({ status, seatId, isExcluded, isPending }) => (
      <span className={classes["tools"]}>
        {status ? <Status of={status} /> : seatId === null && <Badge kind="neutral">{t(texts.guest)}</Badge>}
        {isExcluded && <Status of="excluded" />}
        {isPending && <Badge kind="info">{t(texts.pending)}</Badge>}
      </span>
    ),
  },
  { id: "costCenter", label: texts.costCenter, width: 160, cell: ({ costCenter }) => costCenter ?? NONE },
  { id: "department", label: texts.department, width: 160, cell: ({ department }) => department ?? NONE },
];

/** Exactly the seats that a number of a license position counted, as they stood then. */
export function Page(): ReactNode {
  const { state } = useUrlState();
  const positionId = state["position"] ?? "latest";
  const position = useApi("position.get", { params: { positionId } });
  return (
    <Frame
      title={texts.seatsTitle}
      about={
        position.data && (
          <>
            <span>
              <Rich
                text={texts.seatsAsOf}
                parts={{
                  back: (words) => <Link to="/licenses">{words}</Link>,
                  when: () => <Time value={position.data.at} />,
                }}
              />
            </span>
            <DataAsOf value={position.data.dataAsOf} />
          </>
        )
      }
    >
      <DataTable
        list="position.seats"
        params={{ positionId }}
        label={t(texts.seatsTable)}
        columns={COLUMNS}
        rowId={({ siteId, accountId }) => `${siteId} ${accountId}`}
        rowName={({ name }) => name}
        filters={filtersOf(position.data?.lines ?? [])}
        empty={<Empty title={t(texts.noSeats)}>{t(texts.noSeatsWhat)}</Empty>}
      />
    </Frame>
  );
}

function filtersOf(
  lines: readonly { siteId: string | null; site: string | null; licenseId: string | null; license: string | null }[],
): readonly Filter[] {
  const sites = new Map(lines.map(({ siteId, site }) => [siteId ?? "", site]));
  const licenses = new Map(lines.map(({ licenseId, license }) => [licenseId ?? "", license]));
  return [
    {
      id: "part",
      label: texts.part,
      kind: "choice",
      choices: [
        { value: "used", label: t(texts.used) },
        ...(["active", "idle", "never-used", "no-evidence"] as const).map((value) => ({
          value,
          label: statusLabel(value),
        })),
        { value: "excluded", label: t(texts.excluded) },
        { value: "pending", label: t(texts.pending) },
        { value: "unmapped", label: t(texts.unmapped) },
        { value: "guests", label: t(texts.guests) },
      ],
    },
    { id: "product", label: texts.product, kind: "thing", name: (value) => productName(value as "confluence-cloud") },
    { id: "siteId", label: texts.site, kind: "thing", name: (value) => sites.get(value) ?? value },
    { id: "licenseId", label: texts.license, kind: "thing", name: (value) => licenses.get(value) ?? value },
    { id: "costCenter", label: texts.costCenter, kind: "thing", name: (value) => value },
    { id: "department", label: texts.department, kind: "thing", name: (value) => value },
  ];
}
