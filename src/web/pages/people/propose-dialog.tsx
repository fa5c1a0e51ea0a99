import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type AnswerFor, callApi } from "../../api/call.ts";
import { useChange } from "../../api/query.ts";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { CheckField, TextArea, TextField } from "../../parts/form.tsx";
import { Failure } from "../../parts/states.tsx";
import type { Selection } from "../../parts/table/table-types.ts";
import { say } from "../../parts/toast.tsx";
import { t } from "../../text/t.ts";
import { texts } from "./act-texts.ts";
import type { PersonRow } from "./labels.ts";
import classes from "./page.module.css";
import { PEOPLE_MAX, useSelectedPeople } from "./selected-people.ts";

/** So many reasons for leaving somebody out are shown; the number says how many there are. */
const ERRORS_SHOWN = 5;
/** Why nothing is kept of a preview. */
const PREVIEW_REASON = "Preview";

/** Puts seats on the way of candidates: their holders are asked, or who decides decides. Takes nothing by itself. */
export function ProposeDialog({
  selection,
  isAsking,
  onClose,
}: {
  selection: Selection<PersonRow>;
  isAsking: boolean;
  onClose: () => void;
}): ReactNode {
  const people = useSelectedPeople(selection);
  const accountIds = people.data?.flatMap((each) => each.seatAccountIds).slice(0, PEOPLE_MAX) ?? [];
  const preview = useQuery({
    queryKey: ["candidates", "preview", accountIds],
    queryFn: ({ signal }) =>
      callApi("candidates.propose", {
        body: { accountIds, reason: PREVIEW_REASON, preview: true, acceptErrors: true },
        signal,
      }),
    enabled: accountIds.length > 0,
  });
  const change = useChange("candidates.propose", ["people", "seats", "overview"]);
  const count = preview.data?.proposed ?? 0;
  const submit = async (data: FormData) => {
    const answer = await change.mutateAsync({
      body: {
        accountIds,
        reason: String(data.get("reason")),
        ask: isAsking || data.get("ask") === "on",
        decider: String(data.get("decider") ?? "").trim() || null,
        acceptErrors: true,
      },
    });
    say(t(texts.proposed, { count: answer.proposed }));
    selection.clear();
  };
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(isAsking ? texts.askTitle : texts.proposeTitle, { count: selection.count })}
      act={t(isAsking ? texts.askAct : texts.proposeAct, { count })}
      onSubmit={submit}
    >
      {people.isPending && <p role="status">{t(texts.collecting)}</p>}
      {people.error && <Failure error={people.error} onRetry={() => void people.refetch()} />}
      {preview.isFetching && <p role="status">{t(texts.counting)}</p>}
      {preview.error && <Failure error={preview.error} onRetry={() => void preview.refetch()} />}
      {people.data && (
        <WhatWouldBe
          people={people.data}
          preview={preview.data}
          isAsking={isAsking}
          isCut={selection.count > PEOPLE_MAX}
        />
      )}
      <TextArea name="reason" label={t(texts.reason)} hint={t(texts.reasonHint)} maxLength={500} required />
      {!isAsking && <CheckField name="ask" label={t(texts.askFirst)} hint={t(texts.askFirstHint)} defaultChecked />}
      <TextField name="decider" type="email" label={t(texts.decider)} hint={t(texts.deciderHint)} isOptional />
    </FormDialog>
  );
}

function WhatWouldBe({
  people,
  preview,
  isAsking,
  isCut,
}: {
  people: readonly PersonRow[];
  preview: AnswerFor<"candidates.propose"> | undefined;
  isAsking: boolean;
  isCut: boolean;
}): ReactNode {
  const seatless = people.filter((each) => each.seatAccountIds.length === 0).length;
  const names = new Map(people.flatMap((each) => each.seatAccountIds.map((id) => [id, each.name])));
  return (
    <>
      {preview && <p>{t(texts.wouldPropose, { count: preview.proposed })}</p>}
      {isAsking && <p>{t(texts.wouldAsk)}</p>}
      {seatless > 0 && <p>{t(texts.noSeat, { count: seatless })}</p>}
      {isCut && <p>{t(texts.tooMany, { max: PEOPLE_MAX })}</p>}
      {preview && preview.errorsCount > 0 && (
        <div>
          <p>{t(texts.notProposed, { count: preview.errorsCount })}</p>
          <ul className={classes["list"]}>
            {preview.errors.slice(0, ERRORS_SHOWN).map(({ row, value, what, expected }) => (
              <li key={row}>
                {names.get(value) ?? value}: {t(texts.notProposedWhy, { what, expected })}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
