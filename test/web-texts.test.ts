import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { setupI18n } from "@lingui/core";
import { pseudo } from "../src/web/text/pseudo.ts";

const TEXTS = JSON.parse(readFileSync(new URL("../src/web/text/en.json", import.meta.url), "utf8")) as Record<
  string,
  string
>;

/** Something for each placeholder that a message names. */
function valuesFor(message: string): Record<string, number> {
  return Object.fromEntries([...message.matchAll(/\{(\w+)/g)].map(([, name]) => [name ?? "", 3]));
}

function shown(id: string, message: string): string {
  const i18n = setupI18n({ locale: "en", messages: { en: {} } });
  i18n.setMessagesCompiler(compileMessage);
  return i18n._(id, valuesFor(message), { message });
}

describe("the texts of the pages", () => {
  it("are ICU messages that compile and fill in, also in the pseudo-locale", () => {
    const broken = Object.entries(TEXTS).flatMap(([id, message]) =>
      [message, pseudo(message)].filter((each) => /[{}]/.test(shown(id, each))).map(() => id),
    );

    assert.deepEqual(broken, []);
  });

  it("are 40 % longer in the pseudo-locale, and keep what is filled in and their tags", () => {
    const made = pseudo("Read <runs>what {name} did</runs>: {count, plural, one {# seat} other {# seats}}");

    assert.match(
      made,
      /^⟦Ŕéàď <runs>ŵĥàţ \{name\} ďîď<\/runs>: \{count, plural, one \{# šéàţ\} other \{# šéàţš\}\}~+⟧$/u,
    );
  });

  it("say the thing: nothing is only OK or Submit, and nothing ends in an exclamation mark", () => {
    const bad = Object.entries(TEXTS).filter(([, message]) => /^(OK|Submit|Yes|No)$|!$|\bOops\b/i.test(message));

    assert.deepEqual(
      bad.filter(([id]) => !/^table\.yes$/.test(id)),
      [],
    );
  });
});
