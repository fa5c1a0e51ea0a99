import { z } from "zod";
import type { Cursor, ObservedPermission, Page } from "../source.ts";
import { IDENTITY_POINTS, type SiteClient } from "./client.ts";
import { principalOf } from "./principal.ts";
import { V2_LIMIT } from "./spaces.ts";

/** Principal types and operation keys outside the spec appear live: both are open strings (FACTS §4). */
const Permission = z.object({
  id: z.coerce.string(),
  principal: z.object({ type: z.string(), id: z.coerce.string() }),
  operation: z.object({ key: z.string(), targetType: z.string() }),
});
type Permission = z.infer<typeof Permission>;

const PermissionPage = z.object({
  results: z.array(Permission),
  _links: z.object({ next: z.string().nullish() }).nullish(),
});

export async function readSpacePermissions(
  client: SiteClient,
  spaceId: string,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<ObservedPermission>> {
  const page = await client.linkedPage<Permission>(
    "space-permissions",
    {
      template: "/wiki/api/v2/spaces/{id}/permissions",
      path: `/wiki/api/v2/spaces/${encodeURIComponent(spaceId)}/permissions`,
      query: { limit: V2_LIMIT },
      schema: PermissionPage,
      pointsOf: ({ results }) => results.length * IDENTITY_POINTS,
      isOneThing: true,
      what: "the permissions of the space",
    },
    cursor,
    signal,
  );
  const rows = page.rows.map(({ id, principal, operation }) => ({
    sourceId: id,
    ...principalOf(principal.type, principal.id),
    operationKey: operation.key,
    operationTarget: operation.targetType,
  }));
  return { rows, next: page.next };
}
