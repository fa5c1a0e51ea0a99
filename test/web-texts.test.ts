import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { setupI18n } from "@lingui/core";
import { pseudo } from "../src/web/text/pseudo.ts";

const WEB = fileURLToPath(new URL("../src/web/", import.meta.url));
const TEXTS = JSON.parse(readFileSync(join(WEB, "text/en.json"), "utf8")) as Record<string, string>;

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

  it("are all named by a page: nobody translates what nobody reads", () => {
    const code = globSync("**/*.{ts,tsx}", { cwd: WEB, exclude: ["**/*texts.ts"] })
      .map((file) => readFileSync(join(WEB, file), "utf8"))
      .join("\n");
    // Some are found by a value of the API: its name then stands there as a word.
    const named = new Set(code.match(/\w+/g));

    assert.deepEqual(
      Object.keys(TEXTS).filter((id) => !named.has(id.slice(id.lastIndexOf(".") + 1))),
      [],
    );
  });

  it("are 40 % longer in the pseudo-locale, and keep what is filled in and their tags", () => {
    const made = pseudo("Read <runs>what {name} did</runs>: {count, plural, one {# seat} other {# seats}}");

    assert.match(
      made,
      /^⟦Ŕéàď <runs>ŵĥàţ \{name\} ďîď<\/runs>: \{count, plural, one \{# šéàţ\} other \{# šéàţš\}\}~+⟧$/u,
    );
  });

  it("show a sign that begins no tag as it is", () => {
    assert.equal(pseudo("< 1 s"), "⟦< 1 š~~⟧");
  });

  it("say the thing: nothing is only OK or Submit, and nothing ends in an exclamation mark", () => {
    const bad = Object.entries(TEXTS).filter(([, message]) => /^(OK|Submit|Yes|No)$|!$|\bOops\b/i.test(message));

    // What a filter or a fact may be is a value, not a button.
    assert.deepEqual(
      bad.filter(([id]) => !/\.(?:yes|no)$/.test(id)),
      [],
    );
  });
});
