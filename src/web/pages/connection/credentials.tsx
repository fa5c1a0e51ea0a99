import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { callApi } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import {
  credentialBody,
  CredentialFields,
  type CredentialKind,
  KINDS,
  rotationBody,
  RotationFields,
} from "../../parts/connections/credential-form.tsx";
import { openConsent } from "../../parts/connections/open-consent.ts";
import { connectionTexts } from "../../parts/connections/texts.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { SelectField } from "../../parts/form.tsx";
import { Section } from "../../parts/page.tsx";
import { useNow } from "../../parts/time.tsx";
import { sayProblem } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { formatDay } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import type { Connection } from "./page.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Credential = Connection["credentials"][number];
type Asked = { what: "add" } | { what: "rotate" | "remove"; credential: Credential } | null;

/** What it signs in with: each with how it is and when it ends. */
export function Credentials({ connection }: { connection: Connection }): ReactNode {
  const may = useMay();
  const [asked, setAsked] = useState<Asked>(null);
  const isChanging = may("connections:write") && connection.state !== "archived";
  const close = () => setAsked(null);
  return (
    <Section
      title={texts.credentials}
      actions={isChanging && <Button onClick={() => setAsked({ what: "add" })}>{t(texts.add)}</Button>}
    >
      <ul role="list" className={classes["list"]}>
        {connection.credentials.map((credential) => (
          <li key={credential.id}>
            <Words credential={credential} />
            {isChanging && <CredentialActs connection={connection} credential={credential} onAsk={setAsked} />}
          </li>
        ))}
      </ul>
      {asked?.what === "add" && <AddDialog connection={connection} onClose={close} />}
      {asked?.what === "rotate" && (
        <RotateDialog connection={connection} credential={asked.credential} onClose={close} />
      )}
      {asked?.what === "remove" && (
        <RemoveDialog connection={connection} credential={asked.credential} onClose={close} />
      )}
    </Section>
  );
}

function Words({
  credential: { kind, label, state, isAuthorized, expiresAt, scopes },
}: {
  credential: Credential;
}): ReactNode {
  const now = useNow();
  const hasEnded = expiresAt !== null && Date.parse(expiresAt) < now.getTime();
  return (
    <>
      <strong>{label}</strong>
      <span>{t(KINDS[kind])}</span>
      {state === "needs-reauthorization" && <Badge kind="danger">{t(connectionTexts.needsSecret)}</Badge>}
      {!isAuthorized && <Badge kind="warn">{t(connectionTexts.notConsented)}</Badge>}
      <span className={classes["muted"]}>
        {expiresAt ? t(hasEnded ? texts.ended : texts.ends, { when: formatDay(expiresAt) }) : t(texts.noEnd)}
      </span>
      {scopes && <span className={classes["muted"]}>{t(texts.scopesGranted, { count: scopes.length })}</span>}
    </>
  );
}

function CredentialActs({
  connection,
  credential,
  onAsk,
}: {
  connection: Connection;
  credential: Credential;
  onAsk: (asked: Asked) => void;
}): ReactNode {
  const { id, kind, label } = credential;
  const back = `/connections/${connection.id}?tab=settings`;
  return (
    <>
      {kind === "oauth" && (
        <Button
          aria-label={t(texts.consentOf, { label })}
          onClick={() => void openConsent(connection.id, id, back).catch(sayProblem)}
        >
          {t(texts.consent)}
        </Button>
      )}
      <Button aria-label={t(texts.rotateOf, { label })} onClick={() => onAsk({ what: "rotate", credential })}>
        {t(texts.rotate)}
      </Button>
      <Button aria-label={t(texts.removeOf, { label })} onClick={() => onAsk({ what: "remove", credential })}>
        {t(texts.remove)}
      </Button>
    </>
  );
}

interface DialogProps {
  connection: Connection;
  onClose: () => void;
}

function AddDialog({ connection, onClose }: DialogProps): ReactNode {
  const queries = useQueryClient();
  const needs = useApi("sources.requirements", {
    params: { source: connection.source },
    query: { capabilities: connection.capabilities },
  });
  const kinds = needs.data?.credentials.map(({ kind }) => kind) ?? [];
  const [chosen, setChosen] = useState<CredentialKind | null>(null);
  const kind = chosen ?? kinds[0];

  async function add(form: FormData): Promise<void> {
    if (!kind) return;
    const params = { connectionId: connection.id };
    const made = await callApi("credentials.create", { params, body: credentialBody(kind, form) });
    await queries.invalidateQueries({ queryKey: ["connections"] });
    if (kind === "oauth") await openConsent(connection.id, made.id, `/connections/${connection.id}?tab=settings`);
  }

  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(texts.addTitle, { name: connection.name })}
      act={t(texts.addAct)}
      onSubmit={add}
    >
      <p>{t(texts.addAbout)}</p>
      <SelectField
        name="kind"
        label={t(texts.kindOf)}
        value={kind ?? ""}
        onChange={({ target }) => setChosen(target.value as CredentialKind)}
        choices={kinds.map((each) => ({ value: each, label: t(KINDS[each]) }))}
      />
      {kind && <CredentialFields kind={kind} />}
    </FormDialog>
  );
}

function RotateDialog({ connection, credential, onClose }: DialogProps & { credential: Credential }): ReactNode {
  const queries = useQueryClient();
  const { id: credentialId, kind, label } = credential;
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(texts.rotateTitle, { label })}
      act={t(texts.rotateAct)}
      onSubmit={async (form) => {
        const params = { connectionId: connection.id, credentialId };
        await callApi("credentials.rotate", { params, body: rotationBody(kind, form) });
        await queries.invalidateQueries({ queryKey: ["connections"] });
      }}
    >
      <p>{t(texts.rotateAbout)}</p>
      <RotationFields kind={kind} />
    </FormDialog>
  );
}

function RemoveDialog({ connection, credential, onClose }: DialogProps & { credential: Credential }): ReactNode {
  const queries = useQueryClient();
  const { id: credentialId, label } = credential;
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={t(texts.removeTitle, { label })}
      act={t(texts.removeAct)}
      isDangerous
      onConfirm={async () => {
        await callApi("credentials.remove", { params: { connectionId: connection.id, credentialId } });
        await queries.invalidateQueries({ queryKey: ["connections"] });
      }}
    >
      <p>{t(texts.removeAbout)}</p>
    </Confirm>
  );
}
