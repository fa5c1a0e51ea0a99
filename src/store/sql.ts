/** One statement with its bound parameters. Made only here, so no value from outside ever becomes text. */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What was made here; a look-alike object from a request is bound as a value like any other. */
const made = new WeakSet<object>();

/** Values are bound; another `Sql` is put in as it is, its parameters renumbered. */
export function sql(strings: TemplateStringsArray, ...inserted: unknown[]): Sql {
  let text = strings[0] ?? "";
  const values: unknown[] = [];
  inserted.forEach((each, index) => {
    if (isSql(each)) {
      text += each.text.replaceAll(/\$(\d+)/g, (_, number: string) => `$${Number(number) + values.length}`);
      values.push(...each.values);
    } else {
      values.push(each);
      text += `$${values.length}`;
    }
    text += strings[index + 1] ?? "";
  });
  return make(text, values);
}

/** Joins conditions or columns; an empty list gives an empty fragment. */
export function joinSql(parts: readonly Sql[], separator: string): Sql {
  return parts.reduce<Sql>(
    (joined, part, index) => (index === 0 ? part : sql`${joined}${rawSql(separator)}${part}`),
    rawSql(""),
  );
}

/** A piece of SQL written in the code, never taken from outside. */
export function rawSql(text: string): Sql {
  return make(text, []);
}

function make(text: string, values: readonly unknown[]): Sql {
  const statement = { text, values };
  made.add(statement);
  return statement;
}

function isSql(value: unknown): value is Sql {
  return typeof value === "object" && value !== null && made.has(value);
}
