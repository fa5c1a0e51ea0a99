import type { ContentType, ObservedContentChange } from "../source.ts";

/** Dates in CQL are minutes in the time zone of the account or site, at most this far west of UTC. */
const WESTERNMOST_MS = 12 * 3_600_000;

/** The content changed since. By creation is an order that no edit changes, so that an edit moves no row. */
export function contentQuery(type: ContentType, since: Date, order: "created" | "lastmodified" = "created"): string {
  return `type = ${type} and lastmodified >= "${cqlMinute(since)}" order by ${order} asc`;
}

/**
 * What an account had a hand in and that was changed since, latest change first. `contributor` is whoever ever edited it,
 * `lastmodified` the last edit by anybody (FACTS §3): whose it was, the versions must tell.
 */
export function contributionQuery(contributor: string, since: Date): string {
  const quoted = contributor.replace(/["\\]/g, "\\$&");
  return `contributor = "${quoted}" and lastmodified >= "${cqlMinute(since)}" order by lastmodified desc`;
}

/** When the account itself made one of the versions that are told, latest first come; null: none of them is its own. */
export function latestContribution(contents: readonly Content[], accountId: string, since: Date): Date | null {
  const own = contents.flatMap(({ first, current }) =>
    [first, current].flatMap((version) => (version?.by === accountId && version.at ? [version.at] : [])),
  );
  const latest = own.reduce<Date | null>((most, at) => (most === null || at > most ? at : most), null);
  return latest !== null && latest >= since ? latest : null;
}

/** The minute before which nothing in question lies, wherever the account's time zone is. */
function cqlMinute(since: Date): string {
  const [date, time] = new Date(since.getTime() - WESTERNMOST_MS).toISOString().split("T");
  return `${date} ${time?.slice(0, 5)}`;
}

/** A piece of content with its first and its current version, as both products tell them. */
export interface Content {
  id: string;
  title?: string | null | undefined;
  spaceKey: string | null;
  /** What a comment or an attachment belongs to. */
  containerTitle: string | null;
  current: Version | null;
  first: Version;
  /** Below the site's base URL. */
  path: string | null;
}

interface Version {
  number: number;
  at: Date | null | undefined;
  /** The account's id; null or missing of an anonymous or erased one. */
  by: string | null | undefined;
}

export const CONTENT_WORDS: Record<ContentType, string> = {
  page: "pages",
  blogpost: "blog posts",
  comment: "comments",
  attachment: "attachments",
};

/** Versions that name no account are left out: anonymous edits and those of erased accounts prove nobody's use. */
export function changesOf(type: ContentType, content: Content): ObservedContentChange[] {
  const { first, current } = content;
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
  const { id, spaceKey, path } = content;
  return {
    eventId: `${id}:${number}`,
    accountSourceId,
    type,
    summary: summaryOf(type, content, number === 1),
    occurredAt,
    spaceKey,
    contentId: id,
    path,
  };
}

function summaryOf(type: ContentType, { title, containerTitle }: Content, isFirst: boolean): string {
  const named = `"${title ?? "untitled"}"`;
  const place = containerTitle ? `"${containerTitle}"` : null;
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
