import { z } from "zod";
import { Instant } from "../atlassian/instant.ts";
import { parseJson } from "../atlassian/body.ts";
import { type Cursor, type ObservedSpace, type Page, SourceFailure } from "../source.ts";
import { pageOf } from "./client.ts";
import type { OpenSite } from "./open-site.ts";

const SPACES_PER_PAGE = 200;

const Space = z.object({
  id: z.coerce.string().nullish(),
  key: z.string(),
  name: z.string(),
  type: z.string().nullish(),
  status: z.string().nullish(),
  creationDate: Instant.nullish(),
});
type Space = z.infer<typeof Space>;

/** What permissions have to know of a space that is asked for by its id. */
export interface KnownSpace {
  key: string;
}

/** Asked for one after the other, because what the listing shows without a status is not documented. */
const STATUSES = ["current", "archived"] as const;

const SpaceCursor = z.object({ status: z.enum(STATUSES), at: z.string().nullable() });

/** Global and personal spaces, current and archived; only those that the account behind the credential may view. */
export async function readSpaces(
  open: OpenSite,
  cursor: Cursor,
  signal: AbortSignal,
  limit = SPACES_PER_PAGE,
): Promise<Page<ObservedSpace>> {
  const { status, at } = cursor === null ? { status: STATUSES[0], at: null } : parseCursor(cursor);
  const path = "/rest/api/space";
  const page = await open.client.offsetPage<Space>(
    "spaces",
    { template: path, path, query: { status }, schema: pageOf(Space), limit, keyOf: ({ key }) => key },
    at,
    signal,
  );
  // A version that passes over the filter shows everything twice: each space then counts where it belongs.
  const rows = page.rows.filter((each) => statusOf(each) === status).map(observed);
  for (const { sourceId, key } of rows) open.spacesById.set(sourceId, { key });
  return { rows, next: nextCursor(status, page.next) };
}

function parseCursor(cursor: string): z.infer<typeof SpaceCursor> {
  const parsed = SpaceCursor.safeParse(parseJson(cursor));
  if (parsed.success) return parsed.data;
  throw new SourceFailure(`Not a cursor of the listing of spaces: ${cursor}`, {
    code: "source.cursor-expired",
    publicMessage: "The saved place in the listing of spaces is not readable by this version of Usher.",
    fix: "Nothing: the listing is read again from its start.",
    capability: "permissions",
  });
}

function nextCursor(status: (typeof STATUSES)[number], at: string | null): string | null {
  if (at !== null) return JSON.stringify({ status, at });
  return status === "current" ? JSON.stringify({ status: "archived", at: null }) : null;
}

/** By its id, although Data Center names spaces by their keys; null: gone, or hidden from this account. */
export async function findSpace(open: OpenSite, sourceId: string, signal: AbortSignal): Promise<ObservedSpace | null> {
  const known = open.spacesById.get(sourceId);
  const space = known ? await byKey(open, known.key, signal) : await byId(open, sourceId, signal);
  if (space?.sourceId === sourceId) return space;
  // A key that was given to a new space, or that a renamed space left, says nothing of this one.
  return known ? byId(open, sourceId, signal) : null;
}

/** The key of a space; throws "source.not-found" for one that is gone. */
export async function keyOfSpace(open: OpenSite, sourceId: string, signal: AbortSignal): Promise<string> {
  const known = open.spacesById.get(sourceId);
  if (known) return known.key;
  const found = await byId(open, sourceId, signal);
  if (found) return found.key;
  throw new SourceFailure(`Space ${sourceId} is not known.`, {
    code: "source.not-found",
    publicMessage: "Confluence does not find the space: it is gone, or the credential may not see it.",
    fix: "Nothing: the next listing of spaces will not name it.",
    capability: "permissions",
    endpoint: "GET /rest/api/space",
  });
}

export async function byKey(open: OpenSite, key: string, signal: AbortSignal): Promise<ObservedSpace | null> {
  try {
    const space = await open.client.read(
      "spaces",
      {
        template: "/rest/api/space/{spaceKey}",
        path: `/rest/api/space/${encodeURIComponent(key)}`,
        schema: Space,
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

/** Newer versions filter by id; one that passes over the filter is read through. */
async function byId(open: OpenSite, sourceId: string, signal: AbortSignal): Promise<ObservedSpace | null> {
  // Where REST gives no ids, the key stands for one.
  if (!/^\d+$/.test(sourceId)) return byKey(open, sourceId, signal);
  const path = "/rest/api/space";
  const { results } = await open.client.read(
    "spaces",
    { template: path, path, query: { spaceId: sourceId }, schema: pageOf(Space), what: "the space" },
    signal,
  );
  const isFiltered = results.length === 0 || (results.length === 1 && results[0]?.id === sourceId);
  const spaces = isFiltered
    ? results.map(observed)
    : await open.client.readWhole((cursor) => readSpaces(open, cursor, signal));
  const space = spaces.find((each) => each.sourceId === sourceId) ?? null;
  if (space) open.spacesById.set(sourceId, { key: space.key });
  return space;
}

function observed(space: Space): ObservedSpace {
  const { id, key, name, type, creationDate } = space;
  return {
    sourceId: id ?? key,
    key,
    name,
    type: type ?? (key.startsWith("~") ? "personal" : "global"),
    status: statusOf(space),
    ownerSourceId: null,
    homepageSourceId: null,
    createdAt: creationDate ?? null,
  };
}

function statusOf({ status }: Space): (typeof STATUSES)[number] {
  return status?.toLowerCase() === "archived" ? "archived" : "current";
}
