import { z } from "zod";
import { changesOf, CONTENT_WORDS, type Content as PlainContent, contentQuery } from "../atlassian/content.ts";
import { Instant } from "../atlassian/instant.ts";
import { type ContentType, type Cursor, type ObservedContentChange, type Page, SourceFailure } from "../source.ts";
import { pageOf } from "./client.ts";
import type { OpenSite } from "./open-site.ts";
import { User } from "./user.ts";

const CONTENT_PER_PAGE = 200;

export const Content = z.object({
  id: z.coerce.string(),
  title: z.string().nullish(),
  space: z.object({ key: z.string().nullish() }).nullish(),
  container: z.object({ title: z.string().nullish(), key: z.string().nullish() }).nullish(),
  version: z.object({ number: z.number(), when: Instant.nullish(), by: User.nullish() }).nullish(),
  history: z.object({ createdDate: Instant.nullish(), createdBy: User.nullish() }).nullish(),
  _links: z.object({ webui: z.string().nullish() }).nullish(),
});
export type Content = z.infer<typeof Content>;

/** As on Cloud: each item changed since with its first and its current version. The search index is minutes behind. */
export async function readContent(
  open: OpenSite,
  type: ContentType,
  since: Date,
  cursor: Cursor,
  signal: AbortSignal,
  limit = CONTENT_PER_PAGE,
): Promise<Page<ObservedContentChange>> {
  const order = open.contentOrder;
  const read = () => contentPage(open, type, since, { cursor, limit }, signal);
  const page = await read().catch((thrown: unknown) => {
    const cannotOrder = thrown instanceof SourceFailure && thrown.status === 400 && /\border\b/i.test(thrown.message);
    if (!cannotOrder || order === "lastmodified") throw thrown;
    // Which fields a version can order by is not documented; it can by the one that it filters by here.
    open.contentOrder = "lastmodified";
    return read();
  });
  open.directory.learn(
    page.rows.flatMap(({ version, history }) => [version?.by ?? [], history?.createdBy ?? []].flat()),
  );
  const rows = page.rows.flatMap((content) => changesOf(type, plain(content)));
  return { rows: rows.filter(({ occurredAt }) => occurredAt >= since), next: page.next };
}

function contentPage(
  { client, contentOrder }: OpenSite,
  type: ContentType,
  since: Date,
  { cursor, limit }: { cursor: Cursor; limit: number },
  signal: AbortSignal,
): Promise<Page<Content>> {
  const path = "/rest/api/content/search";
  const query = { cql: contentQuery(type, since, contentOrder), expand: "version,history,space,container" };
  const what = `who changed which ${CONTENT_WORDS[type]}`;
  const call = { template: path, path, query, schema: pageOf(Content), limit, keyOf: ({ id }: Content) => id, what };
  return client.offsetPage<Content>("content", call, cursor, signal);
}

export function plain({ id, title, space, container, version, history, _links }: Content): PlainContent {
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
