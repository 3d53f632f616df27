import { describe, expect, it } from "vitest";
import { isBeginning, rootOf } from "../../src/log/merkle";
import { consistency, hexes, leaves, moment, path, sha256 } from "./trees";

const MOST = 33;

function proofOf(position: number, size: number) {
  const all = leaves(size);
  return {
    position,
    ...moment(size),
    leaf: (all[position] as Buffer).toString("hex"),
    hashes: hexes(path(position, all)),
  };
}

describe("an inclusion proof", () => {
  it(`leads to the root, for every leaf of every log up to ${MOST}`, async () => {
    for (let size = 1; size <= MOST; size += 1) {
      for (let position = 0; position < size; position += 1) {
        const proof = proofOf(position, size);
        expect(await rootOf(proof.leaf, proof, sha256)).toBe(proof.root);
      }
    }
  });

  it("leads elsewhere with another leaf, place, hash or length", async () => {
    const proof = proofOf(5, 11);
    const other = proofOf(6, 11).leaf;
    const root = (leaf: string, change: object) => rootOf(leaf, { ...proof, ...change }, sha256);
    expect(await root(other, {})).not.toBe(proof.root);
    expect(await root(proof.leaf, { position: 4 })).not.toBe(proof.root);
    expect(await root(proof.leaf, { hashes: proof.hashes.slice(1) })).toBeNull();
    expect(await root(proof.leaf, { hashes: [...proof.hashes, other] })).toBeNull();
    expect(await root(proof.leaf, { position: 11 })).toBeNull();
    expect(await root(proof.leaf, { position: -1 })).toBeNull();
    expect(await root(proof.leaf, { hashes: ["no hash", ...proof.hashes.slice(1)] })).toBeNull();
  });
});

describe("a consistency proof", () => {
  it("joins every log up to 17 with every later one, and with no other", async () => {
    for (let size = 1; size <= 17; size += 1) {
      for (let first = 1; first <= size; first += 1) {
        const hashes = hexes(consistency(first, leaves(size)));
        const holds = (a: object, b: object, proof = hashes) =>
          isBeginning({ ...moment(first), ...a }, { ...moment(size), ...b }, proof, sha256);
        expect(await holds({}, {})).toBe(true);
        expect(await holds({ root: "00".repeat(32) }, {})).toBe(false);
        expect(await holds({}, { root: "00".repeat(32) })).toBe(false);
        expect(await holds({}, {}, [...hashes, "00".repeat(32)])).toBe(false);
        if (hashes.length > 0) expect(await holds({}, {}, hashes.slice(1))).toBe(false);
        if (first < size) expect(await holds({ size: first + 1 }, {})).toBe(false);
      }
    }
  });

  it("is none from a larger log to a smaller one", async () => {
    expect(await isBeginning(moment(4), moment(3), [], sha256)).toBe(false);
  });
});
