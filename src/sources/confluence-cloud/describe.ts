import { z } from "zod";
import type { RoleMode } from "../../model/connections.ts";
import { type SiteDescription, SourceFailure } from "../source.ts";
import { IDENTITY_POINTS, type SiteClient } from "./client.ts";
import { readSpaceRoles } from "./space-roles.ts";
import { readIfAllowed, readSystemInfo } from "./system-info.ts";
import { textOf, V1User } from "./user.ts";

/** A wrong token or an unreachable site is thrown; what the credentials merely may not know is null. */
export async function describe(client: SiteClient, signal: AbortSignal): Promise<SiteDescription> {
  const [info, roleMode, currentAccountId, organizationId] = await Promise.all([
    readSystemInfo(client, signal),
    readRoleMode(client, signal),
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
 * without roles there is nothing but permissions to read.
 */
async function readRoleMode(client: SiteClient, signal: AbortSignal): Promise<RoleMode | null> {
  const [told, hasRoles] = await Promise.all([
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
    hasSpaceRoles(client, signal),
  ]);
  if (hasRoles === false) return "pre-roles";
  return ROLE_MODES[told?.mode ?? ""] ?? null;
}

/** Null: could not be asked. */
async function hasSpaceRoles(client: SiteClient, signal: AbortSignal): Promise<boolean | null> {
  if (!client.credentialFor("space-roles")) return null;
  try {
    await readSpaceRoles(client, null, signal, 1);
    return true;
  } catch (thrown) {
    if (thrown instanceof SourceFailure && thrown.code === "source.edition-lacks") return false;
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
