import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { BuiltInView, Column, Filter } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { useMay } from "../../shell/session.tsx";
import { formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { EFFECTS, type Exclusion, kindOf } from "./conditions.ts";
import { ExclusionDialog } from "./dialog.tsx";
import { EFFECT_WORDS, ExclusionState, KIND_WORDS, sayEffects, STATE_WORDS } from "./kinds.tsx";
import { ExclusionSlideOut } from "./slide-out.tsx";
import { texts } from "./texts.ts";

const COLUMNS: readonly Column<Exclusion>[] = [
  { id: "what", label: texts.what, width: 200, sort: "name", cell: ({ name }) => name },
  { id: "kind", label: texts.kind, width: 110, cell: (rule) => t(KIND_WORDS[kindOf(rule)]) },
  { id: "from", label: texts.from, width: 150, cell: ({ effects }) => sayEffects(effects) },
  { id: "reason", label: texts.reason, width: 190, cell: ({ reason }) => reason },
  {
    id: "by",
    label: texts.by,
    width: 110,
    cell: ({ owner, builtIn }) => (builtIn ? t(texts.withUsher) : (owner ?? NONE)),
  },
  {
    id: "until",
    label: texts.until,
    width: 110,
    sort: "expiresAt",
    cell: ({ expiresAt }) => (expiresAt ? <Time value={expiresAt} as="day" /> : t(texts.noEnd)),
  },
  {
    id: "matches",
    label: texts.matches,
    width: 110,
    sort: "hits",
    isNumber: true,
    cell: ({ hits }) => formatNumber(hits),
  },
  { id: "state", label: texts.state, width: 110, cell: ({ state }) => <ExclusionState of={state} /> },
];

const STATES = ["active", "off", "expired", "ended"] as const;

const FILTERS: readonly Filter[] = [
  {
    id: "state",
    label: texts.state,
    kind: "choices",
    choices: STATES.map((value) => ({ value, label: t(STATE_WORDS[value]) })),
  },
  {
    id: "effect",
    label: texts.effect,
    kind: "choices",
    choices: EFFECTS.map((value) => ({ value, label: t(EFFECT_WORDS[value]) })),
  },
  { id: "builtIn", label: texts.builtIn, kind: "flag" },
];

const VIEWS: readonly BuiltInView[] = [
  { id: "not-counted", label: texts.viewNoCost, query: { effect: "not-counted" } },
  { id: "built-in", label: texts.viewBuiltIn, query: { builtIn: "true" } },
  { id: "ended", label: texts.viewEnded, query: { state: "ended,expired" } },
];

/** Whom must rules and cost never touch, why? */
export function Page(): ReactNode {
  const [isAdding, setAdding] = useState(false);
  const may = useMay();
  const add = may("exclusions:write") && (
    <Button kind="primary" icon={Plus} onClick={() => setAdding(true)}>
      {t(texts.add)}
    </Button>
  );
  return (
    <Frame title={texts.title} actions={add}>
      <DataTable
        list="exclusion-rules.list"
        label={t(texts.table)}
        columns={COLUMNS}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        filters={FILTERS}
        views={VIEWS}
        isSearchable
        isOpening
        empty={
          <Empty title={t(texts.emptyTitle)} action={add}>
            {t(texts.empty)}
          </Empty>
        }
      />
      <ExclusionSlideOut />
      {isAdding && <ExclusionDialog onClose={() => setAdding(false)} />}
    </Frame>
  );
}
