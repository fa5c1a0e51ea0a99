import { i18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import type { Text } from "./define.ts";
import { pseudo } from "./pseudo.ts";

export type TextValues = Readonly<Record<string, string | number | Date>>;

/** Made-up words in which every text is 40 % longer and accented: what stays plain English was forgotten. */
export const PSEUDO_LOCALE = "en-XA";

i18n.setMessagesCompiler(compileMessage);

/** Before the first render. `en-XA` is the pseudo-locale; any other is English until a catalog of it is there. */
export function startTexts(locale: string): void {
  isPseudo = locale === PSEUDO_LOCALE;
  i18n.load("en", {});
  i18n.activate("en");
  document.documentElement.lang = "en";
}

let isPseudo = false;

/** The text in the reader's language, with its placeholders filled in. */
export function t(text: Text, values: TextValues = {}): string {
  return i18n._(idOf(text), values, { message: messageOf(text) });
}

/** The id under which a text is compiled once; the pseudo-locale's are others. */
function idOf({ id }: Text): string {
  return isPseudo ? `${PSEUDO_LOCALE}.${id}` : id;
}

function messageOf({ message }: Text): string {
  return isPseudo ? pseudo(message) : message;
}
