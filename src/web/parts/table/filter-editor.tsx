import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { AnyInput, RouteId } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { formatNumber } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { Button } from "../button.tsx";
import form from "../form.module.css";
import classes from "./filters.module.css";
import type { ListState } from "./list-state.ts";
import type { Filter, FilterChoice, ListQuery } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";

/** Where the values of filters are counted. */
export interface FacetSource {
  route: RouteId;
  params: AnyInput["params"];
  fixed: ListQuery | undefined;
}

interface FacetValue {
  value: string | null;
  label: string | null;
  count: number;
}

/** More values than this are searched through rather than looked through. */
const LOOKED_THROUGH_MAX = 10;

/** Sets one filter. Boxes act at once; what is typed acts when it is sent. */
export function FilterEditor({
  filter,
  state,
  source,
  onDone,
}: {
  filter: Filter;
  state: ListState;
  source: FacetSource | null;
  onDone: () => void;
}): ReactNode {
  const counted = useFacet(filter.id, state, source);
  const set = (value: string) => {
    state.change({ [filter.id]: value });
    onDone();
  };
  switch (filter.kind) {
    case "choices":
      return <Boxes filter={filter} choices={filter.choices} counted={counted} state={state} />;
    case "choice":
      return <Values values={valuesOf(filter.choices, counted)} current={state.filtered[filter.id]} onChoose={set} />;
    case "flag":
      return (
        <Values
          values={[
            { value: "true", label: t(texts.yes), count: null },
            { value: "false", label: t(texts.no), count: null },
          ]}
          current={state.filtered[filter.id]}
          onChoose={set}
        />
      );
    case "thing":
      return (
        <Values
          values={(counted ?? []).flatMap(({ value, label, count }) =>
            value === null ? [] : [{ value, label: label ?? value, count }],
          )}
          current={state.filtered[filter.id]}
          onChoose={set}
        />
      );
    case "text":
    case "number":
    case "day":
    case "range":
      return (
        <>
          <Typing filter={filter} state={state} onDone={onDone} />
          {filter.kind === "text" && counted && counted.length > 0 && (
            <Values values={textValues(counted)} current={state.filtered[filter.id]} onChoose={set} />
          )}
        </>
      );
  }
}

/** How often each value of the filter is there; null while that is not known, or not counted. */
function useFacet(id: string, state: ListState, source: FacetSource | null): readonly FacetValue[] | null {
  const { sort: _, ...query } = state.query;
  const route = source?.route ?? "session.get";
  const input = { params: source?.params, query };
  const answer = useApi(route, input as never, { enabled: source !== null });
  const { facets } = (answer.data ?? {}) as { facets?: { filter: string; values: FacetValue[] }[] };
  return facets?.find(({ filter }) => filter === id)?.values ?? null;
}

interface Value {
  value: string;
  label: string;
  count: number | null;
}

function valuesOf(choices: readonly FilterChoice[], counted: readonly FacetValue[] | null): Value[] {
  return choices.map(({ value, label }) => ({ value, label, count: countOf(value, counted) }));
}

/** What is counted and has no rows is not among the values that are told. */
function countOf(value: string, counted: readonly FacetValue[] | null): number | null {
  return counted === null ? null : (counted.find((each) => each.value === value)?.count ?? 0);
}

function textValues(counted: readonly FacetValue[]): Value[] {
  return counted.flatMap(({ value, label, count }) =>
    value === null ? [] : [{ value, label: label ?? value, count }],
  );
}

function Boxes({
  filter,
  choices,
  counted,
  state,
}: {
  filter: Filter;
  choices: readonly FilterChoice[];
  counted: readonly FacetValue[] | null;
  state: ListState;
}): ReactNode {
  const chosen = (state.filtered[filter.id] ?? "").split(",").filter(Boolean);
  const toggle = (value: string) => {
    const next = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
    // In the order of the choices, so that the same ones are the same address.
    const ordered = choices.map((each) => each.value).filter((each) => next.includes(each));
    state.change({ [filter.id]: ordered.join(",") || null });
  };
  return (
    <fieldset className={classes["boxes"]}>
      <legend className={classes["legend"]}>{t(filter.label)}</legend>
      {valuesOf(choices, counted).map(({ value, label, count }) => (
        <label key={value} className={classes["value"]}>
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
          <span className={classes["label"]}>{label}</span>
          {count !== null && <span className={classes["count"]}>{formatNumber(count)}</span>}
        </label>
      ))}
    </fieldset>
  );
}

function Values({
  values,
  current,
  onChoose,
}: {
  values: readonly Value[];
  current: string | undefined;
  onChoose: (value: string) => void;
}): ReactNode {
  const [sought, setSought] = useState("");
  const isLong = values.length > LOOKED_THROUGH_MAX;
  const found = values.filter(({ label }) => label.toLowerCase().includes(sought.toLowerCase()));
  return (
    <>
      {isLong && (
        <input
          type="search"
          className={form["control"]}
          aria-label={t(texts.searchValues)}
          placeholder={t(texts.searchValues)}
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
      )}
      <ul role="list">
        {found.map(({ value, label, count }) => (
          <li key={value}>
            <button
              type="button"
              className={classes["pick"]}
              aria-pressed={value === current}
              onClick={() => onChoose(value)}
            >
              <span className={classes["label"]}>{label}</span>
              {count !== null && <span className={classes["count"]}>{formatNumber(count)}</span>}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Typing({ filter, state, onDone }: { filter: Filter; state: ListState; onDone: () => void }): ReactNode {
  const id = useId();
  const ends = filter.kind === "range" ? [filter.id, filter.toId] : [filter.id];
  const of = filter.kind === "range" ? filter.of : filter.kind;
  const type = of === "day" ? "date" : of === "number" ? "number" : "text";
  const apply = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    state.change(Object.fromEntries(ends.map((end) => [end, String(data.get(end) ?? "").trim() || null])));
    onDone();
  };
  return (
    <form className={classes["typing"]} onSubmit={apply}>
      {ends.map((end, at) => (
        <span key={end} className={classes["field"]}>
          <label htmlFor={`${id}-${end}`}>
            {ends.length === 1 ? t(filter.label) : t(at === 0 ? texts.from : texts.to, { filter: t(filter.label) })}
          </label>
          <input
            id={`${id}-${end}`}
            name={end}
            type={type}
            min={type === "number" ? 0 : undefined}
            className={form["control"]}
            defaultValue={state.filtered[end] ?? ""}
          />
        </span>
      ))}
      <Button kind="primary" type="submit">
        {t(texts.apply)}
      </Button>
    </form>
  );
}
