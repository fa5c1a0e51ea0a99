import { z } from "zod";
import { changesOf, CONTENT_WORDS, type Content as PlainContent, contentQuery } from "../atlassian/content.ts";
import { Instant } from "../atlassian/instant.ts";
import type { ContentType, Cursor, ObservedContentChange, Page } from "../source.ts";
import { pageOf } from "./client.ts";
import type { OpenSite } from "./open-site.ts";
import { User } from "./user.ts";

const CONTENT_PER_PAGE = 200;

const Content = z.object({
  id: z.coerce.string(),
  title: z.string().nullish(),
  space: z.object({ key: z.string().nullish() }).nullish(),
  container: z.object({ title: z.string().nullish(), key: z.string().nullish() }).nullish(),
  version: z.object({ number: z.number(), when: Instant.nullish(), by: User.nullish() }).nullish(),
  history: z.object({ createdDate: Instant.nullish(), createdBy: User.nullish() }).nullish(),
  _links: z.object({ webui: z.string().nullish() }).nullish(),
});
type Content = z.infer<typeof Content>;

/** As on Cloud: each item changed since with its first and its current version. The search index is minutes behind. */
export async function readContent(
  { client, directory }: OpenSite,
  type: ContentType,
  since: Date,
  cursor: Cursor,
  signal: AbortSignal,
  limit = CONTENT_PER_PAGE,
): Promise<Page<ObservedContentChange>> {
  const path = "/rest/api/content/search";
  const page = await client.offsetPage<Content>(
    "content",
    {
      template: path,
      path,
      query: { cql: contentQuery(type, since), expand: "version,history,space,container" },
      schema: pageOf(Content),
      limit,
      keyOf: ({ id }) => id,
      what: `who changed which ${CONTENT_WORDS[type]}`,
    },
    cursor,
    signal,
  );
  directory.learn(page.rows.flatMap(({ version, history }) => [version?.by ?? [], history?.createdBy ?? []].flat()));
  const rows = page.rows.flatMap((content) => changesOf(type, plain(content)));
  return { rows: rows.filter(({ occurredAt }) => occurredAt >= since), next: page.next };
}

function plain({ id, title, space, container, version, history, _links }: Content): PlainContent {
  return {
    id,
    title,
    spaceKey: space?.key ?? container?.key ?? null,
    containerTitle: container?.title ?? null,
    current: version ? { number: version.number, at: version.when, by: version.by?.userKey } : null,
    first: { number: 1, at: history?.createdDate, by: history?.createdBy?.userKey },
    path: _links?.webui ?? null,
  };
}
