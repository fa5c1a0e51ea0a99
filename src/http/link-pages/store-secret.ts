import { addCredential } from "../../commands/connections/add-credential.ts";
import {
  giveBackConsentLink,
  noteConsentUsed,
  takeConsentLink,
} from "../../commands/connections/consent/use-consent.ts";
import { rotateCredential } from "../../commands/connections/rotate-credential.ts";
import type { Context } from "../../commands/context.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import { labelOfKind } from "../../rules/credential-requirements.ts";
import type { ConsentLink } from "../../store/consent-links.ts";
import type { ServerOptions } from "../options.ts";
import type { CONNECT_TEXTS } from "./connect-texts.ts";
import { contextOfLink, endOfDay } from "./links.ts";

type SecretKind = Exclude<ConsentLink["kind"], "oauth">;

export interface SecretFields {
  kind: SecretKind;
  secret: string;
  accountEmail: string | null;
  organizationId: string | null;
  /** Undefined: not said, so the kind's usual life is assumed. */
  expiresAt: Date | undefined;
}

/** A check is a few requests to each site; a browser waits no longer than this. */
const WAIT_MS = 60_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What was typed, or the field that is wrong. */
export function readSecret(
  kind: SecretKind,
  form: URLSearchParams,
  now: Date,
): SecretFields | keyof (typeof CONNECT_TEXTS)["wrong"] {
  const field = (name: string) => (form.get(name) ?? "").trim();
  const secret = field("token");
  if (!/^[\x21-\x7e]{8,4000}$/.test(secret)) return "token";
  const isOfAccount = kind === "api-token" || kind === "scoped-api-token";
  const email = field("email");
  if (isOfAccount && !/^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,189}$/u.test(email)) return "email";
  const organization = kind === "organization-key" ? field("organization") : "";
  if (organization !== "" && !UUID.test(organization)) return "organization";
  const expiresAt = field("expires") === "" ? undefined : endOfDay(field("expires"));
  if (expiresAt === null || (expiresAt && expiresAt <= now)) return "expires";
  return {
    kind,
    secret,
    accountEmail: isOfAccount ? email : null,
    organizationId: organization === "" ? null : organization.toLowerCase(),
    expiresAt,
  };
}

type StoreRefusal = { code: "link-ended" | "not-stored"; detail: string };

/** Tries the secret for real, then stores it, once for each link: while it is tried nobody else can use the link. */
export async function storeSecret(
  options: ServerOptions,
  link: ConsentLink,
  fields: SecretFields,
): Promise<Result<undefined, StoreRefusal>> {
  const context = contextOfLink(options, link.createdBy);
  const taken = await takeConsentLink(context, link.id);
  if (!taken.ok) return refuse({ code: "link-ended", detail: "" });
  try {
    const stored = await proveAndStore(options, context, link, fields);
    if (!stored.ok) await giveBackConsentLink(context, link.id, stored.error.detail);
    return stored;
  } catch (thrown) {
    await giveBackConsentLink(context, link.id, "Something failed here while the secret was tried.");
    throw thrown;
  }
}

async function proveAndStore(
  { services }: ServerOptions,
  context: Context,
  link: ConsentLink,
  { kind, secret, accountEmail, organizationId, expiresAt }: SecretFields,
): Promise<Result<undefined, StoreRefusal>> {
  const { connectionId, credentialId } = link;
  const entered = { kind, accountEmail, username: null, organizationId, directoryId: null, secret };
  const proof = await services.connect.proveSecret(connectionId, entered, AbortSignal.timeout(WAIT_MS));
  if (!proof.ok) return refuse({ code: "not-stored", detail: proof.error.detail });
  const label = labelOfKind(kind);
  const stored =
    credentialId === null
      ? await addCredential(
          context,
          connectionId,
          { kind, label, accountEmail, clientId: null, secret, askedScopes: null, organizationId, expiresAt },
          proof.value,
        )
      : await rotateCredential(context, connectionId, credentialId, { secret, accountEmail, expiresAt }, proof.value);
  if (!stored.ok) return refuse({ code: "not-stored", detail: wordsOf(stored.error) });
  services.connect.forget(stored.value.id);
  await noteConsentUsed(context, link, stored.value.id);
  return ok(undefined);
}

function wordsOf(refusal: string | { detail: string }): string {
  if (typeof refusal !== "string") return refusal.detail;
  if (refusal === "too-many-credentials") return "The connection has as many credentials as it can hold already.";
  return "The connection, or what was to be replaced, is no longer there.";
}
