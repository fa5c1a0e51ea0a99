import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { type AnswerFor, ApiProblem, callApi } from "../../api/call.ts";
import { useChange } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import {
  credentialBody,
  credentialWords,
  CredentialFields,
  type CredentialKind,
  KINDS,
} from "../../parts/connections/credential-form.tsx";
import { openConsent } from "../../parts/connections/open-consent.ts";
import { connectionTexts } from "../../parts/connections/texts.ts";
import { FormErrors, RadioFields } from "../../parts/form.tsx";
import { Failure } from "../../parts/states.tsx";
import { say, sayProblem } from "../../parts/toast.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { NeedsOf } from "./requirements.tsx";
import type { Draft } from "./steps.ts";
import { texts } from "./texts.ts";

type Needs = AnswerFor<"sources.requirements">;

export function CredentialList({ draft }: { draft: Draft }): ReactNode {
  const remove = useChange("credentials.remove", ["connections"]);
  if (draft.credentials.length === 0) return null;
  return (
    <ul role="list" className={classes["list"]} aria-label={t(texts.credentials)}>
      {draft.credentials.map(({ id, kind, label, isAuthorized }) => (
        <li key={id}>
          <span>{credentialWords({ kind, label })}</span>
          <Badge kind={isAuthorized ? "ok" : "warn"}>
            {t(isAuthorized ? texts.ready : connectionTexts.notConsented)}
          </Badge>
          <span className={classes["spread"]} />
          {kind === "oauth" && (
            <Button
              kind={isAuthorized ? "plain" : "primary"}
              onClick={() => void openConsent(draft.id, id, returnTo(draft.id)).catch(sayProblem)}
            >
              {t(texts.consent)}
            </Button>
          )}
          <Button
            aria-label={t(texts.removeOf, { label })}
            onClick={() =>
              remove.mutate({ params: { connectionId: draft.id, credentialId: id } }, { onError: sayProblem })
            }
          >
            {t(texts.remove)}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function returnTo(connectionId: string): string {
  return `/setup?connection=${connectionId}&step=sites`;
}

/** One of the kinds that this source takes, and what it needs. */
export function SignInForm({ draft, needs }: { draft: Draft; needs: Needs }): ReactNode {
  const queries = useQueryClient();
  const [kind, setKind] = useState<CredentialKind>(needs.credentials[0]?.kind ?? "api-token");
  const [round, setRound] = useState(0);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const need = needs.credentials.find((each) => each.kind === kind);

  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    const body = credentialBody(kind, new FormData(event.currentTarget));
    setBusy(true);
    setError(null);
    try {
      const made = await callApi("credentials.create", { params: { connectionId: draft.id }, body });
      if (kind === "oauth") return await openConsent(draft.id, made.id, returnTo(draft.id));
      say(t(texts.credentialSaved, { label: made.label }));
      await queries.invalidateQueries({ queryKey: ["connections"] });
      setRound(round + 1);
    } catch (thrown) {
      setError(thrown as Error);
    }
    setBusy(false);
  }

  return (
    <form key={round} className={classes["card"]} noValidate onSubmit={(event) => void save(event)}>
      <RadioFields
        name="kind"
        legend={t(texts.kind)}
        value={kind}
        onChoose={(value) => {
          setKind(value as CredentialKind);
          setError(null);
        }}
        choices={needs.credentials.map((each) => ({
          value: each.kind,
          label: t(KINDS[each.kind]),
          hint: each.kind === kind ? each.where : !each.isEnough && t(texts.beside),
        }))}
      />
      {kind === "oauth" && <p className={classes["wrap"]}>{t(connectionTexts.callback, { url: needs.redirectUrl })}</p>}
      {need && (
        <details className={classes["details"]}>
          <summary>{t(texts.needs)}</summary>
          <NeedsOf credential={need} />
        </details>
      )}
      <FormErrors problem={error}>
        <CredentialFields kind={kind} />
      </FormErrors>
      {error && !(error instanceof ApiProblem && error.problem.errors.length > 0) && <Failure error={error} />}
      <div>
        <Button type="submit" isBusy={isBusy}>
          {t(kind === "oauth" ? texts.saveAndConsent : texts.save)}
        </Button>
      </div>
    </form>
  );
}
