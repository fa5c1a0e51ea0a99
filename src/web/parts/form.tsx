import { type ComponentProps, createContext, type ReactNode, use, useId } from "react";
import { ApiProblem } from "../api/call.ts";
import { t } from "../text/t.ts";
import classes from "./form.module.css";
import { partTexts as texts } from "./texts.ts";

export type FormProblem = Error | null;

interface FieldMistake {
  field: string;
  what: string;
  expected: string;
}

const Mistakes = createContext<readonly FieldMistake[]>([]);

/** The fields that the server found wrong: a summary on top, and each under its own field. */
export function FormErrors({
  problem,
  isQuiet = false,
  children,
}: {
  problem: FormProblem;
  /** No summary on top: nothing was sent, and what is wrong so far stands at its field. */
  isQuiet?: boolean;
  children: ReactNode;
}): ReactNode {
  const mistakes = problem instanceof ApiProblem ? problem.problem.errors : [];
  return (
    <Mistakes value={mistakes}>
      {!isQuiet && mistakes.length > 0 && (
        <div className={classes["summary"]} role="alert">
          <p>{t(texts.whatIsWrong, { count: mistakes.length })}</p>
          <ul>
            {mistakes.map((each) => (
              <li key={each.field}>
                {nameOf(each.field)}: {t(texts.expected, { what: each.what, expected: each.expected })}
              </li>
            ))}
          </ul>
        </div>
      )}
      {children}
    </Mistakes>
  );
}

/** `body.limits.perRun` is the field `limits.perRun`. */
function nameOf(field: string): string {
  return field.replace(/^(body|query)\./, "");
}

function useMistake(name: string): string | null {
  const found = use(Mistakes).find(({ field }) => nameOf(field) === name || nameOf(field).startsWith(`${name}.`));
  return found ? t(texts.expected, { what: found.what, expected: found.expected }) : null;
}

interface LabeledProps {
  /** As the API names it, so that a refusal finds its field. */
  name: string;
  label: string;
  hint?: ReactNode;
  isOptional?: boolean;
}

/** Label above, hint under, error under that. `children` gets the ids that tie them to the control. */
export function Field({
  name,
  label,
  hint,
  isOptional = false,
  children,
}: LabeledProps & {
  children: (control: { id: string; name: string; "aria-describedby": string; "aria-invalid": boolean }) => ReactNode;
}): ReactNode {
  const id = useId();
  const mistake = useMistake(name);
  return (
    <div className={classes["field"]}>
      <label htmlFor={id}>
        {label}
        {isOptional && <span className={classes["optional"]}> ({t(texts.optional)})</span>}
      </label>
      {children({ id, name, "aria-describedby": `${id}-about`, "aria-invalid": mistake !== null })}
      <div id={`${id}-about`} className={classes["about"]}>
        {hint}
        {mistake && <p className={classes["mistake"]}>{mistake}</p>}
      </div>
    </div>
  );
}

export function TextField({
  name,
  label,
  hint,
  isOptional,
  ...input
}: LabeledProps & Omit<ComponentProps<"input">, "name" | "className" | "id">): ReactNode {
  return (
    <Field name={name} label={label} hint={hint} isOptional={isOptional}>
      {(control) => <input type="text" {...input} {...control} className={classes["control"]} />}
    </Field>
  );
}

export function TextArea({
  name,
  label,
  hint,
  isOptional,
  ...input
}: LabeledProps & Omit<ComponentProps<"textarea">, "name" | "className" | "id">): ReactNode {
  return (
    <Field name={name} label={label} hint={hint} isOptional={isOptional}>
      {(control) => <textarea rows={3} {...input} {...control} className={classes["control"]} />}
    </Field>
  );
}

export interface Choice {
  value: string;
  label: string;
}

export function SelectField({
  name,
  label,
  hint,
  isOptional,
  choices,
  ...input
}: LabeledProps & { choices: readonly Choice[] } & Omit<
    ComponentProps<"select">,
    "name" | "className" | "id"
  >): ReactNode {
  return (
    <Field name={name} label={label} hint={hint} isOptional={isOptional}>
      {(control) => (
        <select {...input} {...control} className={classes["control"]}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField({
  label,
  hint,
  ...input
}: { label: ReactNode; hint?: ReactNode } & Omit<ComponentProps<"input">, "type" | "className" | "id">): ReactNode {
  const id = useId();
  return (
    <div className={classes["check"]}>
      <input {...input} type="checkbox" id={id} aria-describedby={hint ? `${id}-about` : undefined} />
      <label htmlFor={id}>{label}</label>
      {hint && (
        <div id={`${id}-about`} className={classes["about"]}>
          {hint}
        </div>
      )}
    </div>
  );
}

export function RadioFields({
  name,
  legend,
  choices,
  value,
  onChoose,
}: {
  name: string;
  legend: string;
  choices: readonly (Choice & { hint?: ReactNode })[];
  value: string;
  onChoose: (value: string) => void;
}): ReactNode {
  const id = useId();
  return (
    <fieldset className={classes["radios"]}>
      <legend>{legend}</legend>
      {choices.map((choice) => (
        <div key={choice.value} className={classes["check"]}>
          <input
            type="radio"
            id={`${id}-${choice.value}`}
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChoose(choice.value)}
          />
          <label htmlFor={`${id}-${choice.value}`}>{choice.label}</label>
          {choice.hint && <div className={classes["about"]}>{choice.hint}</div>}
        </div>
      ))}
    </fieldset>
  );
}
