import { ListFilter, X } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { AnyInput, RouteId } from "../../api/call.ts";
import { formatDay } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import button from "../button.module.css";
import { Button, IconButton } from "../button.tsx";
import { Icon } from "../icon.tsx";
import { Popup } from "../popup.tsx";
import type { FacetSource } from "./filter-editor.tsx";
import classes from "./filters.module.css";
import { idsOf, type ListState } from "./list-state.ts";
import { SearchBox } from "./search-box.tsx";
import type { AsOfLimits, Filter, ListQuery } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";

// Within a popup that is not there at first either.
const FilterEditor = lazy(async () => ({ default: (await import("./filter-editor.tsx")).FilterEditor }));

/** The search box, a chip for each filter that is set, and a menu of the others. */
export function Filters({
  label,
  filters,
  facets,
  params,
  fixed,
  state,
  limits,
  isSearchable,
}: {
  /** Of the table. */
  label: string;
  filters: readonly Filter[];
  facets: RouteId | undefined;
  params: AnyInput["params"];
  fixed: ListQuery | undefined;
  state: ListState;
  limits: AsOfLimits | null;
  isSearchable: boolean;
}): ReactNode {
  const told = filters.filter(({ id }) => state.asOf === null || !limits?.notFilters?.includes(id));
  const isSet = (filter: Filter) => idsOf(filter).some((id) => state.filtered[id] !== undefined);
  // Counts are of now only.
  const source: FacetSource | null = facets && state.asOf === null ? { route: facets, params, fixed } : null;
  const addable = told.filter((filter) => !isSet(filter) && (filter.kind !== "thing" || source !== null));
  if (filters.length === 0 && !isSearchable) return null;
  return (
    <div className={classes["filters"]} role="search" aria-label={t(texts.filters, { table: label })}>
      {isSearchable && <SearchBox filters={told} state={state} />}
      {told.filter(isSet).map((filter) => (
        <Chip key={filter.id} filter={filter} state={state} source={source} />
      ))}
      {addable.length > 0 && <AddFilter filters={addable} state={state} source={source} />}
      {told.filter(isSet).length + (state.q === "" ? 0 : 1) > 1 && (
        <Button kind="quiet" onClick={state.clearFilters}>
          {t(texts.clearAll)}
        </Button>
      )}
    </div>
  );
}

interface OneFilter {
  filter: Filter;
  state: ListState;
  source: FacetSource | null;
}

/** A filter that is set: what it is, changed by a click on it, taken away by the cross. */
function Chip({ filter, state, source }: OneFilter): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const label = t(filter.label);
  const remove = () => state.change(Object.fromEntries(idsOf(filter).map((id) => [id, null])));
  const words = (
    <>
      {label}: <ChipValue filter={filter} state={state} />
    </>
  );
  const isFixed = filter.kind === "thing" && source === null;
  return (
    <span className={classes["chip"]}>
      {isFixed ? (
        <span className={classes["words"]}>{words}</span>
      ) : (
        <Popup className={classes["words"]} label={label} words={words} isOpen={isOpen} onOpenChange={setOpen}>
          <Suspense>
            <FilterEditor filter={filter} state={state} source={source} onDone={() => setOpen(false)} />
          </Suspense>
        </Popup>
      )}
      <IconButton icon={X} label={t(texts.removeFilter, { filter: label })} onClick={remove} />
    </span>
  );
}

function ChipValue({ filter, state }: { filter: Filter; state: ListState }): ReactNode {
  const value = state.filtered[filter.id] ?? "";
  switch (filter.kind) {
    case "choices":
    case "choice":
      return value
        .split(",")
        .map((each) => filter.choices.find((choice) => choice.value === each)?.label ?? each)
        .join(", ");
    case "flag":
      return t(value === "true" ? texts.yes : texts.no);
    case "range": {
      const shown = (id: string) => {
        const end = state.filtered[id];
        return end === undefined ? null : filter.of === "day" && end.length === 10 ? formatDay(end) : end;
      };
      const [from, to] = [shown(filter.id), shown(filter.toId)];
      if (from !== null && to !== null) return t(texts.fromTo, { from, to });
      return from === null ? t(texts.upTo, { to: to ?? "" }) : t(texts.fromOn, { from });
    }
    case "day":
      return value.length === 10 ? formatDay(value) : value;
    case "thing":
      return filter.name(value);
    case "text":
    case "number":
      return value;
  }
}

/** The filters that are not set; the one chosen is set in the same place. */
function AddFilter({ filters, state, source }: Omit<OneFilter, "filter"> & { filters: readonly Filter[] }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [chosen, choose] = useState<Filter | null>(null);
  const label = t(chosen ? chosen.label : texts.addFilter);
  const turn = (open: boolean) => {
    setOpen(open);
    if (open) choose(null);
  };
  const pick = (filter: Filter) => {
    if (filter.kind !== "flag") return choose(filter);
    state.change({ [filter.id]: "true" });
    setOpen(false);
  };
  return (
    <Popup
      className={button["button"]}
      label={label}
      isOpen={isOpen}
      onOpenChange={turn}
      words={
        <>
          <Icon of={ListFilter} />
          {t(texts.addFilter)}
        </>
      }
    >
      {chosen ? (
        <Suspense>
          <FilterEditor filter={chosen} state={state} source={source} onDone={() => setOpen(false)} />
        </Suspense>
      ) : (
        <ul role="list">
          {filters.map((filter) => (
            <li key={filter.id}>
              <button type="button" className={classes["pick"]} onClick={() => pick(filter)}>
                {t(filter.label)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Popup>
  );
}
