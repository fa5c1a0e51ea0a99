import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatTable, type TableCell, type TableColumn } from "./table.ts";

const COLUMNS: readonly TableColumn[] = [
  { heading: "Person", align: "left", isCuttable: true, isNeeded: false },
  { heading: "Spaces", align: "right", isCuttable: false, isNeeded: false },
  { heading: "Last activity", align: "left", isCuttable: true, isNeeded: false },
];
const WIDE = { widthMax: Infinity, paintHeading: (text: string) => text };

function cells(...texts: string[]): TableCell[] {
  return texts.map((text) => ({ text, paint: null }));
}

describe("a table", () => {
  it("aligns texts left and numbers right, and ends no line with a space", () => {
    const { lines } = formatTable(COLUMNS, [cells("Bram Byrne", "42", "88 d ago"), cells("Chen", "1,204", "—")], WIDE);

    assert.deepEqual(lines, [
      "Person      Spaces  Last activity",
      "Bram Byrne      42  88 d ago",
      "Chen         1,204  —",
    ]);
  });

  it("counts the cells a terminal gives to wide characters", () => {
    const {
      lines: [, chinese, latin],
    } = formatTable(COLUMNS, [cells("王小明", "1", "x"), cells("Li Ming", "1", "x")], WIDE);

    assert.equal(chinese, "王小明        1  x");
    assert.equal(latin, "Li Ming       1  x");
  });

  it("shortens the widest texts where the window is too narrow, never a number", () => {
    const { lines } = formatTable(
      COLUMNS,
      [cells("Wilhelmina Featherstonehaugh", "1,234,567", "commented on a very long title")],
      { ...WIDE, widthMax: 44 },
    );

    assert.deepEqual(lines, [
      "Person              Spaces  Last activity",
      "Wilhelmina Fea…  1,234,567  commented on a …",
    ]);
    for (const line of lines) assert.ok(line.length <= 44, line);
  });

  it("leaves columns out from the right where cutting does not do, but never the first nor a needed one", () => {
    const id: TableColumn = { heading: "ID", align: "left", isCuttable: false, isNeeded: true };

    const { lines, hidden } = formatTable([...COLUMNS, id], [cells("Bram Byrne", "42", "88 d ago", "person_4f2")], {
      ...WIDE,
      widthMax: 28,
    });

    assert.deepEqual(lines, ["Person      ID", "Bram Byrne  person_4f2"]);
    assert.deepEqual(hidden, ["Spaces", "Last activity"]);
  });

  it("paints after padding, so that colors never shift a column", () => {
    const painted: TableCell = { text: "Idle", paint: (text) => `<${text}>` };

    const {
      lines: [, line],
    } = formatTable(COLUMNS, [[painted, ...cells("1", "x")]], WIDE);

    assert.equal(line, "<Idle>         1  x");
  });
});
