import type { ReactNode } from "react";
import { useChange } from "../../api/query.ts";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { CheckField, Field, TextArea, TextField } from "../../parts/form.tsx";
import form from "../../parts/form.module.css";
import { Failure } from "../../parts/states.tsx";
import type { Selection } from "../../parts/table/table-types.ts";
import { say } from "../../parts/toast.tsx";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { texts } from "./act-texts.ts";
import type { PersonRow } from "./labels.ts";
import { PEOPLE_MAX, useSelectedPeople } from "./selected-people.ts";

const EFFECTS: readonly (readonly [effect: string, label: Text])[] = [
  ["no-reclaim", texts.noReclaim],
  ["not-counted", texts.notCounted],
  ["no-review", texts.noReview],
  ["no-notify", texts.noNotify],
];

/** Leaves the people that are selected out, for a reason and until a day. */
export function ExcludeDialog({
  selection,
  onClose,
}: {
  selection: Selection<PersonRow>;
  onClose: () => void;
}): ReactNode {
  const people = useSelectedPeople(selection);
  const change = useChange("exclusion-rules.create", ["people", "seats", "accounts", "overview"]);
  const count = Math.min(selection.count, PEOPLE_MAX);
  const submit = async (data: FormData) => {
    const until = String(data.get("expiresAt") ?? "");
    const name = String(data.get("name"));
    await change.mutateAsync({
      body: {
        name,
        condition: { is: "person", people: (people.data ?? []).map(({ personId }) => personId) },
        effects: data.getAll("effects"),
        reason: String(data.get("reason")),
        expiresAt: until === "" ? null : `${until}T23:59:59Z`,
      },
    });
    say(t(texts.excluded, { name }));
    selection.clear();
  };
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(texts.excludeTitle, { count })}
      act={t(texts.excludeAct, { count })}
      onSubmit={submit}
    >
      <p>{t(texts.excludeHint)}</p>
      {selection.count > PEOPLE_MAX && <p>{t(texts.tooMany, { max: PEOPLE_MAX })}</p>}
      {people.isPending && <p role="status">{t(texts.collecting)}</p>}
      {people.error && <Failure error={people.error} onRetry={() => void people.refetch()} />}
      <TextField name="name" label={t(texts.name)} maxLength={100} required />
      <fieldset className={form["radios"]}>
        <legend>{t(texts.effects)}</legend>
        {EFFECTS.map(([effect, label]) => (
          <CheckField
            key={effect}
            name="effects"
            value={effect}
            label={t(label)}
            defaultChecked={effect === "no-reclaim"}
          />
        ))}
      </fieldset>
      <TextArea name="reason" label={t(texts.reason)} maxLength={1000} required />
      <Field name="expiresAt" label={t(texts.until)} hint={t(texts.untilHint)} isOptional>
        {(control) => <input type="date" {...control} className={form["control"]} />}
      </Field>
    </FormDialog>
  );
}
