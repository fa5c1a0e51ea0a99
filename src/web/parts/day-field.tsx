import { type ReactNode, useId } from "react";
import { useUrlState } from "../shell/url-state.ts";
import { t } from "../text/t.ts";
import classes from "./day-field.module.css";
import form from "./form.module.css";
import { partTexts as texts } from "./texts.ts";

/** The day that is looked at, `asof` in the address; empty for now. */
export function DayField(): ReactNode {
  const id = useId();
  const { state, change } = useUrlState();
  const today = new Date().toISOString().slice(0, 10);
  return (
    <span className={classes["day"]}>
      <label htmlFor={id}>{t(texts.asOfEndOf)}</label>
      <input
        id={id}
        type="date"
        className={form["control"]}
        max={today}
        value={state["asof"] ?? ""}
        onChange={(event) => change({ asof: event.target.value })}
      />
    </span>
  );
}
