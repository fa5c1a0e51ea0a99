import { z } from "zod";
import { instant } from "./contract.ts";

/** A day such as 2026-05-03, which means its end in UTC, or an instant. */
export const dayOrInstant = z.codec(
  z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: "a day such as 2026-05-03, or an instant such as 2026-05-03T12:00:00Z",
  }),
  z.date(),
  {
    decode: (text) => new Date(text.length === "2026-05-03".length ? `${text}T23:59:59.999Z` : text),
    encode: (date) => date.toISOString(),
  },
);

/** A day such as 2026-05-03, which means its beginning in UTC, or an instant. */
export const dayBeginOrInstant = z.codec(
  z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: "a day such as 2026-05-03, or an instant such as 2026-05-03T12:00:00Z",
  }),
  z.date(),
  { decode: (text) => new Date(text), encode: (date) => date.toISOString() },
);

/** A site of which the answer says nothing, because what was asked for was not known yet. */
export const NotKnown = z
  .object({
    siteId: z.string(),
    site: z.string(),
    kind: z.string().nullable().meta({ description: "Of what nothing was known; null: of what the list is about." }),
    since: instant.nullable().meta({ description: "From here on it is known; null: never read to its end so far." }),
  })
  .meta({ id: "NotKnown" });

/** What a list of the inventory says of the day that it was asked for. */
export const asOfFields = {
  asOf: instant.nullable().meta({ description: "The instant that was asked for; null: as it is now." }),
};

export const notKnownFields = {
  notKnown: z.array(NotKnown).meta({
    description: "Sites that are left out, because nothing is known of them as early as that.",
  }),
};

/** What a list cannot tell of an earlier day. */
export interface AsOfLimits {
  /** Sorts that it offers only for now. */
  notSorts: readonly string[];
  notFilters: readonly string[];
}

export const asOfQuery = {
  asOf: dayOrInstant.optional().meta({
    description:
      "How it was at the end of that day in UTC (`2026-05-03`), or at that instant, as far as Usher had seen it.",
  }),
};

export const AS_OF_REFUSALS = {
  "not-known-then": {
    status: 422,
    says: "Nothing was known as early as that: the answer would be empty for want of looking. Ask for a later day.",
  },
  "not-as-of": {
    status: 400,
    says: "Asked for an earlier day, the list cannot be filtered or sorted by that: its history was not kept.",
  },
} as const;

/** One paragraph for the description of a list, so that nobody has to try what it cannot tell. */
export function asOfDescription({ notSorts, notFilters }: AsOfLimits, nulls: string | null): string {
  const not = [
    notFilters.length > 0 ? `filtered by ${quoted(notFilters)}` : null,
    notSorts.length > 0 ? `sorted by ${quoted(notSorts)}` : null,
  ].filter((each) => each !== null);
  const limits = not.length > 0 ? ` It cannot be ${not.join(" or ")} then.` : "";
  const unknown = nulls === null ? "" : ` Null then, because no history is kept of it: ${nulls}.`;
  return `With \`asOf\` it tells how it was.${limits}${unknown}`;
}

function quoted(names: readonly string[]): string {
  return names.map((each) => `\`${each}\``).join(", ");
}
