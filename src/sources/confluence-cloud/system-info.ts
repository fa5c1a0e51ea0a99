import { z } from "zod";
import type { Edition } from "../../model/connections.ts";
import { type CredentialAccess, SourceFailure, type SourceFailureCode } from "../source.ts";
import { type Read, type SiteClient, siteBaseUrl } from "./client.ts";
import { textOf } from "./user.ts";

const SystemInfo = z.object({
  cloudId: z.string().nullish(),
  baseUrl: z.string().nullish(),
  edition: z.string().nullish(),
  siteTitle: z.string().nullish(),
});

export interface SystemInfo {
  name: string | null;
  baseUrl: string | null;
  edition: Edition | null;
  editionIdentifier: string | null;
}

/** Null where the credentials may not know. */
export async function readSystemInfo(client: SiteClient, signal: AbortSignal): Promise<SystemInfo | null> {
  const info = await readIfAllowed(
    client,
    ["read:configuration:confluence", "manage:confluence-configuration"],
    {
      template: "/wiki/rest/api/settings/systemInfo",
      path: "/wiki/rest/api/settings/systemInfo",
      schema: SystemInfo,
      pointsOf: () => 1,
      what: "the site's edition",
    },
    signal,
  );
  if (!info) return null;
  const baseUrl = textOf(info.baseUrl);
  return {
    name: textOf(info.siteTitle),
    baseUrl: baseUrl === null ? null : siteBaseUrl(baseUrl),
    edition: editionOf(textOf(info.edition)),
    editionIdentifier: textOf(info.edition),
  };
}

/** The identifiers are not documented (FACTS §12): what is not plainly one of the four waits for a mapping. */
function editionOf(identifier: string | null): Edition | null {
  if (identifier === null) return null;
  const known = identifier.toLowerCase();
  return known === "free" || known === "standard" || known === "premium" || known === "enterprise"
    ? known
    : "unrecognized";
}

/** Failures after which a single fact is just not known. */
const NOT_KNOWN: readonly SourceFailureCode[] = [
  "source.missing-scope",
  "source.missing-role",
  "source.missing-credential",
  "source.not-found",
  "source.bad-request",
  "source.edition-lacks",
  "source.roles-only",
  "source.unexpected-answer",
];

/** Reads one thing with each credential that may have one of the scopes, until one is answered; null when none may know. */
export async function readIfAllowed<Body>(
  client: SiteClient,
  scopes: readonly string[],
  call: Read<Body>,
  signal: AbortSignal,
): Promise<Body | null> {
  let failure: SourceFailure | null = null;
  for (const credential of client.credentials) {
    if (credential.kind === "organization-key" || credential.kind === "scim-key") continue;
    if (!mayHaveOneOf(scopes, credential)) continue;
    try {
      return await client.readWith(credential, "accounts", { isOneThing: true, ...call }, signal);
    } catch (thrown) {
      if (!(thrown instanceof SourceFailure)) throw thrown;
      if (!NOT_KNOWN.includes(thrown.code)) failure ??= thrown;
      client.log.debug({ credentialId: credential.id, code: thrown.code }, thrown.message);
    }
  }
  if (failure) throw failure;
  return null;
}

/** Only an OAuth grant tells its scopes; a token that tells none is asked. */
function mayHaveOneOf(scopes: readonly string[], credential: CredentialAccess): boolean {
  if (credential.scopes === null || (credential.scopes.length === 0 && credential.kind !== "oauth")) return true;
  return scopes.some((scope) => credential.scopes?.includes(scope));
}
