import { createHash } from "node:crypto";

/*
 * One hash over many children, so that one journal entry stands for a bulk of them and each can be proved apart. As
 * RFC 6962 §2.1 has it: leaves and nodes are hashed with different first bytes, so that none passes for the other.
 */

/** The sibling on each level from the leaf up, and on which side it is. */
export type MerkleProof = { hash: string; side: "left" | "right" }[];

/** In hex; of no children, the hash of nothing. */
export function merkleRoot(children: readonly string[]): string {
  return levelsOf(children).at(-1)?.[0] ?? sha256(Buffer.alloc(0)).toString("hex");
}

/** That the child at `index` is among those of the root. */
export function merkleProof(children: readonly string[], index: number): MerkleProof {
  if (!Number.isInteger(index) || index < 0 || index >= children.length) {
    throw new RangeError(`There is no child ${index} among ${children.length}.`);
  }
  let position = index;
  return levelsOf(children)
    .slice(0, -1)
    .flatMap((level): MerkleProof => {
      const isRight = position % 2 === 1;
      const hash = level[isRight ? position - 1 : position + 1];
      position = Math.floor(position / 2);
      // A last one without a sibling goes up as it is.
      return hash === undefined ? [] : [{ hash, side: isRight ? "left" : "right" }];
    });
}

export function provesMerkle(child: string, proof: MerkleProof, root: string): boolean {
  const top = proof.reduce(
    (hash, { hash: sibling, side }) => (side === "left" ? nodeOf(sibling, hash) : nodeOf(hash, sibling)),
    leafOf(child),
  );
  return top === root;
}

function levelsOf(children: readonly string[]): string[][] {
  if (children.length === 0) return [];
  const levels = [children.map(leafOf)];
  for (let level = levels[0]!; level.length > 1; level = levels.at(-1)!) {
    const above: string[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = [level[index]!, level[index + 1]];
      above.push(right === undefined ? left : nodeOf(left, right));
    }
    levels.push(above);
  }
  return levels;
}

function leafOf(child: string): string {
  return sha256(Buffer.concat([Buffer.from([0]), Buffer.from(child, "utf8")])).toString("hex");
}

function nodeOf(left: string, right: string): string {
  return sha256(Buffer.concat([Buffer.from([1]), Buffer.from(left, "hex"), Buffer.from(right, "hex")])).toString("hex");
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
