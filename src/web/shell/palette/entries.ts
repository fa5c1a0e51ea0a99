import type { AnswerFor } from "../../api/call.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { paletteTexts as texts } from "./texts.ts";

/** One line of the palette. */
export interface Entry {
  id: string;
  label: string;
  detail: string | null;
  /** Where it leads; null for what is done where one is. */
  href: string | null;
  act?: () => void;
}

export interface EntryGroup {
  value: string;
  items: Entry[];
}

type Found = AnswerFor<"search.all">;
type Kind = Found["found"][number]["kind"];

const KIND_LABELS: Readonly<Record<Kind, Text>> = {
  person: texts.people,
  account: texts.accounts,
  group: texts.groups,
  space: texts.spaces,
  connection: texts.connections,
  site: texts.sites,
  license: texts.licenses,
  plan: texts.plans,
  "reclamation-rule": texts.reclamationRules,
  "exclusion-rule": texts.exclusionRules,
  job: texts.jobs,
};

/** What is searched: a first letter narrows it to one kind. */
export type Narrowing = "all" | "commands" | "people" | "groups" | "spaces";

const PREFIXES: Readonly<Record<string, Narrowing>> = { ">": "commands", "@": "people", "#": "groups", "~": "spaces" };

const KINDS: Readonly<Record<Narrowing, readonly Kind[] | null>> = {
  all: null,
  commands: [],
  people: ["person", "account"],
  groups: ["group"],
  spaces: ["space"],
};

export function readQuery(typed: string): { narrowing: Narrowing; words: string } {
  const trimmed = typed.trim();
  const narrowing = PREFIXES[trimmed.charAt(0)];
  return narrowing ? { narrowing, words: trimmed.slice(1).trim() } : { narrowing: "all", words: trimmed };
}

/** What the server found, by kind; an id, e-mail or address that stands for one thing comes first of all. */
export function foundGroups(answer: Found | undefined, narrowing: Narrowing): EntryGroup[] {
  if (!answer) return [];
  const kinds = KINDS[narrowing];
  const groups = answer.found
    .filter(({ kind }) => kinds === null || kinds.includes(kind))
    .map(({ kind, items }) => ({ value: t(KIND_LABELS[kind]), items: items.map((each) => ({ ...each })) }));
  if (!answer.exact || kinds !== null) return groups;
  const { id, label, href } = answer.exact;
  const rest = groups.map((group) => ({ ...group, items: group.items.filter((each) => each.id !== id) }));
  return [{ value: t(texts.exact), items: [{ id, label, href, detail: id }] }, ...rest];
}

/** Entries whose words all occur; those that begin with the first come first. */
export function matching(entries: readonly Entry[], words: string): Entry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = entries.filter(({ label }) => wanted.every((word) => label.toLowerCase().includes(word)));
  const begins = ({ label }: Entry) => label.toLowerCase().startsWith(wanted[0] ?? "");
  return [...fits.filter(begins), ...fits.filter((each) => !begins(each))];
}

export function withoutEmpty(groups: readonly EntryGroup[]): EntryGroup[] {
  return groups.filter(({ items }) => items.length > 0);
}
