import { z } from "zod";
import type { RoleMode } from "../../model/connections.ts";
import { type ObservedSpaceRole, type Page, type SiteDescription, SourceFailure } from "../source.ts";
import { IDENTITY_POINTS, type SiteClient } from "./client.ts";
import { readSpaceRoles } from "./space-roles.ts";
import { readIfAllowed, readSystemInfo } from "./system-info.ts";
import { textOf, V1User } from "./user.ts";

/**
 * A wrong token or an unreachable site is thrown; what the credentials merely may not know is null. Whether there are
 * roles is found by reading the first page of their catalog, which `keepRoles` is given: read whole, it need not be read
 * again right afterwards.
 */
export async function describe(
  client: SiteClient,
  signal: AbortSignal,
  keepRoles: (page: Page<ObservedSpaceRole>) => void,
): Promise<SiteDescription> {
  const [info, roleMode, currentAccountId, organizationId] = await Promise.all([
    readSystemInfo(client, signal),
    readRoleMode(client, signal, keepRoles),
    readCurrentAccountId(client, signal),
    client.organizationId(signal).catch(unlessFault),
  ]);
  return {
    name: info?.name ?? null,
    baseUrl: info?.baseUrl ?? null,
    edition: info?.edition ?? null,
    editionIdentifier: info?.editionIdentifier ?? null,
    roleMode,
    organizationId,
    currentAccountId,
  };
}

const Mode = z.object({ mode: z.string() });

const ROLE_MODES: Partial<Record<string, RoleMode>> = {
  PRE_ROLES: "pre-roles",
  ROLES_TRANSITION: "transition",
  ROLES: "roles",
};

/**
 * The mode can still say ROLES after roles lapsed while `space-roles` answers 404 (FACTS §0.1): both are asked, and
 * without roles there is nothing but permissions to read. A site that has roles and does not tell its mode, or tells one
 * that we do not know, may use either model: it is read as one in transition, where both count.
 */
async function readRoleMode(
  client: SiteClient,
  signal: AbortSignal,
  keepRoles: (page: Page<ObservedSpaceRole>) => void,
): Promise<RoleMode | null> {
  const [told, roles] = await Promise.all([
    readIfAllowed(
      client,
      ["read:configuration:confluence"],
      {
        template: "/wiki/api/v2/space-role-mode",
        path: "/wiki/api/v2/space-role-mode",
        schema: Mode,
        pointsOf: () => 1,
        what: "the site's role mode",
      },
      signal,
    ),
    readRoles(client, signal),
  ]);
  if (roles === "none") return "pre-roles";
  if (roles) keepRoles(roles);
  return ROLE_MODES[told?.mode ?? ""] ?? (roles && roles.rows.length > 0 ? "transition" : null);
}

/** The first page of the catalog; "none": the site has no roles. Null: could not be asked. */
async function readRoles(client: SiteClient, signal: AbortSignal): Promise<Page<ObservedSpaceRole> | "none" | null> {
  if (!client.credentialFor("space-roles")) return null;
  try {
    return await readSpaceRoles(client, null, signal);
  } catch (thrown) {
    if (thrown instanceof SourceFailure && thrown.code === "source.edition-lacks") return "none";
    return unlessFault(thrown);
  }
}

async function readCurrentAccountId(client: SiteClient, signal: AbortSignal): Promise<string | null> {
  const user = await readIfAllowed(
    client,
    ["read:confluence-user", "read:content-details:confluence"],
    {
      template: "/wiki/rest/api/user/current",
      path: "/wiki/rest/api/user/current",
      schema: V1User,
      pointsOf: () => IDENTITY_POINTS,
      what: "the account behind the credential",
    },
    signal,
  );
  return textOf(user?.accountId);
}

/** Failures of the credential itself, or of the way to the site, are the caller's; others leave one fact unknown. */
function unlessFault(thrown: unknown): null {
  const isOurs = thrown instanceof SourceFailure && !["source.grant-lost", "source.unreachable"].includes(thrown.code);
  if (!isOurs) throw thrown;
  return null;
}
