import { type ReactNode, useState } from "react";
import { useApi } from "../../api/query.ts";
import { SelectField, TextArea, TextField } from "../../parts/form.tsx";
import { PickSeveral } from "../../parts/pick-several.tsx";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import {
  type Draft,
  FORM_KINDS,
  type FormKind,
  PATTERNS,
  type PatternHow,
  type TypeName,
  TYPES,
} from "./conditions.ts";
import { KIND_WORDS } from "./kinds.tsx";
import { formTexts as texts } from "./texts.ts";

const FOUND_MAX = 20;

interface Parts {
  draft: Draft;
  set: (changed: Partial<Draft>) => void;
}

const PATTERN_WORDS: Readonly<Record<PatternHow, Text>> = {
  begins: texts.begins,
  domain: texts.domain,
  department: texts.department,
  expression: texts.expression,
};

const TYPE_WORDS: Readonly<Record<TypeName, Text>> = {
  app: texts.app,
  customer: texts.customer,
  unknown: texts.unknownType,
  guest: texts.guest,
};

/** Who or what an exclusion catches: its kind, and the fields of that kind. */
export function WhomFields({ draft, set }: Parts): ReactNode {
  return (
    <>
      <SelectField
        name="kind"
        label={t(texts.kind)}
        choices={FORM_KINDS.map((value) => ({ value, label: t(KIND_WORDS[value]) }))}
        value={draft.kind}
        onChange={(event) => set({ kind: event.target.value as FormKind })}
      />
      <KindFields draft={draft} set={set} />
    </>
  );
}

function KindFields({ draft, set }: Parts): ReactNode {
  switch (draft.kind) {
    case "person":
      return <PeoplePicker draft={draft} set={set} />;
    case "group":
      return <GroupsPicker draft={draft} set={set} />;
    case "pattern":
      return <PatternFields draft={draft} set={set} />;
    case "type":
      return (
        <SelectField
          name="condition"
          label={t(texts.accountType)}
          choices={TYPES.map((value) => ({ value, label: t(TYPE_WORDS[value]) }))}
          value={draft.type}
          onChange={(event) => set({ type: event.target.value as TypeName })}
        />
      );
    case "identifier":
      return (
        <TextField
          name="condition"
          label={t(texts.identifiers)}
          hint={t(texts.identifiersHint)}
          value={draft.identifiers}
          onChange={(event) => set({ identifiers: event.target.value })}
        />
      );
    case "several":
      return (
        <TextArea
          name="condition"
          label={t(texts.condition)}
          hint={t(texts.conditionHint, { example: '{"is": "outsider", "domains": ["acme.example"]}' })}
          rows={6}
          spellCheck={false}
          value={draft.json}
          onChange={(event) => set({ json: event.target.value })}
        />
      );
  }
}

function PatternFields({ draft: { pattern }, set }: Parts): ReactNode {
  return (
    <>
      <SelectField
        name="pattern"
        label={t(texts.how)}
        choices={PATTERNS.map((value) => ({ value, label: t(PATTERN_WORDS[value]) }))}
        value={pattern.how}
        onChange={(event) => set({ pattern: { ...pattern, how: event.target.value as PatternHow } })}
      />
      <TextField
        name="condition"
        label={t(texts.value)}
        spellCheck={false}
        value={pattern.value}
        onChange={(event) => set({ pattern: { ...pattern, value: event.target.value } })}
      />
    </>
  );
}

function PeoplePicker({ draft, set }: Parts): ReactNode {
  const [words, setWords] = useState("");
  const { data } = useApi("people.list", { query: { q: words, limit: FOUND_MAX } }, { enabled: words !== "" });
  return (
    <PickSeveral
      name="condition"
      label={t(texts.people)}
      hint={t(texts.peopleHint)}
      picked={draft.people}
      onPick={(people) => set({ people })}
      words={words}
      onType={setWords}
      found={data?.items.map(({ personId, name, email }) => ({ id: personId, name, about: email }))}
    />
  );
}

function GroupsPicker({ draft, set }: Parts): ReactNode {
  const [words, setWords] = useState("");
  const { data } = useApi("groups.list", { query: { q: words, limit: FOUND_MAX } }, { enabled: words !== "" });
  return (
    <PickSeveral
      name="condition"
      label={t(texts.groups)}
      hint={t(texts.groupsHint)}
      picked={draft.groups}
      onPick={(groups) => set({ groups })}
      words={words}
      onType={setWords}
      found={data?.items.map(({ groupId, name, site }) => ({ id: groupId, name, about: site }))}
    />
  );
}
