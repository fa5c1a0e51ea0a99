import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { csvText } from "./csv.ts";

describe("CSV", () => {
  it("writes lists and objects as JSON and nothing for null", () => {
    const text = csvText(
      [{ id: "g_1", tags: ["a", "b"], isOpen: true, note: null }],
      ["id", "tags", "isOpen", "note"],
      true,
    );

    assert.equal(text, `id,tags,isOpen,note\ng_1,"[""a"",""b""]",true,\n`);
  });

  it("defuses what a spreadsheet would take for a formula", () => {
    assert.equal(csvText([{ name: "=cmd()" }], ["name"], false), "'=cmd()\n");
  });

  it("tells its columns even where there is no row", () => {
    assert.equal(csvText([], ["a", "b"], true), "a,b\n");
  });
});
