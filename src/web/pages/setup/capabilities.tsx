import { type FormEvent, type ReactNode, useState } from "react";
import { ApiProblem, callApi } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { useQueryClient } from "@tanstack/react-query";
import {
  CAPABILITY_WORDS,
  type Capability,
  CHOOSABLE,
  SOURCES,
  type SourceKind,
} from "../../parts/connections/words.tsx";
import { CheckField, RadioFields } from "../../parts/form.tsx";
import { Section } from "../../parts/page.tsx";
import { Banner, Failure, Shown } from "../../parts/states.tsx";
import { useMayByRole } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { Requirements } from "./requirements.tsx";
import { StepActs, StepHeading, useGoTo } from "./steps-nav.tsx";
import type { Draft } from "./steps.ts";
import { texts } from "./texts.ts";

const FIRST: readonly Capability[] = ["roster", "activity", "permissions"];

/** What Usher may do; what that asks for is shown in words as it is chosen. Continue makes the draft. */
export function CapabilitiesStep({ draft }: { draft: Draft | null }): ReactNode {
  const goTo = useGoTo();
  const mayByRole = useMayByRole();
  const queries = useQueryClient();
  const [source, setSource] = useState<SourceKind>(draft?.source ?? "confluence-cloud");
  const [chosen, setChosen] = useState<readonly Capability[]>(draft?.capabilities ?? FIRST);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const needs = useApi("sources.requirements", { params: { source }, query: { capabilities: chosen } });

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      const id = await saveChoice(draft, source, chosen);
      await queries.invalidateQueries({ queryKey: ["connections"] });
      goTo("connect", id);
    } catch (thrown) {
      setError(thrown as Error);
      setBusy(false);
    }
  }

  return (
    <form className={classes["step"]} onSubmit={(event) => void save(event)}>
      <StepHeading title={texts.capabilitiesTitle} about={texts.capabilitiesAbout} />
      {/* Another source is another connection, which only a role makes. */}
      {mayByRole("connections:write") && (
        <RadioFields
          name="source"
          legend={t(texts.source)}
          value={source}
          onChoose={(value) => setSource(value as SourceKind)}
          choices={Object.entries(SOURCES).map(([value, label]) => ({ value, label: t(label) }))}
        />
      )}
      {draft && draft.source !== source && <Banner kind="info">{t(texts.sourceChanged)}</Banner>}
      <fieldset>
        <legend>
          <strong>{t(texts.choose)}</strong>
        </legend>
        {CHOOSABLE.map((capability) => (
          <CheckField
            key={capability}
            name="capabilities"
            value={capability}
            label={t(CAPABILITY_WORDS[capability].label)}
            hint={t(CAPABILITY_WORDS[capability].about)}
            checked={chosen.includes(capability)}
            disabled={capability === "roster"}
            onChange={({ target }) => setChosen(withChoice(chosen, capability, target.checked))}
          />
        ))}
      </fieldset>
      <Section title={texts.needs}>
        <Shown query={needs} rows={3}>
          {(found) => <Requirements of={found} />}
        </Shown>
      </Section>
      {error && <Failure error={error} />}
      <StepActs step="capabilities" draft={draft} isBusy={isBusy} />
    </form>
  );
}

function withChoice(before: readonly Capability[], capability: Capability, isOn: boolean): readonly Capability[] {
  return CHOOSABLE.filter((each) => (each === capability ? isOn : before.includes(each)));
}

/** Answers the draft's id. Another source is another connection: a new draft takes the old one's place. */
async function saveChoice(
  draft: Draft | null,
  source: SourceKind,
  capabilities: readonly Capability[],
): Promise<string> {
  if (draft && draft.source === source) {
    if (capabilities.join() === draft.capabilities.join()) return draft.id;
    const params = { connectionId: draft.id };
    await callApi("connections.change", { params, body: { capabilities }, ifMatch: draft.revision });
    return draft.id;
  }
  const made = await makeDraft(source, capabilities);
  if (draft) await callApi("connections.archive", { params: { connectionId: draft.id } });
  return made;
}

const NAMES_MAX = 20;

/** A draft under the first name that is free; it gets its site's name once that is known. */
export async function makeDraft(source: SourceKind, capabilities: readonly Capability[]): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? t(texts.draftName) : t(texts.draftNameMore, { number });
    try {
      return (await callApi("connections.create", { body: { name, source, capabilities } })).id;
    } catch (thrown) {
      const isTaken = thrown instanceof ApiProblem && thrown.problem.code === "name-taken";
      if (!isTaken || number === NAMES_MAX) throw thrown;
    }
  }
}

/** Whether a draft still has the name that it was made with. */
export function hasFirstName({ name }: Pick<Draft, "name">): boolean {
  return name.startsWith(t(texts.draftName));
}
