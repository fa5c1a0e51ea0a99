import { Link, useNavigate } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { ApiProblem, callApi } from "../../api/call.ts";
import { credentialWords } from "../../parts/connections/credential-form.tsx";
import { OwnersField, ownersFrom } from "../../parts/connections/owners-field.tsx";
import { CAPABILITY_WORDS } from "../../parts/connections/words.tsx";
import { FormErrors, TextField } from "../../parts/form.tsx";
import { Section } from "../../parts/page.tsx";
import { Banner, Failure } from "../../parts/states.tsx";
import { Rich } from "../../text/rich.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { StepActs, StepHeading } from "./steps-nav.tsx";
import type { Draft, Step } from "./steps.ts";
import { texts } from "./texts.ts";

/** What was chosen, what the first sync will take, who answers for it; then the schedule takes over. */
export function PublishStep({ draft }: { draft: Draft }): ReactNode {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);

  async function publish(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await saveNameAndOwners(draft, form);
      await callApi("connections.publish", { params: { connectionId: draft.id } });
      const { items } = await callApi("runs.list", { query: { connectionId: draft.id, limit: 1 } });
      await queries.invalidateQueries();
      const run = items[0];
      void navigate(
        (run
          ? { to: "/runs/$id", params: { id: run.id } }
          : { to: "/connections/$id", params: { id: draft.id } }) as never,
      );
    } catch (thrown) {
      setError(thrown as Error);
      await queries.invalidateQueries({ queryKey: ["connections"] });
      setBusy(false);
    }
  }

  return (
    <form className={classes["step"]} noValidate onSubmit={(event) => void publish(event)}>
      <StepHeading title={texts.publishTitle} />
      <FormErrors problem={error}>
        <Answers draft={draft} />
        <Section title={texts.forecast}>
          {draft.sites.map(({ id, name, forecast }) => (
            <div key={id}>
              <p>
                {forecast
                  ? t(texts.forecastOf, { site: name, requests: forecast.requests, verdict: forecast.verdict })
                  : name}
              </p>
              {forecast?.basis === "assumed" && <p className={classes["muted"]}>{t(texts.forecastAssumed)}</p>}
            </div>
          ))}
        </Section>
        <TextField name="name" label={t(texts.name)} defaultValue={draft.name} autoComplete="off" />
        <OwnersField owners={draft.owners} />
      </FormErrors>
      {draft.state === "draft" && (
        <Banner kind="warn">
          <Rich
            text={texts.notChecked}
            parts={{
              check: (words) => (
                <Link to={"/setup" as string} search={{ step: "check", connection: draft.id } as never}>
                  {words}
                </Link>
              ),
            }}
          />
        </Banner>
      )}
      {error && !(error instanceof ApiProblem && error.problem.errors.length > 0) && <Failure error={error} />}
      <StepActs step="publish" draft={draft} act={texts.publishAct} isBusy={isBusy} />
    </form>
  );
}

async function saveNameAndOwners(draft: Draft, form: FormData): Promise<void> {
  const name = String(form.get("name") ?? "").trim();
  const owners = ownersFrom(String(form.get("owners") ?? ""));
  if (name === draft.name && owners.join() === draft.owners.join()) return;
  const params = { connectionId: draft.id };
  await callApi("connections.change", { params, body: { name, owners }, ifMatch: draft.revision });
}

function Answers({ draft }: { draft: Draft }): ReactNode {
  const capabilities = draft.capabilities.map((each) => t(CAPABILITY_WORDS[each].label)).join(", ");
  const credentials = draft.credentials.map((each) => credentialWords(each)).join(", ");
  const sites = draft.sites.map(({ name }) => name).join(", ");
  const answers = [
    { what: t(texts.aCapabilities), words: capabilities, step: "capabilities" },
    { what: t(texts.aCredential), words: credentials, step: "connect" },
    { what: t(texts.aSite), words: sites, step: "sites" },
  ] as const satisfies readonly { what: string; words: string; step: Step }[];
  return (
    <Section title={texts.answers}>
      <dl className={classes["answers"]}>
        {answers.map(({ what, words, step }) => (
          <div key={step} className={classes["answer"]}>
            <dt>{what}</dt>
            <dd>{words === "" ? t(texts.nothing) : words}</dd>
            <dd>
              <Link
                to={"/setup" as string}
                search={{ step, connection: draft.id } as never}
                aria-label={t(texts.changeOf, { what })}
              >
                {t(texts.change)}
              </Link>
            </dd>
          </div>
        ))}
        <div className={classes["answer"]}>
          <dt>{t(texts.aMode)}</dt>
          <dd>{t(texts.modeWords)}</dd>
        </div>
      </dl>
    </Section>
  );
}
