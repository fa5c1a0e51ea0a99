import { type ReactNode, useState } from "react";
import { ApiProblem } from "../../api/call.ts";
import { useChange } from "../../api/query.ts";
import { CheckField, TextArea, TextField } from "../../parts/form.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { say } from "../../parts/toast.tsx";
import { t } from "../../text/t.ts";
import { conditionOf, draftOf, type Effect, EFFECTS, type Exclusion, NEW_DRAFT } from "./conditions.ts";
import { WhomFields } from "./fields.tsx";
import { EFFECT_HINTS, EFFECT_WORDS } from "./kinds.tsx";
import classes from "./page.module.css";
import { Preview, usePreview } from "./preview.tsx";
import { actTexts, formTexts as texts } from "./texts.ts";

const DAYS = 180;
const DAYS_MAX = 730;
const DAY_MS = 86_400_000;
/** What an exclusion changes beside the list of them. */
export const CHANGED_BY_EXCLUSIONS = ["seats", "people", "accounts", "candidates", "overview", "looked"];

/** Adds an exclusion, or edits one; says whom it would catch before it is saved. */
export function ExclusionDialog({ rule = null, onClose }: { rule?: Exclusion | null; onClose: () => void }): ReactNode {
  const [draft, setDraft] = useState(rule?.condition ? draftOf(rule.condition) : NEW_DRAFT);
  const [effects, setEffects] = useState<readonly Effect[]>(rule?.effects ?? ["no-reclaim"]);
  const add = useChange("exclusion-rules.create", CHANGED_BY_EXCLUSIONS);
  const change = useChange("exclusion-rules.change", CHANGED_BY_EXCLUSIONS);
  const isFindingItself = rule !== null && rule.condition === null;
  const condition = isFindingItself ? null : conditionOf(draft);
  const preview = usePreview({ condition, effects, siteIds: rule?.siteIds ?? null, ruleId: rule?.id ?? null });
  const hits = (condition && preview.data?.accounts) ?? 0;

  async function submit(form: FormData): Promise<void> {
    const said = {
      ...(isFindingItself ? {} : { condition: condition ?? {} }),
      ...(rule?.builtIn ? {} : { name: textOf(form, "name"), reason: textOf(form, "reason"), effects }),
    };
    const saved = rule
      ? await change.mutateAsync({ params: { ruleId: rule.id }, body: said, ifMatch: rule.revision }).catch(tellStale)
      : await add.mutateAsync({ body: { ...said, expiresAt: `${textOf(form, "expiresAt")}T00:00:00Z` } });
    say(t(rule ? actTexts.saved : actTexts.added, { name: saved.name }));
  }

  return (
    <FormDialog
      isOpen
      isWide
      onClose={onClose}
      title={rule ? t(texts.editTitle, { name: rule.name }) : t(texts.addTitle)}
      act={t(rule ? texts.save : texts.addCount, { hits })}
      onSubmit={submit}
    >
      {rule?.builtIn ? (
        <p>{t(texts.change, { name: rule.name })}</p>
      ) : (
        <TextField name="name" label={t(texts.name)} defaultValue={rule?.name ?? ""} maxLength={100} />
      )}
      {!isFindingItself && <WhomFields draft={draft} set={(changed) => setDraft({ ...draft, ...changed })} />}
      {!rule?.builtIn && (
        <>
          <EffectFields effects={effects} onChange={setEffects} />
          <TextArea
            name="reason"
            label={t(texts.reason)}
            hint={t(texts.reasonHint)}
            defaultValue={rule?.reason ?? ""}
            maxLength={1000}
          />
        </>
      )}
      {!rule && <UntilField />}
      <Preview preview={preview} isSaid={condition !== null && effects.length > 0} />
    </FormDialog>
  );
}

function EffectFields({
  effects,
  onChange,
}: {
  effects: readonly Effect[];
  onChange: (effects: readonly Effect[]) => void;
}): ReactNode {
  return (
    <fieldset className={classes["effects"]}>
      <legend>{t(texts.from)}</legend>
      {EFFECTS.map((effect) => (
        <CheckField
          key={effect}
          label={t(EFFECT_WORDS[effect])}
          hint={t(EFFECT_HINTS[effect])}
          checked={effects.includes(effect)}
          onChange={(event) =>
            onChange(EFFECTS.filter((each) => (each === effect ? event.target.checked : effects.includes(each))))
          }
        />
      ))}
    </fieldset>
  );
}

/** A day within the bounds of an exclusion, 180 days ahead unless `from` says later. */
export function UntilField({ from }: { from?: string | null }): ReactNode {
  const [now] = useState(() => Date.now());
  const dayIn = (days: number) => new Date(now + days * DAY_MS).toISOString().slice(0, 10);
  return (
    <TextField
      name="expiresAt"
      type="date"
      label={t(texts.until)}
      hint={t(texts.untilHint)}
      min={dayIn(1)}
      max={dayIn(DAYS_MAX)}
      defaultValue={from && from.slice(0, 10) > dayIn(DAYS) ? from.slice(0, 10) : dayIn(DAYS)}
    />
  );
}

export function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? "");
}

/** Says in words that somebody else was first; what they made of it is read again by then. */
export function tellStale(error: Error): never {
  const isStale = error instanceof ApiProblem && error.problem.code === "stale-revision";
  throw isStale ? new Error(t(actTexts.changed)) : error;
}
