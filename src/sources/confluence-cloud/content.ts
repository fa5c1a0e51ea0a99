import { z } from "zod";
import { changesOf, CONTENT_WORDS, type Content as PlainContent, contentQuery } from "../atlassian/content.ts";
import { Instant } from "../atlassian/instant.ts";
import type { ContentType, Cursor, ObservedContentChange, Page } from "../source.ts";
import type { SiteClient } from "./client.ts";

/** "May be restricted by fixed system limits" (spec V1): the server gives fewer if it must, and its cursor goes on. */
const CONTENT_PER_PAGE = 250;

const Content = z.object({
  id: z.coerce.string(),
  title: z.string().nullish(),
  space: z.object({ key: z.string().nullish() }).nullish(),
  container: z.object({ title: z.string().nullish(), key: z.string().nullish() }).nullish(),
  version: z
    .object({
      number: z.number(),
      when: Instant.nullish(),
      by: z.object({ accountId: z.string().nullish() }).nullish(),
    })
    .nullish(),
  history: z
    .object({
      createdDate: Instant.nullish(),
      createdBy: z.object({ accountId: z.string().nullish() }).nullish(),
    })
    .nullish(),
  _links: z.object({ webui: z.string().nullish() }).nullish(),
});
type Content = z.infer<typeof Content>;

export const ContentPage = z.object({
  results: z.array(Content),
  _links: z.object({ next: z.string().nullish() }).nullish(),
});

/**
 * Content changed since, each item with its first and its current version: who made them and when. The versions between
 * are not told without a request for each item. Ordered by creation, which no edit
 * changes, so that an edit during the listing moves no row past the reader. The search index is minutes behind.
 */
export async function readContent(
  client: SiteClient,
  type: ContentType,
  since: Date,
  cursor: Cursor,
  signal: AbortSignal,
  limit = CONTENT_PER_PAGE,
): Promise<Page<ObservedContentChange>> {
  const page = await client.linkedPage<Content>(
    "content",
    {
      template: "/wiki/rest/api/content/search",
      path: "/wiki/rest/api/content/search",
      query: {
        cql: contentQuery(type, since),
        expand: "version,history,space,container",
        limit,
      },
      schema: ContentPage,
      pointsOf: ({ results }) => results.length,
      what: `who changed which ${CONTENT_WORDS[type]}`,
    },
    cursor,
    signal,
  );
  const rows = page.rows.flatMap((content) => changesOf(type, plain(content)));
  return { rows: rows.filter(({ occurredAt }) => occurredAt >= since), next: page.next };
}

export function plain({ id, title, space, container, version, history, _links }: Content): PlainContent {
  return {
    id,
    title,
    spaceKey: space?.key ?? container?.key ?? null,
    containerTitle: container?.title ?? null,
    current: version ? { number: version.number, at: version.when, by: version.by?.accountId } : null,
    first: { number: 1, at: history?.createdDate, by: history?.createdBy?.accountId },
    path: _links?.webui ? `/wiki${_links.webui}` : null,
  };
}
