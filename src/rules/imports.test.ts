import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readEvidenceRow, joinWindows } from "./evidence-import.ts";
import { mapColumns } from "./import-columns.ts";
import { isTooManyLeaving, PEOPLE_FIELDS, readPersonRow } from "./people-import.ts";

describe("the columns of a file", () => {
  const fieldsOf = (headings: string[], chosen: [string, string][] = []) => {
    const columns = mapColumns(headings, PEOPLE_FIELDS, new Map(chosen));
    return columns.ok ? columns.value.map(({ field }) => field) : columns.error.map(({ what }) => what);
  };

  it("fill the fields that their headings are known for, the first of two", () => {
    assert.deepEqual(fieldsOf(["Employee ID", "E-Mail", "mail", "Cost Centre", "attribute:Badge", "Salary"]), [
      "externalId",
      "email",
      null,
      "costCenter",
      "attribute:Badge",
      null,
    ]);
  });

  it("fill what a person says before what is known, and never one field twice", () => {
    assert.deepEqual(fieldsOf(["Name", "Call name"], [["call NAME", "displayName"]]), [null, "displayName"]);
    assert.deepEqual(fieldsOf(["Name", "Mail"], [["Name", "-"]]), [null, "email"]);
    assert.deepEqual(fieldsOf(["Mail", "Mail"]), ["email", null]);
    assert.deepEqual(fieldsOf(["Name"], [["Name", "shoe"]]), ['gives "Name" the field "shoe"']);
    assert.deepEqual(
      fieldsOf(
        ["a", "b"],
        [
          ["a", "email"],
          ["b", "email"],
        ],
      ),
      ['gives email to "a" and to "b"'],
    );
  });
});

describe("a row about a person", () => {
  const columns = [
    { column: "ID", field: "externalId" },
    { column: "First", field: "givenName" },
    { column: "Last", field: "familyName" },
    { column: "Dept", field: "department" },
  ];

  it("clears what it leaves empty and says nothing of what it has no column for", () => {
    const { data, errors } = readPersonRow(columns, 2, ["7", "Ann", "Ames", " "]);

    assert.deepEqual(errors, []);
    assert.deepEqual(data, {
      external_id: "7",
      given_name: "Ann",
      family_name: "Ames",
      department: null,
      display_name: "Ann Ames",
      sort_key: "ann ames Ann Ames",
    });
  });

  it("refuses text that cannot be kept", () => {
    const errors = readPersonRow(columns, 2, ["7", "A\u0000", "x".repeat(501), ""]).errors;

    assert.deepEqual(
      errors.map(({ field, what }) => `${field} ${what}`),
      ["First holds a control character", "Last has 501 characters"],
    );
  });
});

describe("people who would be marked as left", () => {
  it("are too many above 20 % and from 10 on, not before", () => {
    assert.equal(isTooManyLeaving({ leaving: 9, staying: 0 }), false);
    assert.equal(isTooManyLeaving({ leaving: 10, staying: 40 }), false);
    assert.equal(isTooManyLeaving({ leaving: 10, staying: 39 }), true);
  });
});

describe("a row of evidence", () => {
  const options = {
    siteId: "site_1",
    site: "acme",
    kind: "authenticated" as const,
    since: "2026-06-01T10:00:00.000Z",
    until: "2026-11-21T00:00:00.000Z",
    complete: [],
  };
  const columns = [
    { column: "user", field: "account" },
    { column: "when", field: "when" },
  ];
  const at = (when: string) => {
    const { data, errors } = readEvidenceRow(columns, 2, ["ann", when], options);
    return errors[0]?.what ?? data["at"];
  };

  it("takes instants and days, without a time zone as UTC, within what the import covers", () => {
    assert.equal(at("2026-11-20T10:00:00+02:00"), "2026-11-20T08:00:00.000Z");
    assert.equal(at("2026-11-20 10:00:00"), "2026-11-20T10:00:00.000Z");
    assert.equal(at("2026-06-01"), "2026-06-01T00:00:00.000Z");
    assert.equal(at("2026-05-31"), "2026-05-31 is outside of what the import covers");
    assert.equal(at("20.11.2026"), '"20.11.2026" is not an instant');
    assert.equal(at("2026-13-40"), '"2026-13-40" is not an instant');
  });
});

describe("what two complete imports cover", () => {
  const day = (number: number) => new Date(Date.UTC(2026, 0, number));
  const span = (since: number, until: number) => ({ since: day(since), until: day(until) });

  it("is both where they meet, whichever came first, and the later one where they do not", () => {
    assert.deepEqual(joinWindows(null, span(1, 5)), span(1, 5));
    assert.deepEqual(joinWindows(span(1, 5), span(5, 9)), span(1, 9));
    assert.deepEqual(joinWindows(span(5, 9), span(1, 6)), span(1, 9));
    assert.deepEqual(joinWindows(span(1, 5), span(7, 9)), span(7, 9));
    assert.deepEqual(joinWindows(span(7, 9), span(1, 5)), span(7, 9));
  });
});
