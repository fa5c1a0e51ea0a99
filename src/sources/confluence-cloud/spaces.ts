import { z } from "zod";
import { Instant } from "../atlassian/instant.ts";
import { type Cursor, type ObservedSpace, type Page, SourceFailure } from "../source.ts";
import type { SiteClient } from "./client.ts";
import { textOf } from "./user.ts";

/** The most that v2 gives at once (spec V2). */
export const V2_LIMIT = 250;

const Space = z.object({
  id: z.coerce.string(),
  key: z.string(),
  name: z.string(),
  type: z.string(),
  status: z.string(),
  spaceOwnerId: z.string().nullish(),
  homepageId: z.coerce.string().nullish(),
  createdAt: Instant.nullish(),
});
type Space = z.infer<typeof Space>;

const SpacePage = z.object({
  results: z.array(Space),
  _links: z.object({ next: z.string().nullish() }).nullish(),
});

/** Only spaces that the account behind the credential may view; those it may not are left out in silence (TRAPS §3). */
export async function readSpaces(
  client: SiteClient,
  cursor: Cursor,
  signal: AbortSignal,
  limit = V2_LIMIT,
): Promise<Page<ObservedSpace>> {
  const page = await client.linkedPage<Space>(
    "spaces",
    {
      template: "/wiki/api/v2/spaces",
      path: "/wiki/api/v2/spaces",
      query: { limit, sort: "id" },
      schema: SpacePage,
      pointsOf: ({ results }) => results.length,
    },
    cursor,
    signal,
  );
  return { rows: page.rows.map(observed), next: page.next };
}

export async function findSpace(client: SiteClient, id: string, signal: AbortSignal): Promise<ObservedSpace | null> {
  try {
    const space = await client.read(
      "spaces",
      {
        template: "/wiki/api/v2/spaces/{id}",
        path: `/wiki/api/v2/spaces/${encodeURIComponent(id)}`,
        schema: Space,
        pointsOf: () => 1,
        isOneThing: true,
        what: "the space",
      },
      signal,
    );
    return observed(space);
  } catch (thrown) {
    if (thrown instanceof SourceFailure && thrown.code === "source.not-found") return null;
    throw thrown;
  }
}

function observed(space: Space): ObservedSpace {
  return {
    sourceId: space.id,
    key: space.key,
    name: space.name,
    type: space.type,
    status: space.status === "archived" ? "archived" : "current",
    ownerSourceId: textOf(space.spaceOwnerId),
    homepageSourceId: textOf(space.homepageId),
    createdAt: space.createdAt ?? null,
  };
}
