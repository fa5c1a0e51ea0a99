import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { managersOf } from "./personnel.ts";

const employee = (name: string, department: string, hasLeft = false) => ({
  email: `${name}@acme.example`,
  userName: null,
  name,
  department,
  jobTitle: "",
  hasLeft,
});

describe("the personnel file of the pretend company", () => {
  it("has a manager for everybody but the first, and none who has left", () => {
    const managers = managersOf([
      employee("lena", "Sales", true),
      employee("petra", "IT"),
      employee("rita", "Sales"),
      employee("sam", "Sales"),
      employee("tom", "Gone", true),
    ]);

    assert.deepEqual(Object.fromEntries(managers), {
      "lena@acme.example": "rita@acme.example",
      "rita@acme.example": "petra@acme.example",
      "sam@acme.example": "rita@acme.example",
      "tom@acme.example": "petra@acme.example",
    });
  });
});
