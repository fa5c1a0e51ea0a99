import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mix } from "../random.ts";
import { memberPosition, withMember, withoutMember } from "./groups.ts";

describe("members of a group", () => {
  it("stay sorted and single whoever comes and goes, and old lists stay as they were", () => {
    let members: Int32Array = new Int32Array();
    const expected = new Set<number>();
    for (let round = 0; round < 500; round++) {
      const account = mix(1, round) % 40;
      const before = [...members];
      const kept = members;
      if (round % 3 === 0) {
        members = withoutMember(members, account);
        expected.delete(account);
      } else {
        members = withMember(members, account);
        expected.add(account);
      }

      assert.deepEqual(
        [...members],
        [...expected].sort((one, other) => one - other),
      );
      assert.deepEqual([...kept], before);
      assert.equal(memberPosition(members, account) >= 0, round % 3 !== 0);
    }
  });
});
