import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type AnswerFor, callApi, type RowOf } from "../../api/call.ts";
import { useApi, useChange } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { KINDS } from "../../parts/connections/credential-form.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { SelectField, TextArea, TextField } from "../../parts/form.tsx";
import { Section } from "../../parts/page.tsx";
import { Banner } from "../../parts/states.tsx";
import { sayProblem } from "../../parts/toast.tsx";
import { formatDateTime } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type ConsentLink = RowOf<"consent-links.list">;

/** Kinds that the page of such a link takes. */
const ASKED: readonly string[] = [
  "oauth",
  "api-token",
  "scoped-api-token",
  "organization-key",
  "personal-access-token",
];

/** For whoever may set Usher up but not consent: a one-time link to send to somebody who can. */
export function AskAdmin({
  draft,
  needs,
}: {
  draft: { id: string };
  needs: AnswerFor<"sources.requirements">;
}): ReactNode {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const kinds = needs.credentials.filter(({ kind }) => ASKED.includes(kind));

  async function make(form: FormData): Promise<void> {
    const { url } = await callApi("consent-links.create", {
      params: { connectionId: draft.id },
      body: { kind: form.get("kind"), email: form.get("email") || null, note: form.get("note") || null },
    });
    setMade(url);
    await queries.invalidateQueries({ queryKey: ["consent-links"] });
  }

  return (
    <Section title={texts.askTitle}>
      <p>{t(texts.askAbout)}</p>
      <div>
        <Button onClick={() => setOpen(true)}>{t(texts.ask)}</Button>
      </div>
      {made !== null && (
        <Banner kind="ok" action={<CopyButton text={made} label={t(texts.askCopy)} />}>
          <p>{t(texts.askMade)}</p>
          <code className={classes["wrap"]}>{made}</code>
        </Banner>
      )}
      <Links connectionId={draft.id} />
      <FormDialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={t(texts.askDialog)}
        act={t(texts.askAct)}
        onSubmit={make}
      >
        <SelectField
          name="kind"
          label={t(texts.askKind)}
          choices={kinds.map(({ kind }) => ({ value: kind, label: t(KINDS[kind]) }))}
        />
        <TextField name="email" type="email" label={t(texts.askEmail)} isOptional />
        <TextArea name="note" label={t(texts.askNote)} hint={t(texts.askNoteHint)} isOptional />
      </FormDialog>
    </Section>
  );
}

/** What became of the links; while one is open, somebody may be using it. */
function Links({ connectionId }: { connectionId: string }): ReactNode {
  const links = useApi("consent-links.list", { params: { connectionId } }, { everyMs: 5000 });
  const revoke = useChange("consent-links.revoke");
  if (!links.data || links.data.items.length === 0) return null;
  return (
    <ul role="list" className={classes["list"]} aria-label={t(texts.links)}>
      {links.data.items.map((link) => (
        <li key={link.id}>
          <span>{wordsOf(link)}</span>
          {link.problem && <span className={classes["muted"]}>{t(texts.linkProblem, { problem: link.problem })}</span>}
          {link.state === "open" && (
            <Button
              onClick={() => revoke.mutate({ params: { connectionId, linkId: link.id } }, { onError: sayProblem })}
            >
              {t(texts.revoke)}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function wordsOf({ kind, state, expiresAt }: ConsentLink): string {
  const values = { kind: t(KINDS[kind]), until: formatDateTime(expiresAt) };
  if (state === "open") return t(texts.linkOpen, values);
  if (state === "used") return t(texts.linkUsed, values);
  return t(state === "revoked" ? texts.linkRevoked : texts.linkExpired, values);
}
