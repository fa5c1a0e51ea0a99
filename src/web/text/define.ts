/*
 * The words of the pages. Each page keeps its English texts in its own `texts.ts`:
 *
 *   export const texts = defineTexts("people", {
 *     title: "People",
 *     shown: "{shown, number} of {total, plural, one {# person} other {# people}}",
 *   });
 *   t(texts.shown, { shown: 12, total: 3871 })          // and <Rich text={…} /> where a part of it is a link
 *
 * Messages are ICU: whole sentences with placeholders, never put together from pieces. `npm run generate` collects them
 * into src/web/text/en.json, from which another language is translated.
 */

/** A text by its id, `<area>.<name>`, with its English words. */
export interface Text {
  readonly id: string;
  readonly message: string;
}

/** `area` is unique among all `texts.ts`; ids must not change once they are translated. */
export function defineTexts<const Names extends string>(
  area: string,
  messages: Readonly<Record<Names, string>>,
): Readonly<Record<Names, Text>> {
  const entries = Object.entries<string>(messages).map(([name, message]) => [name, { id: `${area}.${name}`, message }]);
  return Object.fromEntries(entries) as Record<Names, Text>;
}
