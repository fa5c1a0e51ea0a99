import { z } from "zod";
import {
  type Cursor,
  type ObservedRoleAssignment,
  type ObservedSpaceRole,
  type Page,
  SourceFailure,
} from "../source.ts";
import { IDENTITY_POINTS, type SiteClient } from "./client.ts";
import { principalOf } from "./principal.ts";
import { V2_LIMIT } from "./spaces.ts";
import { textOf } from "./user.ts";

const SpaceRole = z.object({
  id: z.string(),
  type: z.string().nullish(),
  name: z.string(),
  description: z.string().nullish(),
  spacePermissions: z.array(z.string()).nullish(),
});
type SpaceRole = z.infer<typeof SpaceRole>;

const RolePage = z.object({
  results: z.array(SpaceRole),
  _links: z.object({ next: z.string().nullish() }).nullish(),
});

/** Throws "source.edition-lacks" on a site without roles, whatever its role mode says (FACTS §0.1). */
export async function readSpaceRoles(
  client: SiteClient,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<ObservedSpaceRole>> {
  try {
    const page = await client.linkedPage<SpaceRole>(
      "space-roles",
      {
        template: "/wiki/api/v2/space-roles",
        path: "/wiki/api/v2/space-roles",
        query: { limit: V2_LIMIT },
        schema: RolePage,
        pointsOf: ({ results }) => results.length * IDENTITY_POINTS,
        isOneThing: true,
      },
      cursor,
      signal,
    );
    return { rows: page.rows.map(observedRole), next: page.next };
  } catch (thrown) {
    throw thrown instanceof SourceFailure && thrown.code === "source.not-found" ? withoutRoles(thrown) : thrown;
  }
}

const RoleAssignment = z.object({
  principal: z.object({ principalType: z.string(), principalId: z.string() }),
  roleId: z.string(),
});
type RoleAssignment = z.infer<typeof RoleAssignment>;

const AssignmentPage = z.object({
  results: z.array(RoleAssignment),
  _links: z.object({ next: z.string().nullish() }).nullish(),
});

export async function readRoleAssignments(
  client: SiteClient,
  spaceId: string,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<ObservedRoleAssignment>> {
  const page = await client.linkedPage<RoleAssignment>(
    "role-assignments",
    {
      template: "/wiki/api/v2/spaces/{id}/role-assignments",
      path: `/wiki/api/v2/spaces/${encodeURIComponent(spaceId)}/role-assignments`,
      query: { limit: V2_LIMIT },
      schema: AssignmentPage,
      pointsOf: ({ results }) => results.length * IDENTITY_POINTS,
      isOneThing: true,
      what: "the role assignments of the space",
    },
    cursor,
    signal,
  );
  const rows = page.rows.map(({ principal, roleId }) => ({
    ...principalOf(principal.principalType, principal.principalId),
    roleSourceId: roleId,
  }));
  return { rows, next: page.next };
}

function observedRole({ id, type, name, description, spacePermissions }: SpaceRole): ObservedSpaceRole {
  return {
    sourceId: id,
    name,
    description: textOf(description),
    isCustom: type?.toUpperCase() === "CUSTOM",
    permissions: spacePermissions ?? [],
  };
}

function withoutRoles(cause: SourceFailure): SourceFailure {
  return new SourceFailure(cause.message, {
    code: "source.edition-lacks",
    publicMessage: "This site does not use space roles.",
    fix: "Nothing: space permissions are read instead.",
    capability: "permissions",
    endpoint: cause.endpoint,
    status: cause.status,
    cause,
  });
}
