/**
 * JSON with sorted keys and no spaces: the same value always gives the same bytes, so that a hash over it can be made
 * anew from what the database stored. Dates become ISO text; undefined fields are left out.
 */
export function canonicalJson(value: unknown): string {
  return textOf(value) ?? "null";
}

/** Null where JSON has no word for it. */
function textOf(value: unknown): string | null {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? null;
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map((each) => textOf(each) ?? "null").join(",")}]`;
  const keys = inOrder(Object.keys(value));
  let text = "{";
  for (const key of keys) {
    const each = textOf((value as Record<string, unknown>)[key]);
    if (each === null) continue;
    text += `${text.length > 1 ? "," : ""}${JSON.stringify(key)}:${each}`;
  }
  return `${text}}`;
}

/** Whole numbers first, as JavaScript keeps the keys of an object; then by code unit. */
function inOrder(keys: string[]): string[] {
  keys.sort();
  return keys.some(isIndex) ? Object.keys(Object.fromEntries(keys.map((key) => [key, null]))) : keys;
}

function isIndex(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 48 && first <= 57;
}
