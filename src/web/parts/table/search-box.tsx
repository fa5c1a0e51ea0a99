import { type ReactNode, useEffect, useId, useState } from "react";
import { t } from "../../text/t.ts";
import form from "../form.module.css";
import classes from "./filters.module.css";
import type { ListState } from "./list-state.ts";
import type { Filter } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";
import { isTypingFilter, readTyped } from "./typed-filters.ts";

/** While somebody types, the list is asked again only after a pause. */
const TYPING_MS = 250;

/** Searches as one types; `key:value` sets a filter when Enter or a space follows. */
export function SearchBox({ filters, state }: { filters: readonly Filter[]; state: ListState }): ReactNode {
  const { q, change } = state;
  const id = useId();
  const named = filters.map((filter) => ({ filter, label: t(filter.label) }));
  // What is being typed, until the address says the same or something else.
  const [typed, setTyped] = useState<{ over: string; text: string } | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const text = typed?.over === q ? typed.text : q;
  const isFilter = isTypingFilter(text, named);
  useEffect(() => {
    if (text === q || isFilter) return;
    const timer = setTimeout(() => change({ q: text.trim() }, "replace"), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, q, isFilter, change]);

  const settle = () => {
    if (!isFilter) return;
    const read = readTyped(text, named);
    if (read.wrong) {
      setWrong(t(texts.noSuchValue, { value: read.wrong.value, filter: t(read.wrong.filter.label) }));
      return;
    }
    setTyped(null);
    change({ ...read.filters, q: read.q });
  };
  return (
    <span className={classes["search"]}>
      <input
        type="search"
        className={form["control"]}
        aria-label={t(texts.search)}
        aria-describedby={`${id}-wrong`}
        aria-invalid={wrong !== null}
        placeholder={filters.length > 0 ? t(texts.searchOrFilter) : t(texts.search)}
        value={text}
        onChange={(event) => {
          setWrong(null);
          setTyped({ over: q, text: event.target.value });
        }}
        onKeyDown={(event) => event.key === "Enter" && settle()}
        onBlur={settle}
        data-search
      />
      <span id={`${id}-wrong`} role="status" className={classes["wrong"]}>
        {wrong}
      </span>
    </span>
  );
}
