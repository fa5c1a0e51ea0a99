export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

type Detail = Readonly<Record<string, unknown>>;

/**
 * What an entry says was changed, field by field, and the rest of its detail. Entries say it as `before` and `after` of the
 * same fields, or as `from` and `to` of one thing.
 */
export function changesOf(detail: Detail): { changes: FieldChange[]; rest: Detail } {
  const { before, after, ...rest } = detail;
  if (isRecord(before) && isRecord(after)) return { changes: fieldsOf(before, after), rest };
  if ("from" in detail && "to" in detail) {
    const { from, to, ...others } = detail;
    if (isRecord(from) && isRecord(to)) return { changes: fieldsOf(from, to), rest: others };
    return { changes: [{ field: "", before: from, after: to }], rest: others };
  }
  return { changes: [], rest: detail };
}

function fieldsOf(before: Detail, after: Detail): FieldChange[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }));
}

export function isRecord(value: unknown): value is Detail {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
