import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Page, SourceFailure } from "../source.ts";
import { queryOfNext, type RawPage, readOffsetPage, readTokenPage } from "./paging.ts";

const LISTED = { endpoint: "GET /things", what: "things" };

/** Reads a listing to its end through the cursors, as text, as the sync engine does. */
async function readAll(
  readPage: (cursor: string | null) => Promise<Page<string>>,
  pagesMax = 1_000,
): Promise<string[]> {
  const rows: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const read: Page<string> = await readPage(cursor);
    rows.push(...read.rows);
    if (read.next === null) return rows;
    cursor = read.next;
  }
  throw new Error("The listing did not end.");
}

function offsetReader(answer: (start: number) => RawPage<string>, limit = 3) {
  const starts: number[] = [];
  const readPage = (cursor: string | null) =>
    readOffsetPage<string>(cursor, {
      ...LISTED,
      limit,
      readPage: (start) => {
        starts.push(start);
        return Promise.resolve(answer(start));
      },
      keyOf: (row) => row,
      startOf: (next) => Number(next),
    });
  return { readPage, starts };
}

function tokenReader(answer: (at: string | null) => RawPage<string>) {
  return (cursor: string | null) =>
    readTokenPage<string>(cursor, {
      ...LISTED,
      readPage: (at) => Promise.resolve(answer(at)),
      tokenOf: (next) => next,
    });
}

const codeIs = (code: string) => (thrown: unknown) => thrown instanceof SourceFailure && thrown.code === code;

describe("a listing by start", () => {
  it("needs one request when its first page is its last", async () => {
    const { readPage, starts } = offsetReader(() => ({ rows: ["a", "b", "c"], next: null }));

    assert.deepEqual(await readAll(readPage), ["a", "b", "c"]);
    assert.deepEqual(starts, [0]);
  });

  it("reads the last row of each page again, and gives it once", async () => {
    const all = ["a", "b", "c", "d", "e", "f"];
    const { readPage, starts } = offsetReader((start) => ({
      rows: all.slice(start, start + 3),
      next: start + 3 < all.length ? String(start + 3) : null,
    }));

    assert.deepEqual(await readAll(readPage), all);
    assert.deepEqual(starts, [0, 2, 4]);
  });

  it("gives every row once, whatever the server caps its pages at", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 2, max: 9 }), async (count, cap) => {
        const all = Array.from({ length: count }, (_, index) => `row ${index}`);
        const { readPage } = offsetReader((start) => {
          const rows = all.slice(start, start + cap);
          return { rows, next: start + rows.length < count ? String(start + 9) : null };
        }, 9);

        assert.deepEqual(await readAll(readPage), all);
      }),
    );
  });

  it("fails when a removal moved a row past the reader", async () => {
    const all = ["a", "b", "c", "d", "e"];
    const { readPage } = offsetReader((start) => {
      const rows = all.slice(start, start + 3);
      all.splice(0, 1);
      return { rows, next: start + 3 < 5 ? String(start + 3) : null };
    });

    await assert.rejects(readAll(readPage), codeIs("source.listing-drifted"));
  });

  it("fails when a later page is empty: the row it starts at was removed", async () => {
    const { readPage } = offsetReader((start) =>
      start === 0 ? { rows: ["a", "b", "c"], next: "3" } : { rows: [], next: null },
    );

    await assert.rejects(readAll(readPage), codeIs("source.listing-drifted"));
  });

  it("goes on after a page that is empty although there is more", async () => {
    const all = ["a", "b", "c", "d", "e"];
    let isFirstTry = true;
    const { readPage } = offsetReader((start) => {
      if (start === 2 && isFirstTry) {
        isFirstTry = false;
        return { rows: [], next: "5" };
      }
      return { rows: all.slice(start, start + 3), next: start + 3 < 5 ? String(start + 3) : null };
    });

    assert.deepEqual(await readAll(readPage), all);
  });

  it("gives rows that the server counts but hides no chance to end the listing", async () => {
    const shown = new Map([
      [0, "a"],
      [7, "b"],
      [8, "c"],
    ]);
    const { readPage } = offsetReader((start) => ({
      rows: [start, start + 1, start + 2].flatMap((at) => shown.get(at) ?? []),
      next: start + 3 < 9 ? String(start + 3) : null,
    }));

    assert.deepEqual(await readAll(readPage), ["a", "b", "c"]);
  });

  it("stops at the ceiling of pages", async () => {
    const { readPage } = offsetReader((start) => ({ rows: [`${start}`, `${start + 1}`, `${start + 2}`], next: "1" }));
    const atTheEnd = JSON.stringify({ start: 2, anchor: "2", isLoose: false, isRepeat: false, page: 10_000 });

    await assert.rejects(readPage(atTheEnd), codeIs("source.page-ceiling"));
  });
});

