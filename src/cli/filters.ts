import { usageFailure } from "./failure.ts";

/** One `name=value`, or `name="two words"`. */
const CONDITION = /\s*([\w.-]+)=(?:"([^"]*)"|'([^']*)'|(\S*))/y;

/**
 * `status=idle dept="Human Resources"` as the query of the API. `aliases` are the short names people type. Fails as
 * usage on what it cannot read, on a name that the list does not know, and on a name given twice.
 */
export function parseFilters(
  texts: readonly string[],
  known: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const filters: Record<string, string> = {};
  for (const text of texts) {
    for (const [typed, value] of conditions(text.trim())) {
      const name = aliases[typed] ?? typed;
      if (!known.includes(name)) throw unknownFilter(typed, known);
      if (Object.hasOwn(filters, name))
        throw usageFailure(`The filter "${name}" is given twice.`, "Put commas between values: status=idle,never-used");
      filters[name] = value;
    }
  }
  return filters;
}

function* conditions(text: string): Generator<[name: string, value: string]> {
  CONDITION.lastIndex = 0;
  while (CONDITION.lastIndex < text.length) {
    const rest = text.slice(CONDITION.lastIndex).trim();
    const found = CONDITION.exec(text);
    if (!found)
      throw usageFailure(
        `"${rest}" is not a filter.`,
        'A filter looks like status=idle or department="Human Resources".',
      );
    yield [found[1] ?? "", found[2] ?? found[3] ?? found[4] ?? ""];
  }
}

function unknownFilter(name: string, known: readonly string[]) {
  if (known.length === 0) return usageFailure(`This list has no filters, so "${name}" cannot be one.`);
  return usageFailure(`This list has no filter "${name}".`, `It has ${known.join(", ")}.`);
}
