import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cut, displayWidth, oneLine } from "./width.ts";

describe("text from a source", () => {
  it("cannot steer the terminal or break a row", () => {
    assert.equal(oneLine("Eve\u001b[2J\u001b]0;pwned\u0007\tAdams\nroot"), "Eve Adams root");
  });

  it("cannot turn the direction of what follows", () => {
    assert.equal(oneLine("abc\u202Efdp"), "abc fdp");
  });
});

describe("width", () => {
  it("counts two cells for wide characters and none for color codes", () => {
    assert.equal(displayWidth("日本"), 4);
    assert.equal(displayWidth("\u001b[31mred\u001b[0m"), 3);
    assert.equal(displayWidth("e\u0301"), 1);
  });

  it("cuts between whole characters", () => {
    assert.equal(cut("日本語テキスト", 6), "日本…");
    assert.equal(cut("short", 6), "short");
  });
});
