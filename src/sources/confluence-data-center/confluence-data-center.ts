import { silentLog } from "../../lib/log.ts";
import type { Clock } from "../../lib/clock.ts";
import { asWriting } from "../atlassian/as-writing.ts";
import { wordsOf } from "../atlassian/credential.ts";
import {
  type CredentialAccess,
  type ReachableSite,
  type SiteAccess,
  type SiteHint,
  type SiteSource,
  type Source,
  SourceFailure,
} from "../source.ts";
import { abilitiesOf, whyNot } from "./abilities.ts";
import { readAccounts, readAccountsById } from "./accounts.ts";
import { findDeletedSpaces, readAuditEvents } from "./audit.ts";
import type { Shared } from "./client.ts";
import { readContent } from "./content.ts";
import { describe } from "./describe.ts";
import { forecastRequests } from "./forecast.ts";
import { findGroup, readGroups, readGroupsOfAccount } from "./groups.ts";
import { readLatestUse } from "./latest-use.ts";
import { readMembers } from "./members.ts";
import { CONFLUENCE_DATA_CENTER_NEEDS } from "./needs.ts";
import { openSiteWith } from "./open-site.ts";
import { probe } from "./probe.ts";
import { readProductAccessGroups } from "./product-access.ts";
import { nameOfSite, sourceKeyOf, understandSite } from "./site-hint.ts";
import { readSpacePermissions } from "./space-permissions.ts";
import { findSpace, readSpaces } from "./spaces.ts";
import { createWriter } from "./writer.ts";

/** Confluence Data Center behind the port: its REST API, and JSON-RPC where a version has nothing else. */
export function createConfluenceDataCenter(shared: Shared & { clock: Clock }): Source {
  return {
    kind: "confluence-data-center",
    needs: CONFLUENCE_DATA_CENTER_NEEDS,
    understandSite,
    authorizer: null,
    listSites: (credential, hint, signal) => listSites(shared, credential, hint, signal),
    open: (access) => openSite(shared, access),
  };
}

function openSite(shared: Shared, access: SiteAccess): SiteSource {
  const open = openSiteWith(shared, access);
  const { client } = open;
  const writing = openSiteWith(shared, { ...access, credentials: asWriting(access.credentials) });
  const writer = createWriter(writing);
  const abilities = abilitiesOf(access.credentials);
  return {
    describe: (signal) => describe(open, signal),
    probe: (capability, signal) => (capability === "reclaim" ? writer.probe(signal) : probe(open, capability, signal)),
    abilities,
    forecast: (sizes, scope) => forecastRequests({ ...sizes, servedBy: abilities.servedBy }, scope),
    readAccounts: (cursor, signal) => readAccounts(open, cursor, signal),
    readAccountsById: (keys, signal) => readAccountsById(open, keys, signal),
    readGroups: (cursor, signal) => readGroups(client, cursor, signal),
    readProductAccessGroups: (kind, _cursor, signal) => readProductAccessGroups(open, kind, signal),
    findGroup: (name, signal) => findGroup(client, name, signal),
    readMembers: (name, cursor, options, signal) => readMembers(open, name, cursor, options, signal),
    readGroupsOfAccount: (key, cursor, signal) => readGroupsOfAccount(client, key, cursor, signal),
    readSpaces: (cursor, signal) => readSpaces(open, cursor, signal),
    findSpace: (spaceId, signal) => findSpace(open, spaceId, signal),
    findDeletedSpaces: (spaces, since, signal) => findDeletedSpaces(open, spaces, since, signal),
    readSpacePermissions: (spaceId, _cursor, signal) => readSpacePermissions(open, spaceId, signal),
    readSpaceRoles: () => Promise.reject(whyNot("space-roles")),
    readRoleAssignments: () => Promise.reject(whyNot("role-assignments")),
    readContent: (type, since, cursor, signal) => readContent(open, type, since, cursor, signal),
    readSubgroups: (name, cursor, signal) => open.nesting.readSubgroups(name, cursor, signal),
    readAuditEvents: (since, cursor, signal) => readAuditEvents(open, since, cursor, signal),
    readOrganizationAccounts: () => Promise.reject(whyNot("organization-accounts")),
    readOrganizationGroups: () => Promise.reject(whyNot("organization-groups")),
    readLatestUse: (key, since, signal) => readLatestUse(writing, key, since, signal),
    writer,
    close() {
      writing.client.close();
      client.close();
    },
  };
}

/** Discovery is a request; it need not be fast. */
const DISCOVERY_CONCURRENCY_MAX = 2;

/** A credential of Data Center does not say where it belongs: the address must have been typed, and it is tried there. */
async function listSites(
  shared: Shared & { clock: Clock },
  credential: CredentialAccess,
  hint: SiteHint | null,
  signal: AbortSignal,
): Promise<ReachableSite[]> {
  if (!hint?.baseUrl) {
    throw new SourceFailure("The address of the instance is not known.", {
      code: "source.bad-request",
      publicMessage: `The ${wordsOf(credential)} does not say to which Confluence it belongs.`,
      fix: "Type the address of Confluence, for example https://wiki.acme.example/confluence.",
    });
  }
  const sourceKey = sourceKeyOf(hint.baseUrl);
  const site = { sourceKey, baseUrl: sourceKey, organizationId: null };
  const open = openSiteWith(shared, {
    site,
    credentials: [credential],
    concurrencyMax: DISCOVERY_CONCURRENCY_MAX,
    clock: shared.clock,
    log: silentLog,
    observe: () => {},
  });
  try {
    const { name } = await describe(open, signal);
    return [{ sourceKey, baseUrl: sourceKey, name: name ?? nameOfSite(sourceKey), scopes: [] }];
  } finally {
    open.client.close();
  }
}
