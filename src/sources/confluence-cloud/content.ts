import { z } from "zod";
import { Instant } from "../atlassian/instant.ts";
import type { ContentType, Cursor, ObservedContentChange, Page } from "../source.ts";
import type { SiteClient } from "./client.ts";

/** "May be restricted by fixed system limits" (spec V1): the server gives fewer if it must, and its cursor goes on. */
const CONTENT_PER_PAGE = 250;

/** Dates in CQL are minutes in the time zone of the account or site, at most this far west of UTC. */
const WESTERNMOST_MS = 12 * 3_600_000;

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

const ContentPage = z.object({
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
        cql: `type = ${type} and lastmodified >= "${cqlMinute(since)}" order by created asc`,
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
  const rows = page.rows.flatMap((content) => changesOf(type, content));
  return { rows: rows.filter(({ occurredAt }) => occurredAt >= since), next: page.next };
}

const CONTENT_WORDS: Record<ContentType, string> = {
  page: "pages",
  blogpost: "blog posts",
  comment: "comments",
  attachment: "attachments",
};

/** The minute before which nothing in question lies, wherever the account's time zone is. */
function cqlMinute(since: Date): string {
  const [date, time] = new Date(since.getTime() - WESTERNMOST_MS).toISOString().split("T");
  return `${date} ${time?.slice(0, 5)}`;
}

/** Versions that name no account are left out: anonymous edits and those of erased accounts prove nobody's use. */
function changesOf(type: ContentType, content: Content): ObservedContentChange[] {
  const { history, version } = content;
  const current = version && { number: version.number, at: version.when, by: version.by?.accountId };
  const first = { number: 1, at: history?.createdDate, by: history?.createdBy?.accountId };
  const versions = current?.number === 1 ? [current] : current ? [first, current] : [first];
  return versions.flatMap(({ number, at, by }) => (at && by ? [changeOf(type, content, number, at, by)] : []));
}

function changeOf(
  type: ContentType,
  content: Content,
  number: number,
  occurredAt: Date,
  accountSourceId: string,
): ObservedContentChange {
  const { id, space, container, _links } = content;
  return {
    eventId: `${id}:${number}`,
    accountSourceId,
    type,
    summary: summaryOf(type, content, number === 1),
    occurredAt,
    spaceKey: space?.key ?? container?.key ?? null,
    contentId: id,
    path: _links?.webui ? `/wiki${_links.webui}` : null,
  };
}

function summaryOf(type: ContentType, { title, container }: Content, isFirst: boolean): string {
  const named = `"${title ?? "untitled"}"`;
  const place = container?.title ? `"${container.title}"` : null;
  switch (type) {
    case "page":
      return `${isFirst ? "created" : "edited"} ${named}`;
    case "blogpost":
      return `${isFirst ? "posted" : "edited the blog post"} ${named}`;
    case "comment":
      return `${isFirst ? "commented on" : "edited a comment on"} ${place ?? named}`;
    case "attachment":
      return `${isFirst ? "attached" : "replaced the attachment"} ${named}${place ? ` ${isFirst ? "to" : "of"} ${place}` : ""}`;
  }
}
