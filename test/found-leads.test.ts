import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NOTIFICATION_KINDS } from "../src/model/notifications.ts";
import { writeNotice } from "../src/rules/notifications/notices.ts";
import { KINDS } from "../src/store/search/search.ts";
import { RESOLVERS } from "../src/store/search/resolve.ts";
import { PAGES } from "../src/web/pages.ts";
import { SETTINGS_SECTIONS } from "../src/web/shell/settings-sections.ts";

/** What stands in an address in place of `$name`; a section of the settings is one that there is. */
function isPage(href: string): boolean {
  const path = href.split("?")[0] ?? "";
  const [, section] = /^\/settings\/(.+)$/.exec(path) ?? [];
  if (section !== undefined) return SETTINGS_SECTIONS.some(({ id }) => id === section);
  return Object.keys(PAGES)
    .filter((page) => page !== "/$id")
    .some((page) => new RegExp(`^${page.replaceAll(/\$\w+/g, "[^/]+")}$`).test(path));
}

describe("what is mailed", () => {
  it("leads to a page that there is", () => {
    // Each wants other data; the paths are made of ids alone.
    const anything = new Proxy({}, { get: (_, name) => (name === "step" ? "check" : name === "sites" ? [] : "1") });
    const paths = NOTIFICATION_KINDS.map(({ kind }) => writeNotice(kind, anything as never)?.path);

    assert.deepEqual(
      paths.filter((path) => path !== undefined && path !== null && !isPage(path)),
      [],
    );
  });
});

describe("what is found", () => {
  it("leads to a page that there is, by its id and by words", () => {
    const byId = Object.values(RESOLVERS).map(({ href }) => href("ref_1", "id_1"));
    const byWords = Object.values(KINDS).map(({ href }) => href({ id: "id_1", label: "", detail: null, ref: "ref_1" }));

    assert.deepEqual(
      [...byId, ...byWords].filter((href) => !isPage(href)),
      [],
    );
  });
});
