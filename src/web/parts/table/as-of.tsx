import { History } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { formatDay } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import button from "../button.module.css";
import { Button } from "../button.tsx";
import form from "../form.module.css";
import { Icon } from "../icon.tsx";
import { Popup } from "../popup.tsx";
import { Banner } from "../states.tsx";
import type { ListState } from "./list-state.ts";
import classes from "./table.module.css";
import type { AsOfLimits, Column, ListAnswer } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";

/** Which day the list tells of. Sorts and filters that it cannot tell of an earlier day go with it. */
export function AsOfControl({ state, limits }: { state: ListState; limits: AsOfLimits }): ReactNode {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const today = new Date().toISOString().slice(0, 10);
  const choose = (day: string) => {
    const sort = state.state["sort"]?.replace(/^-/, "");
    const isEarlier = day !== "" && day < today;
    const untold = isEarlier ? (limits.notFilters ?? []) : [];
    state.change({
      ...Object.fromEntries(untold.map((name) => [name, null])),
      ...(isEarlier && limits.notSorts?.includes(sort ?? "") ? { sort: null } : {}),
      asof: isEarlier ? day : null,
    });
    setOpen(false);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    choose(String(new FormData(event.currentTarget).get("asof") ?? ""));
  };
  return (
    <Popup
      className={button["button"]}
      label={t(texts.asOf)}
      align="end"
      isOpen={isOpen}
      onOpenChange={setOpen}
      words={
        <>
          <Icon of={History} />
          {state.asOf === null ? t(texts.asOfNow) : t(texts.asOfDay, { day: formatDay(state.asOf) })}
        </>
      }
    >
      <form className={classes["asOf"]} onSubmit={submit}>
        <label htmlFor={id}>{t(texts.asOfHint)}</label>
        <input
          id={id}
          name="asof"
          type="date"
          className={form["control"]}
          max={today}
          defaultValue={state.asOf ?? ""}
          required
        />
        <span className={classes["asOfButtons"]}>
          <Button kind="primary" type="submit">
            {t(texts.apply)}
          </Button>
          {state.asOf !== null && <Button onClick={() => choose("")}>{t(texts.backToNow)}</Button>}
        </span>
      </form>
    </Popup>
  );
}

/** Says which day is shown, what of it nobody knows, and leads back. */
export function AsOfBanner<Row>({
  state,
  answer,
  limits,
  columns,
}: {
  state: ListState;
  answer: ListAnswer<Row> | undefined;
  limits: AsOfLimits;
  columns: readonly Column<Row>[];
}): ReactNode {
  if (state.asOf === null) return null;
  const untold = columns.filter(({ id }) => limits.notColumns?.includes(id)).map(({ label }) => t(label));
  const notKnown = answer?.notKnown ?? [];
  return (
    <Banner kind="info" action={<Button onClick={() => state.change({ asof: null })}>{t(texts.backToNow)}</Button>}>
      <p>
        <strong>{t(texts.asOfDay, { day: formatDay(state.asOf) })}</strong>{" "}
        {untold.length > 0 && t(texts.notToldThen, { columns: listOf(untold) })}
      </p>
      {state.notTold.length > 0 && (
        <p>{t(texts.notFilteredThen, { filters: listOf(state.notTold.map(({ label }) => t(label))) })}</p>
      )}
      {notKnown.map(({ siteId, site, kind, since }) => (
        <p key={`${siteId}${kind}`}>
          {since === null ? t(texts.neverKnown, { site }) : t(texts.knownSince, { site, day: formatDay(since) })}
        </p>
      ))}
    </Banner>
  );
}

function listOf(words: readonly string[]): string {
  return new Intl.ListFormat("en").format(words);
}
