import { plainText } from "../../lib/sort-key.ts";
import type { Scope } from "../../model/scopes.ts";
import type { Reader } from "../database.ts";
import { sql, type Sql } from "../sql.ts";

export interface Found {
  id: string;
  label: string;
  /** What tells it from others of the name: an address, a site. */
  detail: string | null;
  /** Whose page it is on, where it has none itself. */
  ref?: string;
}

interface Kind {
  scope: Scope;
  /** Rows `id, label, detail`, what begins with the words first. At most `max`. */
  search(reader: Reader, words: Words, max: number): Promise<Found[]>;
  href(found: Found): string;
}

/** What was typed, in lower case. */
interface Words {
  text: string;
  /** For `like`, taken literally. */
  within: string;
  /** As names sort: what begins with it lies between these two, by bytes. */
  from: string;
  to: string;
  /** The same anywhere in a name as it sorts, for `like`: quicker than to lower every name, and blind for accents. */
  withinSorted: string;
}

/** In the order in which they are shown. */
export const KINDS = {
  person: {
    scope: "inventory:read",
    search: searchPeople,
    href: ({ id }) => `/people/${id}`,
  },
  account: {
    scope: "inventory:read",
    search: (reader, words, max) =>
      reader.query(sql`
        select s.account_id as id, s.display_name as label, site.name as detail, s.person_id as ref
          from account_summaries s
          join sites site on site.id = s.site_id
         where s.sort_key >= ${words.from} and s.sort_key < ${words.to}
         order by s.sort_key, s.account_id
         limit ${max}
      `),
    href: ({ id, ref }) => `/people/${ref}?account=${id}`,
  },
  group: {
    scope: "inventory:read",
    search: (reader, words, max) =>
      reader.query(sql`
        select v.group_id as id, v.name as label, site.name as detail
          from group_versions v
          join sites site on site.id = v.site_id
         where v.valid_to is null and v.sort_key like ${words.withinSorted}
         order by not starts_with(v.sort_key, ${words.from}), v.sort_key, v.group_id
         limit ${max}
      `),
    href: ({ id }) => `/groups/${id}`,
  },
  space: {
    scope: "inventory:read",
    search: (reader, words, max) =>
      reader.query(sql`
        select v.space_id as id, v.name as label, v.key || ', ' || site.name as detail
          from space_versions v
          join sites site on site.id = v.site_id
         where v.valid_to is null and (v.sort_key like ${words.withinSorted} or lower(v.key collate "C") like ${words.within})
         order by lower(v.key) <> ${words.text}, not starts_with(v.sort_key, ${words.from}), v.sort_key, v.space_id
         limit ${max}
      `),
    href: ({ id }) => `/spaces/${id}`,
  },
  connection: {
    scope: "connections:read",
    search: searchNamed(sql`select id, name as label, state as detail from connections where state <> 'archived'`),
    href: ({ id }) => `/connections/${id}`,
  },
  site: {
    scope: "inventory:read",
    search: searchNamed(sql`select id, name as label, base_url as detail from sites`),
    href: ({ id }) => `/connections?siteId=${id}`,
  },
  license: {
    scope: "licenses:read",
    search: searchNamed(sql`select id, name as label, edition as detail from licenses where ended_on is null`),
    href: ({ id }) => `/licenses?tab=licenses&open=${id}`,
  },
  plan: {
    scope: "plans:read",
    search: searchNamed(sql`select id, reason as label, state as detail from plans`),
    href: ({ id }) => `/reclaim/plans/${id}`,
  },
  "reclamation-rule": {
    scope: "reclamation:read",
    search: searchNamed(sql`select id, name as label, status as detail from reclamation_rules where ended_at is null`),
    href: ({ id }) => `/reclaim/rules/${id}`,
  },
  "exclusion-rule": {
    scope: "exclusions:read",
    search: searchNamed(sql`select id, name as label, reason as detail from exclusion_rules where ended_at is null`),
    href: ({ id }) => `/exclusions/${id}`,
  },
  job: {
    scope: "jobs:read",
    search: searchNamed(sql`select id, name as label, cron as detail from jobs`),
    href: ({ id }) => `/jobs/${id}`,
  },
} satisfies Record<string, Kind>;

export type FoundKind = keyof typeof KINDS;
export const FOUND_KINDS = Object.keys(KINDS) as [FoundKind, ...FoundKind[]];

/** At most `max` of each kind that whoever asks may see, by name; `typed` is at least one character. */
export async function searchAll(
  reader: Reader,
  typed: string,
  { maySee, max }: { maySee(scope: Scope): boolean; max: number },
): Promise<{ kind: FoundKind; items: (Found & { href: string })[] }[]> {
  const text = typed.trim().toLowerCase();
  const plain = plainText(text);
  const words = {
    text,
    within: anywhere(text),
    from: plain,
    to: `${plain}\u{10FFFF}`,
    withinSorted: anywhere(plain),
  };
  const seen = (Object.entries(KINDS) as [FoundKind, Kind][]).filter(([, { scope }]) => maySee(scope));
  const found = await Promise.all(
    seen.map(async ([kind, { search, href }]) => {
      const items = await search(reader, words, max);
      return { kind, items: items.map((each) => ({ ...each, href: href(each) })) };
    }),
  );
  return found.filter(({ items }) => items.length > 0);
}

/** For `like`, taken literally. */
function anywhere(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

/**
 * Names and addresses that begin with the words, by index. Only where they are too few is every name looked through for
 * the words within.
 */
async function searchPeople(reader: Reader, words: Words, max: number): Promise<Found[]> {
  const first = await reader.query<Found>(sql`
    select person_id as id, display_name as label, email as detail
      from ((select person_id, display_name, email, sort_key
               from person_summaries
              where sort_key >= ${words.from} and sort_key < ${words.to}
              order by sort_key, person_id
              limit ${max})
             union
            (select person_id, display_name, email, sort_key
               from person_summaries
              where lower(email) collate "C" >= ${words.text} and lower(email) collate "C" < ${`${words.text}\u{10FFFF}`}
              order by lower(email) collate "C"
              limit ${max})) as each
     order by sort_key, person_id
     limit ${max}
  `);
  if (first.length === max) return first;
  const known = first.map(({ id }) => id);
  const more = await reader.query<Found>(sql`
    select person_id as id, display_name as label, email as detail
      from person_summaries
     where search_text like ${words.within} and person_id <> all (${known})
     limit ${max - first.length}
  `);
  return [...first, ...more];
}

/** Of what there is little of. */
function searchNamed(rows: Sql): Kind["search"] {
  return (reader, words, max) =>
    reader.query(sql`
      select each.id, each.label, each.detail
        from (${rows}) as each
       where lower(each.label) like ${words.within} or lower(each.detail) like ${words.within}
       order by not starts_with(lower(each.label), ${words.text}), lower(each.label), each.id
       limit ${max}
    `);
}
