import { X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { t } from "../../text/t.ts";
import { Button, IconButton } from "../button.tsx";
import form from "../form.module.css";
import type { ListState } from "./list-state.ts";
import classes from "./table.module.css";
import type { Filter } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";

/** While somebody types, the list is asked again only after a pause. */
const TYPING_MS = 250;

export function Filters({
  filters,
  state,
  isSearchable,
}: {
  filters: readonly Filter[];
  state: ListState;
  isSearchable: boolean;
}): ReactNode {
  const isAny = Object.keys(state.filtered).length > 0 || state.q !== "";
  return (
    <div className={classes["filters"]} role="search" aria-label={t(texts.filters)}>
      {isSearchable && <Search state={state} />}
      {filters.map((filter) => (
        <FilterControl key={filter.id} filter={filter} state={state} />
      ))}
      {isAny && (
        <Button kind="quiet" onClick={state.clearFilters}>
          {t(texts.clearAll)}
        </Button>
      )}
    </div>
  );
}

function Search({ state }: { state: ListState }): ReactNode {
  const { q, change } = state;
  // What is being typed, until the address says the same or something else.
  const [typed, setTyped] = useState<{ over: string; text: string } | null>(null);
  const text = typed?.over === q ? typed.text : q;
  useEffect(() => {
    if (text === q) return;
    const timer = setTimeout(() => change({ q: text }, "replace"), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, q, change]);
  return (
    <input
      type="search"
      className={form["control"]}
      aria-label={t(texts.search)}
      placeholder={t(texts.search)}
      value={text}
      onChange={(event) => setTyped({ over: q, text: event.target.value })}
    />
  );
}

function FilterControl({ filter, state }: { filter: Filter; state: ListState }): ReactNode {
  const value = state.filtered[filter.id] ?? "";
  const set = (next: string) => state.change({ [filter.id]: next });
  const label = t(filter.label);
  switch (filter.kind) {
    case "choices":
    case "choice":
      return (
        <select
          className={form["control"]}
          aria-label={label}
          value={value}
          onChange={(event) => set(event.target.value)}
        >
          <option value="">
            {label}: {t(texts.any)}
          </option>
          {filter.choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {label}: {choice.label}
            </option>
          ))}
          {value.includes(",") && <option value={value}>{value}</option>}
        </select>
      );
    case "flag":
      return (
        <label className={classes["flag"]}>
          <input
            type="checkbox"
            checked={value === "true"}
            onChange={(event) => set(event.target.checked ? "true" : "")}
          />
          {label}
        </label>
      );
    case "text":
    case "number":
    case "day":
      return (
        <input
          className={form["control"]}
          type={filter.kind === "day" ? "date" : filter.kind === "number" ? "number" : "text"}
          aria-label={label}
          placeholder={label}
          defaultValue={value}
          onBlur={(event) => set(event.target.value)}
        />
      );
    case "thing":
      if (value === "") return null;
      return (
        <span className={classes["chip"]}>
          {label}: {filter.name(value)}
          <IconButton icon={X} label={t(texts.removeFilter, { filter: label })} onClick={() => set("")} />
        </span>
      );
  }
}
