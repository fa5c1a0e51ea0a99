import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "../../../parts/button.tsx";
import { CheckField, Field, SelectField, TextArea, TextField } from "../../../parts/form.tsx";
import form from "../../../parts/form.module.css";
import { formatNumber } from "../../../text/format.ts";
import type { Text } from "../../../text/define.ts";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { type Kind, newPart, type Parameter, type Part, pathOf, type RuleDraft } from "./draft.ts";
import { editorTexts as texts } from "./texts.ts";

export interface DraftParts {
  draft: RuleDraft;
  set: (changed: Partial<RuleDraft>) => void;
}

/** The form of a condition, made of what the API says that conditions there are and what each takes. */
export function ConditionFields({
  draft,
  set,
  kinds,
  facts,
}: DraftParts & {
  kinds: readonly Kind[];
  facts: readonly { name: string; type: string; about: string }[];
}): ReactNode {
  if (draft.json !== null) {
    return (
      <TextArea
        name="condition"
        label={t(texts.json)}
        hint={t(texts.jsonHint)}
        rows={10}
        spellCheck={false}
        value={draft.json}
        onChange={(event) => set({ json: event.target.value })}
      />
    );
  }
  const change = (index: number, part: Part | null) =>
    set({ parts: draft.parts.flatMap((each, at) => (at === index ? (part ? [part] : []) : [each])) });
  const [first] = kinds;
  return (
    <>
      {draft.parts.length > 1 && (
        <SelectField
          name="match"
          label={t(texts.match)}
          choices={[
            { value: "all", label: t(texts.matchAll) },
            { value: "any", label: t(texts.matchAny) },
          ]}
          value={draft.match}
          onChange={(event) => set({ match: event.target.value as RuleDraft["match"] })}
        />
      )}
      {draft.parts.map((part, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- parts have no name of their own, and each is controlled
        <fieldset key={index} className={classes["part"]}>
          <legend className="aloud">{t(texts.condition, { number: index + 1 })}</legend>
          <PartFields
            part={part}
            kinds={kinds}
            facts={facts}
            number={index + 1}
            pathOf={(name) => pathOf(draft, index, name)}
            onChange={(changed) => change(index, changed)}
            onRemove={draft.parts.length > 1 ? () => change(index, null) : null}
          />
        </fieldset>
      ))}
      {first && (
        <div>
          <Button icon={Plus} onClick={() => set({ parts: [...draft.parts, newPart(first)] })}>
            {t(texts.addCondition)}
          </Button>
        </div>
      )}
    </>
  );
}

function PartFields({
  part,
  kinds,
  facts,
  number,
  pathOf: path,
  onChange,
  onRemove,
}: {
  part: Part;
  kinds: readonly Kind[];
  facts: readonly { name: string; type: string; about: string }[];
  number: number;
  pathOf: (name: string) => string;
  onChange: (part: Part) => void;
  onRemove: (() => void) | null;
}): ReactNode {
  const kind = kinds.find(({ id }) => id === part.is);
  return (
    <>
      <div className={classes["partHead"]}>
        <SelectField
          name={path("is")}
          label={t(texts.condition, { number })}
          hint={kind?.description}
          choices={kinds.map(({ id, label }) => ({ value: id, label }))}
          value={part.is}
          onChange={(event) => {
            const chosen = kinds.find(({ id }) => id === event.target.value);
            if (chosen) onChange({ ...newPart(chosen), isNot: part.isNot });
          }}
        />
        {onRemove && <IconButton icon={X} label={t(texts.removeCondition, { number })} onClick={onRemove} />}
      </div>
      {kind?.parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          name={path(parameter.name)}
          value={part.typed[parameter.name] ?? ""}
          onChange={(text) => onChange({ ...part, typed: { ...part.typed, [parameter.name]: text } })}
        />
      ))}
      {part.is === "expression" && <Facts facts={facts} />}
      <CheckField
        label={t(texts.isNot)}
        checked={part.isNot}
        onChange={(event) => onChange({ ...part, isNot: event.target.checked })}
      />
    </>
  );
}

interface ParameterProps {
  parameter: Parameter;
  name: string;
  value: string;
  onChange: (text: string) => void;
}

function ParameterField({ parameter, name, value, onChange }: ParameterProps): ReactNode {
  const { label, type, isRequired, choices, min, max } = parameter;
  if (choices !== null) return <ChoicesField {...{ parameter, name, value, onChange }} />;
  if (type === "text") return <ExpressionField {...{ parameter, name, value, onChange }} />;
  return (
    <TextField
      name={name}
      label={label}
      isOptional={!isRequired}
      hint={
        type === "list"
          ? t(texts.list)
          : min !== null && max !== null
            ? `${formatNumber(min)}–${formatNumber(max)}`
            : undefined
      }
      {...(type === "integer" ? { type: "number", min: min ?? undefined, max: max ?? undefined } : {})}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** Values of the API that have a word here; editions are called as the API calls them. */
const CHOICES: Readonly<Record<string, Text>> = {
  viewed: texts.viewed,
  authenticated: texts.authenticated,
  left: texts.personLeft,
  disabled: texts.personDisabled,
};

function wordsOf(choice: string): string {
  const words = CHOICES[choice];
  return words ? t(words) : choice;
}

function ChoicesField({ parameter: { label, choices }, name, value, onChange }: ParameterProps): ReactNode {
  const chosen = value.split(",").map((each) => each.trim());
  return (
    <Field name={name} label={label} isOptional>
      {({ id, ...control }) => (
        <div
          id={id}
          role="group"
          aria-label={label}
          aria-describedby={control["aria-describedby"]}
          className={classes["row"]}
        >
          {choices?.map((choice) => (
            <CheckField
              key={choice}
              label={wordsOf(choice)}
              checked={chosen.includes(choice)}
              onChange={(event) =>
                onChange(
                  choices.filter((each) => (each === choice ? event.target.checked : chosen.includes(each))).join(", "),
                )
              }
            />
          ))}
        </div>
      )}
    </Field>
  );
}

function ExpressionField({ parameter: { label }, name, value, onChange }: ParameterProps): ReactNode {
  return (
    <TextArea
      name={name}
      label={label}
      rows={3}
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      // oxlint-disable-next-line react/forbid-component-props -- code is read in monospace
      style={{ fontFamily: "var(--mono)" }}
    />
  );
}

function Facts({ facts }: { facts: readonly { name: string; type: string; about: string }[] }): ReactNode {
  return (
    <details>
      <summary className={form["optional"]}>{t(texts.facts)}</summary>
      <dl className={classes["facts"]}>
        {facts.map(({ name, about }) => (
          <Fact key={name} name={name} about={about} />
        ))}
      </dl>
    </details>
  );
}

function Fact({ name, about }: { name: string; about: string }): ReactNode {
  return (
    <>
      <dt>
        <code>{name}</code>
      </dt>
      <dd>{about}</dd>
    </>
  );
}
