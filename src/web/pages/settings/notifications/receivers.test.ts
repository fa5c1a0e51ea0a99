import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readReceivers, receiversText } from "./receivers.ts";

describe("receivers of a notification", () => {
  it("are read one a line, a role by its name and an address by its sign", () => {
    const receivers = readReceivers("connection-owners\n admin \n\nrosa@acme.example", "now");

    assert.deepEqual(
      receivers.map(({ to }) => to),
      ["connection-owners", "role:admin", "address:rosa@acme.example"],
    );
    assert.equal(receiversText(receivers, "now"), "connection-owners\nadmin\nrosa@acme.example");
    assert.equal(receiversText(receivers, "digest"), "");
  });
});
