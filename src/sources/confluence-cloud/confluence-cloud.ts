import type { Clock } from "../../lib/clock.ts";
import { asWriting } from "../atlassian/as-writing.ts";
import { createAuthorizer } from "../atlassian/authorizer.ts";
import type { ObservedSpaceRole, Page, SiteAccess, SiteSource, Source } from "../source.ts";
import { abilitiesOf, whyNot } from "./abilities.ts";
import { readAccounts, readAccountsById } from "./accounts.ts";
import { findDeletedSpaces } from "./audit.ts";
import { readAuditEvents } from "./audit-events.ts";
import { type Shared, SiteClient } from "./client.ts";
import { readContent } from "./content.ts";
import { describe } from "./describe.ts";
import { forecastRequests } from "./forecast.ts";
import { findGroup, readGroups, readGroupsOfAccount, readProductAccessGroups } from "./groups.ts";
import { readLatestUse } from "./latest-use.ts";
import { readMembers } from "./members.ts";
import { CONFLUENCE_CLOUD_NEEDS } from "./needs.ts";
import { findOrganizationId, readOrganizationAccounts, readOrganizationGroups } from "./organization.ts";
import { probe } from "./probe.ts";
import { listReachableSites } from "./reachable-sites.ts";
import { understandSite } from "./site-hint.ts";
import { readSpacePermissions } from "./space-permissions.ts";
import { readRoleAssignments, readSpaceRoles } from "./space-roles.ts";
import { findSpace, readSpaces } from "./spaces.ts";
import { createWriter } from "./writer.ts";

/** Confluence Cloud behind the port: v1 and v2 REST and the Organizations API. */
export function createConfluenceCloud(shared: Shared & { clock: Clock }): Source {
  return {
    kind: "confluence-cloud",
    needs: CONFLUENCE_CLOUD_NEEDS,
    understandSite: (text) => understandSite(shared.hosts, text),
    authorizer: createAuthorizer({ hosts: shared.hosts, fetch: shared.transport.fetch }),
    listSites: (credential, hint, signal) => listReachableSites(shared, credential, hint, signal),
    open: (access) => openSite(shared, access),
  };
}

function openSite(shared: Shared, access: SiteAccess): SiteSource {
  const client = new SiteClient(shared, access, findOrganizationId);
  const writing = new SiteClient(shared, { ...access, credentials: asWriting(access.credentials) }, findOrganizationId);
  const writer = createWriter(writing);
  const abilities = abilitiesOf(access.credentials);
  // Given out once: whoever asks a second time wants to know what the catalog is by then.
  let roles: Page<ObservedSpaceRole> | null = null;
  return {
    describe: (signal) => describe(client, signal, (page) => (roles = page)),
    probe: (capability, signal) =>
      capability === "reclaim" ? writer.probe(signal) : probe(client, capability, signal),
    abilities,
    forecast: (sizes, scope) => forecastRequests({ ...sizes, servedBy: abilities.servedBy }, scope),
    readAccounts: (cursor, signal) => readAccounts(client, cursor, signal),
    readAccountsById: (sourceIds, signal) => readAccountsById(client, sourceIds, signal),
    readGroups: (cursor, signal) => readGroups(client, cursor, signal),
    readProductAccessGroups: (kind, cursor, signal) => readProductAccessGroups(client, kind, cursor, signal),
    findGroup: (sourceId, signal) => findGroup(client, sourceId, signal),
    readMembers: (groupId, cursor, options, signal) => readMembers(client, groupId, cursor, options, signal),
    readGroupsOfAccount: (sourceId, cursor, signal) => readGroupsOfAccount(client, sourceId, cursor, signal),
    readSpaces: (cursor, signal) => readSpaces(client, cursor, signal),
    findSpace: (sourceId, signal) => findSpace(client, sourceId, signal),
    findDeletedSpaces: (spaces, since, signal) => findDeletedSpaces(client, spaces, since, signal),
    readSpacePermissions: (spaceId, cursor, signal) => readSpacePermissions(client, spaceId, cursor, signal),
    async readSpaceRoles(cursor, signal) {
      signal.throwIfAborted();
      const known = cursor === null ? roles : null;
      roles = null;
      return known ?? readSpaceRoles(client, cursor, signal);
    },
    readRoleAssignments: (spaceId, cursor, signal) => readRoleAssignments(client, spaceId, cursor, signal),
    readContent: (type, since, cursor, signal) => readContent(client, type, since, cursor, signal),
    readSubgroups: () => Promise.reject(whyNot("subgroups", [])),
    readAuditEvents: (since, cursor, signal) => readAuditEvents(client, since, cursor, signal),
    readOrganizationAccounts: (cursor, signal) => readOrganizationAccounts(client, cursor, signal),
    readOrganizationGroups: (cursor, signal) => readOrganizationGroups(client, cursor, signal),
    readLatestUse: (accountId, since, signal) => readLatestUse(writing, accountId, since, signal),
    writer,
    close() {
      writing.close();
      client.close();
    },
  };
}
