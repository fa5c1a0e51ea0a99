import { type ReactNode, useMemo } from "react";
import { Page as Frame } from "../../parts/page.tsx";
import { Empty } from "../../parts/states.tsx";
import type { Filter } from "../../parts/table/table-types.ts";
import { DataTable } from "../../parts/table/table.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import { columnsIn } from "./columns.tsx";
import { EntryDetail } from "./entry-detail.tsx";
import { entryWords } from "./entry-words.ts";
import { ExportEvidence } from "./export.tsx";
import classes from "./page.module.css";
import type { Zone } from "./stamp.ts";
import { texts } from "./texts.ts";
import { ChainState, Verify } from "./verification.tsx";
import { Window } from "./window.tsx";
import { Zones } from "./zones.tsx";

/** `actor:ada`, `action:plan.*`, `after:2026-11-01`: as typed and as the list takes them. */
const FILTERS: readonly Filter[] = [
  { id: "actor", label: texts.actor, kind: "text" },
  { id: "entry", label: texts.action, kind: "text" },
  { id: "from", label: texts.after, kind: "day" },
  { id: "until", label: texts.before, kind: "day" },
  { id: "subjectId", label: texts.about, kind: "thing", name: (id) => <code>{id}</code> },
  { id: "actorId", label: texts.actorId, kind: "thing", name: (id) => <code>{id}</code> },
];

/** Who did what, and whether the record is intact. */
export function Page(): ReactNode {
  const { state, change } = useUrlState();
  const zone: Zone = state["zone"] === "local" ? "local" : "utc";
  const columns = useMemo(() => columnsIn(zone), [zone]);
  const open = /^\d{1,15}$/.test(state["open"] ?? "") ? Number(state["open"]) : null;
  return (
    <Frame
      title={texts.title}
      about={<ChainState />}
      actions={
        <>
          <Verify />
          <ExportEvidence />
        </>
      }
    >
      <div className={classes["under"]}>
        <Window filters={FILTERS.map(({ id }) => id)} />
        <Zones zone={zone} />
      </div>
      <DataTable
        list="journal.list"
        label={t(texts.table)}
        columns={columns}
        rowId={({ seq }) => String(seq)}
        rowName={({ seq, entry }) => t(texts.entry, { seq, did: entryWords(entry) })}
        filters={FILTERS}
        isSearchable
        isOpening
        empty={<Empty title={t(texts.emptyTitle)}>{t(texts.empty)}</Empty>}
      />
      {open !== null && <EntryDetail seq={open} zone={zone} onClose={() => change({ open: null })} />}
    </Frame>
  );
}
