import { X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { t } from "../text/t.ts";
import { IconButton } from "./button.tsx";
import { Field } from "./form.tsx";
import form from "./form.module.css";
import classes from "./pick-several.module.css";
import { partTexts as texts } from "./texts.ts";

export interface Picked {
  id: string;
  name: string;
}

/**
 * Several things found by a part of their name: those that match what is typed stand below, each a button that picks it;
 * those that were picked stand above, each with its own remove.
 */
export function PickSeveral({
  name,
  label,
  hint,
  picked,
  onPick,
  words,
  onType,
  found,
}: {
  name: string;
  label: string;
  hint?: ReactNode;
  picked: readonly Picked[];
  onPick: (picked: readonly Picked[]) => void;
  /** What is being typed. */
  words: string;
  onType: (words: string) => void;
  /** What matches the words; nothing while it is being read. */
  found: readonly (Picked & { about?: string | null })[] | undefined;
}): ReactNode {
  const listId = useId();
  const others = found?.filter(({ id }) => !picked.some((each) => each.id === id));
  return (
    <div className={classes["picker"]}>
      {picked.length > 0 && (
        <ul role="list" className={classes["picked"]} aria-label={label}>
          {picked.map((each) => (
            <li key={each.id}>
              {each.name}
              <IconButton
                icon={X}
                label={t(texts.removeNamed, { name: each.name })}
                onClick={() => onPick(picked.filter(({ id }) => id !== each.id))}
              />
            </li>
          ))}
        </ul>
      )}
      <Field name={name} label={label} hint={hint}>
        {(control) => (
          <input
            type="search"
            {...control}
            name=""
            className={form["control"]}
            autoComplete="off"
            aria-controls={listId}
            value={words}
            onChange={(event) => onType(event.target.value)}
            onKeyDown={(event) => {
              // Enter would send the form that it stands in.
              if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault();
            }}
          />
        )}
      </Field>
      <ul role="list" id={listId} className={classes["found"]}>
        {words !== "" &&
          others?.map(({ about, ...each }) => (
            <li key={each.id}>
              <button
                type="button"
                onClick={() => {
                  onPick([...picked, each]);
                  onType("");
                }}
              >
                {each.name}
                {about && <span className={classes["about"]}>{about}</span>}
              </button>
            </li>
          ))}
      </ul>
      <p className="aloud" role="status">
        {words !== "" && others && t(texts.found, { count: others.length })}
      </p>
    </div>
  );
}
