import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Filter } from "./table-types.ts";
import { isTypingFilter, readTyped } from "./typed-filters.ts";

const label = (message: string) => ({ id: message, message });
const FILTERS: { filter: Filter; label: string }[] = [
  {
    label: "Status",
    filter: {
      id: "status",
      label: label("Status"),
      kind: "choices",
      choices: [
        { value: "idle", label: "Idle" },
        { value: "never-used", label: "Never used" },
      ],
    },
  },
  { label: "Department", filter: { id: "department", label: label("Department"), kind: "text" } },
  { label: "Excluded", filter: { id: "excluded", label: label("Excluded"), kind: "flag" } },
  { label: "Idle for days", filter: { id: "idleDays", label: label("Idle for days"), kind: "number" } },
];

describe("filters typed into the search box", () => {
  it("are taken out of the words that are searched for", () => {
    assert.deepEqual(readTyped('status:idle novak department:"Human Resources"', FILTERS), {
      filters: { status: "idle", department: "Human Resources" },
      q: "novak",
      wrong: null,
    });
  });

  it("name values by their words or by their labels, several with commas", () => {
    assert.equal(readTyped('STATUS:idle,"Never used"', FILTERS).filters["status"], "idle,never-used");
    assert.equal(readTyped("excluded:yes", FILTERS).filters["excluded"], "true");
    assert.equal(readTyped("idledays:60", FILTERS).filters["idleDays"], "60");
  });

  it("say which value there is not", () => {
    const { wrong, filters } = readTyped("status:asleep", FILTERS);

    assert.equal(wrong?.value, "asleep");
    assert.deepEqual(filters, {});
  });

  it("leave alone what is no filter, such as a time or an address", () => {
    assert.equal(readTyped("at 12:30 https://wiki.example", FILTERS).q, "at 12:30 https://wiki.example");
    assert.equal(isTypingFilter("12:30", FILTERS), false);
    assert.equal(isTypingFilter("dep:Fin", FILTERS), true);
  });
});
