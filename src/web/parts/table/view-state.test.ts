import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isModified, searchOfView, viewStateOf } from "./view-state.ts";

describe("a saved view", () => {
  it("keeps filters, sort and columns, and not what is open", () => {
    const state = { status: "idle", sort: "-cost", open: "person_1", tab: "why", view: "view_1", q: "van der Berg" };

    assert.equal(viewStateOf(state, "person,cost"), "columns=person%2Ccost&q=van+der+Berg&sort=-cost&status=idle");
  });

  it("leads to the address that was saved", () => {
    const saved = { id: "view_1", state: "q=van+der+Berg&status=idle%2Cnever-used" };

    assert.deepEqual(searchOfView(saved), { q: "van der Berg", status: "idle,never-used", view: "view_1" });
    assert.equal(isModified(searchOfView(saved), saved.state), false);
  });

  it("is modified when a filter differs, in whatever order the address has them", () => {
    assert.equal(isModified({ sort: "name", status: "idle", view: "view_1" }, "status=idle&sort=name"), false);
    assert.equal(isModified({ status: "active", view: "view_1" }, "status=idle"), true);
    assert.equal(isModified({ status: "idle", q: "x" }, "status=idle"), true);
  });
});
