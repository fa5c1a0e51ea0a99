import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { TextField } from "../form.tsx";
import { connectionTexts as texts } from "./texts.ts";

export type CredentialKind = AnswerFor<"connections.get">["credentials"][number]["kind"];

export const KINDS: Readonly<Record<CredentialKind, Text>> = {
  oauth: texts.oauth,
  "api-token": texts.apiToken,
  "scoped-api-token": texts.scopedApiToken,
  "organization-key": texts.organizationKey,
  "scim-key": texts.scimKey,
  "personal-access-token": texts.personalAccessToken,
  basic: texts.basic,
};

/** What a credential is called, with its kind where the name does not tell. */
export function credentialWords({ kind, label }: { kind: CredentialKind; label: string }): string {
  const kindWords = t(KINDS[kind]);
  return kindWords.startsWith(label) ? kindWords : t(texts.labelOfKind, { label, kind: kindWords });
}

type FieldName =
  | "clientId"
  | "clientSecret"
  | "accountEmail"
  | "token"
  | "key"
  | "organizationId"
  | "directoryId"
  | "username"
  | "password";

/** The fields of each kind, as the API names them. */
const FIELDS: Readonly<Record<CredentialKind, readonly FieldName[]>> = {
  oauth: ["clientId", "clientSecret"],
  "api-token": ["accountEmail", "token"],
  "scoped-api-token": ["accountEmail", "token"],
  "organization-key": ["key", "organizationId"],
  "scim-key": ["key", "directoryId"],
  "personal-access-token": ["token"],
  basic: ["username", "password"],
};

const LABELS: Readonly<Record<FieldName, Text>> = {
  clientId: texts.clientId,
  clientSecret: texts.clientSecret,
  accountEmail: texts.accountEmail,
  token: texts.token,
  key: texts.key,
  organizationId: texts.organizationId,
  directoryId: texts.directoryId,
  username: texts.username,
  password: texts.password,
};

const HINTS: Partial<Record<FieldName, Text>> = {
  clientSecret: texts.secretHint,
  token: texts.secretHint,
  key: texts.secretHint,
  password: texts.secretHint,
  organizationId: texts.organizationIdHint,
  directoryId: texts.directoryIdHint,
};

const SECRETS: readonly FieldName[] = ["clientSecret", "token", "key", "password"];
const OPTIONAL: readonly FieldName[] = ["organizationId"];

/** What a credential of a kind needs. Its values are read by `credentialBody`. */
export function CredentialFields({ kind }: { kind: CredentialKind }): ReactNode {
  return (
    <>
      {FIELDS[kind].map((name) => {
        const hint = HINTS[name];
        return (
          <TextField
            key={name}
            name={name}
            label={t(LABELS[name])}
            hint={hint && t(hint)}
            isOptional={OPTIONAL.includes(name)}
            type={SECRETS.includes(name) ? "password" : "text"}
            autoComplete={SECRETS.includes(name) ? "new-password" : "off"}
            spellCheck={false}
          />
        );
      })}
      {kind !== "oauth" && (
        <TextField name="expiresAt" type="date" label={t(texts.expires)} hint={t(texts.expiresHint)} isOptional />
      )}
    </>
  );
}

/** The body of `credentials.create`; what was left empty is left out. */
export function credentialBody(kind: CredentialKind, form: FormData): Record<string, unknown> {
  const given = FIELDS[kind].map((name) => [name, textOf(form, name)] as const).filter(([, value]) => value !== "");
  return { kind, ...Object.fromEntries(given), ...expiryOf(form) };
}

/** The body of `credentials.rotate`. */
export function rotationBody(kind: CredentialKind, form: FormData): Record<string, unknown> {
  const name = kind === "basic" ? "password" : "secret";
  return { [name]: textOf(form, name), ...expiryOf(form) };
}

/** Only the new secret of a credential that is known. */
export function RotationFields({ kind }: { kind: CredentialKind }): ReactNode {
  const secret = FIELDS[kind].find((name) => SECRETS.includes(name)) ?? "token";
  return (
    <>
      <TextField
        name={kind === "basic" ? "password" : "secret"}
        label={t(LABELS[secret])}
        hint={t(texts.secretHint)}
        type="password"
        autoComplete="new-password"
        spellCheck={false}
      />
      {kind !== "oauth" && (
        <TextField name="expiresAt" type="date" label={t(texts.expires)} hint={t(texts.expiresHint)} isOptional />
      )}
    </>
  );
}

/** A day that was typed is the last one that it works. */
function expiryOf(form: FormData): { expiresAt?: string } {
  const day = textOf(form, "expiresAt");
  return day === "" ? {} : { expiresAt: `${day}T00:00:00Z` };
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}