describe("a listing by token", () => {
  it("goes on after an empty page that has a next", async () => {
    const pages: Record<string, RawPage<string>> = {
      first: { rows: ["a"], next: "second" },
      second: { rows: [], next: "third" },
      third: { rows: ["b"], next: null },
    };

    assert.deepEqual(await readAll(tokenReader((at) => pages[at ?? "first"] ?? { rows: [], next: null })), ["a", "b"]);
  });

  it("fails when a token comes again, at once or after a round", async () => {
    const pages: Record<string, RawPage<string>> = {
      first: { rows: ["a"], next: "second" },
      second: { rows: ["b"], next: "third" },
      third: { rows: ["c"], next: "fourth" },
      fourth: { rows: ["d"], next: "second" },
    };

    await assert.rejects(
      readAll(
        tokenReader((at) => pages[at ?? "first"] ?? { rows: [], next: null }),
        50,
      ),
      codeIs("source.page-ceiling"),
    );
    await assert.rejects(
      readAll(
        tokenReader(() => ({ rows: ["a"], next: "same" })),
        50,
      ),
      codeIs("source.page-ceiling"),
    );
  });

  it("fails when the same rows come again under ever new tokens", async () => {
    let count = 0;
    const endless = tokenReader(() => {
      count += 1;
      return { rows: ["a", "b"], next: `token ${count}` };
    });

    await assert.rejects(readAll(endless, 50), codeIs("source.page-ceiling"));
  });

  it("asks to start again when a stored cursor is not readable", async () => {
    await assert.rejects(
      tokenReader(() => ({ rows: [], next: null }))("not a cursor"),
      codeIs("source.cursor-expired"),
    );
  });
});

describe("a next link", () => {
  const through = (next: string) =>
    queryOfNext(next, {
      ...LISTED,
      path: "/wiki/api/v2/spaces",
      baseUrls: ["https://api.example.com/ex/confluence/1", "https://acme.example.net"],
    }).get("cursor");

  it("may be relative to the host, to the context, or name the gateway or the site", () => {
    for (const next of [
      "/wiki/api/v2/spaces?cursor=x",
      "/api/v2/spaces?cursor=x",
      "/ex/confluence/1/wiki/api/v2/spaces?cursor=x",
      "https://api.example.com/ex/confluence/1/wiki/api/v2/spaces?cursor=x",
      "https://acme.example.net/wiki/api/v2/spaces?cursor=x",
    ]) {
      assert.equal(through(next), "x", next);
    }
  });

  it("is not followed to another host or another listing", () => {
    for (const next of [
      "https://evil.example.com/wiki/api/v2/spaces?cursor=x",
      "//evil.example.com/wiki/api/v2/spaces?cursor=x",
      "http://acme.example.net/wiki/api/v2/spaces?cursor=x",
      "/wiki/api/v2/pages?cursor=x",
      "https://",
    ]) {
      assert.throws(() => through(next), codeIs("source.foreign-link"), next);
    }
  });
});
