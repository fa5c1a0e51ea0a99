import { z } from "zod";
import { wordsOf } from "../atlassian/credential.ts";
import { type SiteDescription, SourceFailure, type SourceFailureCode } from "../source.ts";
import type { OpenSite } from "./open-site.ts";
import { nameOfSite } from "./site-hint.ts";
import { User } from "./user.ts";

const ServerInformation = z.object({ version: z.string().nullish() });

/** A wrong credential or an unreachable site is thrown; what the credential merely may not know is null. */
export async function describe(open: OpenSite, signal: AbortSignal): Promise<SiteDescription> {
  const currentAccountId = await readCurrentAccountId(open, signal);
  const version = await readVersion(open, signal);
  return {
    // No API tells the title that an administrator gave it.
    name: nameOfSite(open.client.site.baseUrl),
    // Not the one that Confluence tells of itself: behind a proxy it may be another than the one that answers.
    baseUrl: open.client.site.baseUrl,
    edition: "data-center",
    editionIdentifier: version,
    roleMode: "pre-roles",
    organizationId: null,
    currentAccountId,
  };
}

/** Newer versions only (FACTS §10); null elsewhere. */
export async function readVersion({ client }: OpenSite, signal: AbortSignal): Promise<string | null> {
  const path = "/rest/api/server-information";
  const call = { template: path, path, schema: ServerInformation, isOneThing: true, what: "the version" };
  try {
    return (await client.read("accounts", call, signal)).version || null;
  } catch (thrown) {
    if (thrown instanceof SourceFailure && NOT_KNOWN.includes(thrown.code)) return null;
    throw thrown;
  }
}

const NOT_KNOWN: readonly SourceFailureCode[] = [
  "source.missing-role",
  "source.not-found",
  "source.edition-lacks",
  "source.bad-request",
  "source.unexpected-answer",
];

/** Confluence answers nobody in particular as the anonymous user, for example when a proxy took the credential away. */
async function readCurrentAccountId({ client }: OpenSite, signal: AbortSignal): Promise<string> {
  const path = "/rest/api/user/current";
  const what = "the account behind the credential";
  const user = await client.read("accounts", { template: path, path, schema: User, isOneThing: true, what }, signal);
  if (user.userKey) return user.userKey;
  const [credential] = client.credentials;
  throw new SourceFailure(`GET ${path} answered as ${user.type}`, {
    code: "source.unauthorized",
    publicMessage: `Confluence answers as if nobody were logged in: the ${credential ? wordsOf(credential) : "credential"} does not reach it.`,
    fix: "Check the credential, and that no proxy before Confluence takes the Authorization header away.",
    endpoint: `GET ${path}`,
    status: 200,
  });
}
