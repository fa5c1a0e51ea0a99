import type { Filter } from "./table-types.ts";

/** What somebody typed into the search box, taken apart. */
export interface Typed {
  /** What the address gets, by the ids of filters. */
  filters: Readonly<Record<string, string>>;
  /** The words that name no filter. */
  q: string;
  /** `key:value` of which the key is a filter and the value none of its choices. */
  wrong: { filter: Filter; value: string } | null;
}

interface Named {
  filter: Filter;
  label: string;
}

/** `status:idle department:"Human Resources" novak`. Keys are ids or labels of filters, whatever their case. */
export function readTyped(text: string, filters: readonly Named[]): Typed {
  const found: Record<string, string> = {};
  const words: string[] = [];
  let wrong: Typed["wrong"] = null;
  for (const word of wordsOf(text)) {
    const colon = word.indexOf(":");
    const named = colon < 1 ? null : findFilter(word.slice(0, colon), filters);
    const value = unquoted(word.slice(colon + 1));
    if (!named) words.push(word);
    else if (value !== "") {
      const read = valueOf(named.filter, value);
      if (read === null) wrong = { filter: named.filter, value };
      else found[named.filter.id] = read;
    }
  }
  return { filters: found, q: words.join(" "), wrong };
}

/** Whether a filter is being typed, so that nothing is searched for meanwhile. */
export function isTypingFilter(text: string, filters: readonly Named[]): boolean {
  return wordsOf(text).some((word) => {
    const colon = word.indexOf(":");
    return colon > 0 && findFilter(word.slice(0, colon), filters) !== null;
  });
}

function wordsOf(text: string): string[] {
  return text.match(/[^\s"]*"[^"]*"?|\S+/g) ?? [];
}

function unquoted(text: string): string {
  return text.replaceAll('"', "").trim();
}

function findFilter(key: string, filters: readonly Named[]): Named | null {
  const plain = plainOf(key);
  return (
    filters.find(({ filter, label }) => plainOf(filter.id) === plain || plainOf(label) === plain) ??
    filters.find(({ label }) => plainOf(label).startsWith(plain) && plain.length >= 3) ??
    null
  );
}

function plainOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** The value as the API takes it; null when it is none of the choices. */
function valueOf(filter: Filter, value: string): string | null {
  switch (filter.kind) {
    case "choices": {
      const read = value.split(",").map((each) => choiceOf(filter.choices, each));
      return read.includes(null) ? null : read.join(",");
    }
    case "choice":
      return choiceOf(filter.choices, value);
    case "flag":
      return /^(yes|true|no|false)$/i.test(value) ? String(/^(yes|true)$/i.test(value)) : null;
    case "number":
      return /^\d+$/.test(value) ? value : null;
    case "day":
      return /^\d{4}-\d\d-\d\d$/.test(value) ? value : null;
    case "range":
      return (filter.of === "day" ? /^\d{4}-\d\d-\d\d$/ : /^\d+$/).test(value) ? value : null;
    case "text":
    case "thing":
      return value;
  }
}

function choiceOf(choices: readonly { value: string; label: string }[], typed: string): string | null {
  const plain = plainOf(typed);
  const found =
    choices.find(({ value, label }) => plainOf(value) === plain || plainOf(label) === plain) ??
    choices.find(({ label }) => plain !== "" && plainOf(label).startsWith(plain));
  return found?.value ?? null;
}
