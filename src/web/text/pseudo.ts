const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ACCENTED = "àƀćďéƒĝĥîĵķĺɱñöƥɋŕšţûṽŵẋýžÀƁĆĎÉƑĜĤÎĴĶĹṀÑÖƤɊŔŠŢÛṼŴẊÝŽ";

/** What `rich` turns into an element; any other `<` is a sign that is shown. */
const TAG = /^<\/?\w+>/;

/** An ICU message with every shown letter accented and 40 % added; placeholders and their keywords stay. */
export function pseudo(message: string): string {
  const accented = accent(message, 0, false).text;
  return `⟦${accented}${"~".repeat(Math.ceil(shownLength(message) * 0.4))}⟧`;
}

/**
 * Walks an ICU message: outside braces is text; a brace opens an argument; within `plural` and `select` each further brace
 * opens text again.
 */
function accent(message: string, from: number, isNested: boolean): { text: string; end: number } {
  let text = "";
  let at = from;
  while (at < message.length) {
    const character = message.charAt(at);
    if (character === "}" && isNested) return { text, end: at };
    const [tag] = TAG.exec(message.slice(at)) ?? [];
    if (tag !== undefined) {
      text += tag;
      at += tag.length;
    } else if (character === "{") {
      const argument = copyArgument(message, at);
      text += argument.text;
      at = argument.end;
    } else {
      const index = PLAIN.indexOf(character);
      text += index === -1 ? character : ACCENTED.charAt(index);
      at += 1;
    }
  }
  return { text, end: at };
}

function copyArgument(message: string, from: number): { text: string; end: number } {
  let text = "{";
  let at = from + 1;
  while (at < message.length && message.charAt(at) !== "}") {
    if (message.charAt(at) === "{") {
      const inner = accent(message, at + 1, true);
      text += `{${inner.text}}`;
      at = inner.end + 1;
    } else {
      text += message.charAt(at);
      at += 1;
    }
  }
  return { text: `${text}}`, end: at + 1 };
}

function shownLength(message: string): number {
  return message.replaceAll(/\{[^{}]*\}/g, "").length;
}
