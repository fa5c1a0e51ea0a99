/** In lower case and without accents. */
export function plainText(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase();
}

/**
 * A text that sorts by bytes (`collate "C"`) the way people expect names to sort: case and accents matter only between
 * names that are otherwise the same. Made here and stored, so that every PostgreSQL gives one order whatever its locale.
 * At most 200 characters, so that it always fits an index.
 */
export function sortKey(text: string): string {
  return `${plainText(text).trim()} ${text}`.slice(0, 200);
}
