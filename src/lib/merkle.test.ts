import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { merkleProof, merkleRoot, provesMerkle } from "./merkle.ts";

const childrenOf = (count: number) => Array.from({ length: count }, (_, index) => `child ${index}`);

describe("a root over many children", () => {
  it("is proved by each of them, however many there are", () => {
    for (const count of [1, 2, 3, 4, 5, 7, 8, 9, 100]) {
      const children = childrenOf(count);
      const root = merkleRoot(children);
      children.forEach((child, index) => {
        assert.ok(provesMerkle(child, merkleProof(children, index), root), `${index} of ${count}`);
      });
    }
  });

  it("is proved by nothing else: not by another child, nor by a node that passes for one", () => {
    const children = childrenOf(5);
    const root = merkleRoot(children);

    assert.ok(!provesMerkle("child 9", merkleProof(children, 2), root));
    assert.ok(!provesMerkle("child 1", merkleProof(children, 2), root));
    assert.ok(!provesMerkle(root, [], root));
  });

  it("changes with every child, their order and their number", () => {
    const root = merkleRoot(childrenOf(4));

    assert.notEqual(merkleRoot(childrenOf(4).toReversed()), root);
    assert.notEqual(merkleRoot(childrenOf(5)), root);
    assert.notEqual(merkleRoot([...childrenOf(3), "child 3 "]), root);
    // RFC 6962 §2.1: the root of an empty list is the hash of the empty string.
    assert.equal(merkleRoot([]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });
});
