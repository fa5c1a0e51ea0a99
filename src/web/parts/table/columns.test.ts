import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { choiceOf, type ColumnChoice, isShown, moveColumn, orderColumns, placeColumn, sizeColumn } from "./columns.ts";

const COLUMNS = [{ id: "person" }, { id: "status" }, { id: "last" }, { id: "cost", isHiddenFirst: true }];
const FIRST: ColumnChoice = { order: [], shown: {}, widths: {} };

const idsOf = (choice: ColumnChoice) => orderColumns(COLUMNS, choice).map(({ id }) => id);

describe("the columns of a table", () => {
  it("stand as the page puts them until their reader moves one", () => {
    assert.deepEqual(idsOf(FIRST), ["person", "status", "last", "cost"]);
    assert.deepEqual(idsOf(moveColumn(COLUMNS, FIRST, "last", -1)), ["person", "last", "status", "cost"]);
  });

  it("keep the one that names the row first, whatever is moved", () => {
    assert.deepEqual(idsOf(moveColumn(COLUMNS, FIRST, "status", -1)), ["person", "status", "last", "cost"]);
    assert.deepEqual(idsOf(placeColumn(COLUMNS, FIRST, "person", 2)), ["person", "status", "last", "cost"]);
    assert.deepEqual(idsOf({ ...FIRST, order: ["last", "person"] })[0], "person");
  });

  it("put one that is newer than the choice behind the one before it, and forget one that is gone", () => {
    const kept = { ...FIRST, order: ["person", "cost", "gone", "status"] };

    assert.deepEqual(idsOf(kept), ["person", "cost", "status", "last"]);
  });

  it("are shown as an address names them, in its order", () => {
    const choice = choiceOf(COLUMNS, ["person", "cost", "status"], FIRST);

    assert.deepEqual(
      orderColumns(COLUMNS, choice)
        .filter((each) => isShown(each, choice))
        .map(({ id }) => id),
      ["person", "cost", "status"],
    );
  });

  it("stay between 64 and 800 pixels", () => {
    assert.deepEqual(sizeColumn(sizeColumn(FIRST, "status", 3), "last", 9000).widths, { status: 64, last: 800 });
  });
});
