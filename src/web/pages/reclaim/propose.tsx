import { type ReactNode, useState } from "react";
import { type AnswerFor, callApi } from "../../api/call.ts";
import { useLooked } from "../../api/looked.ts";
import { useChange } from "../../api/query.ts";
import { CheckField, TextArea, TextField } from "../../parts/form.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { Banner, Loading } from "../../parts/states.tsx";
import { say } from "../../parts/toast.tsx";
import { t } from "../../text/t.ts";
import { texts } from "./propose-texts.ts";

type Proposal = AnswerFor<"candidates.propose">;

interface ProposedPerson {
  personId: string;
  name: string;
}

const NAMES_SHOWN = 3;
const ERRORS_SHOWN = 10;

/** Proposes every seat of these people, or only those of `accountIds`; says before who cannot be proposed, and why. */
export function ProposeReclamation({
  people,
  accountIds,
  onClose,
}: {
  people: readonly ProposedPerson[];
  /** Of seats that were selected themselves, in the order of `people`: these, and not every seat of theirs. */
  accountIds?: readonly string[];
  onClose: () => void;
}): ReactNode {
  const [isAsking, setAsking] = useState(true);
  const propose = useChange("candidates.propose");
  const whom = accountIds ? { accountIds } : { personIds: people.map(({ personId }) => personId) };
  // What is told of a person does not depend on why they are proposed.
  const preview = useLooked(
    () => callApi("candidates.propose", { body: { ...whom, reason: "–", ask: isAsking, preview: true } }),
    JSON.stringify([whom, isAsking]),
  );
  const count = preview.data?.proposed ?? people.length;
  const names = new Map(people.map(({ personId, name }) => [personId, name]));

  async function submit(form: FormData): Promise<void> {
    const decider = String(form.get("decider") ?? "").trim();
    const done = await propose.mutateAsync({
      body: {
        ...whom,
        reason: String(form.get("reason") ?? ""),
        ask: isAsking,
        decider: decider === "" ? null : decider,
        acceptErrors: true,
      },
    });
    say(t(texts.proposed, { count: done.proposed }));
  }

  return (
    <FormDialog
      isOpen
      isWide
      onClose={onClose}
      title={t(texts.title, { count: people.length })}
      act={t(texts.act, { count })}
      onSubmit={submit}
      canSend={count > 0}
    >
      <p>{namesOf(people)}</p>
      <p>{t(texts.nothingYet)}</p>
      <TextArea name="reason" label={t(texts.reason)} hint={t(texts.reasonHint)} maxLength={500} />
      <CheckField
        label={t(texts.ask)}
        hint={t(texts.askHint)}
        checked={isAsking}
        onChange={(event) => setAsking(event.target.checked)}
      />
      <TextField name="decider" type="email" label={t(texts.decider)} isOptional />
      {preview.data ? (
        <Looked
          proposal={preview.data}
          nameOf={({ row, value }) => (accountIds ? people[row - 1]?.name : names.get(value)) ?? value}
        />
      ) : (
        <Loading rows={2} />
      )}
    </FormDialog>
  );
}

function Looked({
  proposal: { proposed, errors, errorsCount },
  nameOf,
}: {
  proposal: Proposal;
  nameOf: (error: Proposal["errors"][number]) => string;
}): ReactNode {
  return (
    <Banner kind={errorsCount > 0 ? "warn" : "info"}>
      <p>{proposed === 0 ? t(texts.none) : t(texts.would, { proposed })}</p>
      {errorsCount > 0 && (
        <>
          <p>{t(texts.leftOut, { count: errorsCount })}</p>
          <ul>
            {errors.slice(0, ERRORS_SHOWN).map((error) => (
              <li key={error.row}>
                {t(texts.why, { name: nameOf(error), what: error.what, expected: error.expected })}
              </li>
            ))}
          </ul>
        </>
      )}
    </Banner>
  );
}

function namesOf(people: readonly ProposedPerson[]): string {
  const shown = people.slice(0, NAMES_SHOWN).map(({ name }) => name);
  const more = people.length - shown.length;
  return more > 0 ? t(texts.who, { names: shown.join(", "), more }) : shown.join(", ");
}
