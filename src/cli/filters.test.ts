import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EXIT } from "./exit-codes.ts";
import { CliFailure } from "./failure.ts";
import { parseFilters } from "./filters.ts";

const KNOWN = ["status", "department", "q"];

function refusedWith(text: string): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof CliFailure && thrown.exitCode === EXIT.usage && thrown.message === text;
}

describe("filters", () => {
  it("read conditions with spaces between, values in quotes, and short names", () => {
    const filters = parseFilters([`status=idle,never-used dept="Human Resources"`, "q='a b'"], KNOWN, {
      dept: "department",
    });

    assert.deepEqual(filters, { status: "idle,never-used", department: "Human Resources", q: "a b" });
  });

  it("refuse a name that the list does not know and say which it does", () => {
    assert.throws(() => parseFilters(["stat=idle"], KNOWN), refusedWith(`This list has no filter "stat".`));
  });

  it("refuse what is no condition", () => {
    assert.throws(() => parseFilters(["status=idle nonsense"], KNOWN), refusedWith(`"nonsense" is not a filter.`));
  });

  it("refuse the same name twice", () => {
    assert.throws(
      () => parseFilters(["status=idle status=active"], KNOWN),
      refusedWith(`The filter "status" is given twice.`),
    );
  });
});
