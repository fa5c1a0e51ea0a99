import type { ChangeKind } from "../../model/changes.ts";
import { howToAddScopes, wordsOf } from "../atlassian/credential.ts";
import { type CredentialAccess, SourceFailure } from "../source.ts";

export type ChangeApi = "site" | "organization" | "scim";

/** What there is to know of a kind of change before it is made. */
export interface ChangeKnowledge {
  /** As the object of a sentence: `may not change the members of the group`. */
  what: string;
  /** In the order in which they are preferred: the least rights first. */
  ways: readonly ChangeApi[];
  /** Scopes of the site's API; any one of these sets serves, the one with classic scopes comes first (spec V1). */
  scopeChoices: readonly (readonly string[])[];
}

const WRITE_GROUPS = [["write:confluence-groups"], ["write:group:confluence"]];

/** Spec V1 of each of these calls: "User must be a site admin". */
export const SITE_ADMIN = "site admin";
export const ORGANIZATION_ADMIN = "organization admin";

const MEMBERS: ChangeKnowledge = {
  what: "the members of the group",
  ways: ["site", "organization"],
  scopeChoices: WRITE_GROUPS,
};
const DIRECTORY: ChangeKnowledge = {
  what: "the user's access in the organization's directory",
  ways: ["organization"],
  scopeChoices: [],
};

const PROVISIONED: ChangeKnowledge = {
  what: "the user in the directory that the identity provider writes",
  ways: ["scim"],
  scopeChoices: [],
};

/** Null: the product has no such thing, whatever the credential. */
export const CHANGES: Record<ChangeKind, ChangeKnowledge | null> = {
  "add-member": MEMBERS,
  "remove-member": MEMBERS,
  "suspend-account": DIRECTORY,
  "reinstate-account": DIRECTORY,
  "scim-deactivate": PROVISIONED,
  "scim-activate": PROVISIONED,
  "disable-account": null,
  "enable-account": null,
  "create-group": {
    what: "groups",
    ways: ["site", "organization"],
    // Classic scopes cover it alone; the granular one for writing needs the one for reading beside it (spec V1).
    scopeChoices: [["write:confluence-groups"], ["read:group:confluence", "write:group:confluence"]],
  },
  "delete-group": { what: "the group", ways: ["site", "organization"], scopeChoices: WRITE_GROUPS },
};

/**
 * The credentials that may make a change, best first: the site's own before the organization's, and of those the ones
 * whose scopes are bounded before those that may do whatever their account may.
 */
export function writersFor(kind: ChangeKind, credentials: readonly CredentialAccess[]): CredentialAccess[] {
  const ways = CHANGES[kind]?.ways ?? [];
  return ways.flatMap((way) =>
    credentials
      .filter((each) => mayWrite(each) && apiOf(each) === way && hasScopes(kind, each))
      .sort((one, other) => cost(one) - cost(other)),
  );
}

/** Least scopes with which this credential makes the change, or would once it were given them. */
export function scopesToWrite(kind: ChangeKind, { kind: credentialKind, scopes }: CredentialAccess): readonly string[] {
  if (credentialKind !== "oauth" && credentialKind !== "scoped-api-token") return [];
  const choices = CHANGES[kind]?.scopeChoices ?? [];
  const granted = choices.find((choice) => choice.every((scope) => scopes?.includes(scope)));
  if (granted) return granted;
  const isGranular = scopes?.some((scope) => scope.endsWith(":group:confluence")) ?? false;
  return (isGranular ? choices[1] : choices[0]) ?? [];
}

/** The failure of a kind of change that no credential can make: what to add to which of them. */
export function whyNotChanged(kind: ChangeKind, credentials: readonly CredentialAccess[]): SourceFailure {
  const knowledge = CHANGES[kind];
  if (!knowledge) {
    return new SourceFailure(`Confluence Cloud has no ${kind}.`, {
      code: "source.edition-lacks",
      publicMessage: `In Confluence Cloud accounts belong to Atlassian: there is no change "${kind}" at a site.`,
      fix: "Use a way of taking access that Cloud has: removal from groups, or suspension in the directory.",
      capability: "reclaim",
    });
  }
  const { what, ways } = knowledge;
  const nearest = ways.flatMap((way) => credentials.filter((each) => mayWrite(each) && apiOf(each) === way))[0];
  if (nearest) {
    const isKey = nearest.kind === "organization-key";
    const scopes = scopesToWrite(kind, nearest);
    return new SourceFailure(`No credential has the scopes for ${kind}: ${scopes.join(" ")}.`, {
      code: "source.missing-scope",
      publicMessage: `The ${wordsOf(nearest)} does not have the scope that changing ${what} needs.`,
      fix: isKey ? KEY_WITHOUT_SCOPES : howToAddScopes(nearest.kind, scopes),
      capability: "reclaim",
    });
  }
  const needed = ways.includes("site")
    ? "an OAuth grant or an API token of a site admin, or an organization API key"
    : ways.includes("scim")
      ? "the SCIM key of a directory"
      : "an organization API key";
  return new SourceFailure(`No credential of the right kind for ${kind}.`, {
    code: "source.missing-credential",
    publicMessage: `The connection has no credential that can change ${what}: it needs ${needed}.`,
    fix: `Add ${needed} to the connection, and choose reclaim among its capabilities.`,
    capability: "reclaim",
  });
}

/** Spec ORG names no scope for any call that writes (nor does AX-712): only a key without scopes is sure to do. */
export const KEY_WITHOUT_SCOPES = "Make an organization API key without scopes, and enter it in the connection.";

export function apiOf({ kind }: Pick<CredentialAccess, "kind">): ChangeApi | null {
  if (kind === "personal-access-token" || kind === "basic") return null;
  if (kind === "scim-key") return "scim";
  return kind === "organization-key" ? "organization" : "site";
}

/** Only a connection that was given `reclaim` for the site writes there. */
export function mayWrite({ capabilities }: CredentialAccess): boolean {
  return capabilities?.includes("reclaim") ?? true;
}

/** Scopes that the source does not tell are assumed to be there: the first answer says otherwise. */
function hasScopes(kind: ChangeKind, credential: CredentialAccess): boolean {
  const { scopes } = credential;
  if (scopes === null || (scopes.length === 0 && credential.kind !== "oauth")) return true;
  if (credential.kind === "organization-key") return scopes.some((scope) => !scope.startsWith("read:"));
  if (credential.kind === "api-token") return true;
  return CHANGES[kind]?.scopeChoices.some((choice) => choice.every((scope) => scopes.includes(scope))) ?? false;
}

/** Bounded rights first; a grant only after the token, which no quota of points counts. */
function cost({ kind, scopes }: CredentialAccess): number {
  if (kind === "oauth") return 1;
  return kind === "api-token" && scopes === null ? 2 : 0;
}
