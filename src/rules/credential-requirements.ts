import type { Capability, CredentialKind, Edition } from "../model/connections.ts";
import { isOfSite } from "./connections.ts";

/** What a source says that a capability needs. */
export interface Needs {
  capability: Capability;
  stores: readonly string[];
  scopes: Partial<Record<CredentialKind, readonly string[]>>;
  role: string;
  lacks: Partial<Record<Edition, string>>;
}

/** What one kind of credential has to be allowed for the capabilities that were chosen. */
export interface CredentialRequirement {
  kind: CredentialKind;
  label: string;
  /** Where whoever may make it does so. */
  where: string;
  /** False: it reaches no site by itself and serves beside another one. */
  isEnough: boolean;
  /** Of those that were chosen, the ones that it serves at least in part. */
  serves: Capability[];
  /** Empty: it works without scopes, by what its account may do. */
  scopes: { scope: string; says: string; capabilities: Capability[] }[];
  roles: { capability: Capability; role: string }[];
}

const KINDS: Record<CredentialKind, { label: string; where: string }> = {
  oauth: {
    label: "OAuth app",
    where:
      "developer.atlassian.com/console: create an OAuth 2.0 app, add the scopes under Permissions and the callback URL under Authorization.",
  },
  "api-token": {
    label: "API token",
    where: "id.atlassian.com, Security, API tokens: create one, signed in as the account that Usher shall read with.",
  },
  "scoped-api-token": {
    label: "API token with scopes",
    where:
      "id.atlassian.com, Security, API tokens: create one with scopes for Confluence, signed in as the account that Usher shall read with.",
  },
  "organization-key": {
    label: "Organization API key",
    where: "admin.atlassian.com, Settings, API keys: create one. Only an organization admin can.",
  },
  "scim-key": {
    label: "SCIM directory key",
    where: "admin.atlassian.com, Security, the identity provider's directory, user provisioning: create a key.",
  },
  "personal-access-token": {
    label: "Personal access token",
    where:
      "In Confluence, the profile's Personal access tokens: create one, signed in as the account that Usher shall read with.",
  },
  basic: { label: "User name and password", where: "Of an account of the instance, best one that is nobody's own." },
};

/** What each scope lets Usher do, for whoever is asked to grant it. */
const SCOPE_WORDS: Readonly<Record<string, string>> = {
  offline_access: "Stay connected, so that nobody has to consent before each sync",
  "read:content-details:confluence": "Find people by Confluence's search for people",
  "read:confluence-groups": "See groups and who is in them",
  "read:confluence-user": "See people's names, pictures and e-mail addresses as far as they show them",
  "read:user:confluence": "See who each account is and whether it is active",
  "read:configuration:confluence": "See which edition the site has and how it gives rights on spaces",
  "search:confluence": "See who created or changed which content and when; what is written there is not stored",
  "read:audit-log:confluence": "Read the audit log: who changed accounts, groups, spaces and rights",
  "read:space:confluence": "See which spaces there are",
  "read:space.permission:confluence": "See who may do what in each space",
  "write:confluence-groups": "Put people into groups and take them out, to give and take back seats",
  "read:directories:admin": "See the organization's directories and when people last used a product",
  "read:accounts:admin": "See the organization's accounts: department, job title, suspended or not",
  "read:groups:admin": "See the organization's groups",
};

export function sayScope(scope: string): string {
  return SCOPE_WORDS[scope] ?? scope;
}

export function labelOfKind(kind: CredentialKind): string {
  return KINDS[kind].label;
}

/** Each kind that serves at least one of the capabilities; those that suffice by themselves first. */
export function requirementsOf(needs: readonly Needs[], chosen: readonly Capability[]): CredentialRequirement[] {
  const concerned = needs.filter((each) => chosen.includes(each.capability));
  const kinds = (Object.keys(KINDS) as CredentialKind[]).filter((kind) => concerned.some((each) => each.scopes[kind]));
  return kinds
    .map((kind) => requirementOf(kind, concerned))
    .sort((one, other) => Number(other.isEnough) - Number(one.isEnough));
}

function requirementOf(kind: CredentialKind, concerned: readonly Needs[]): CredentialRequirement {
  const served = concerned.filter((each) => each.scopes[kind]);
  const scopes = [...new Set(served.flatMap((each) => each.scopes[kind] ?? []))].sort();
  return {
    kind,
    ...KINDS[kind],
    isEnough: isOfSite(kind),
    serves: served.map((each) => each.capability),
    scopes: scopes.map((scope) => ({
      scope,
      says: sayScope(scope),
      capabilities: served.filter((each) => each.scopes[kind]?.includes(scope)).map((each) => each.capability),
    })),
    roles: served.map(({ capability, role }) => ({ capability, role })),
  };
}
