import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checks, type Digest, rootOf } from "../src/proof";
import { describedIn } from "../src/said";

const sha256: Digest = async (data) => new Uint8Array(createHash("sha256").update(data).digest());
const hash = (...parts: (string | Buffer)[]) => {
  const state = createHash("sha256");
  for (const part of parts) state.update(part);
  return state.digest();
};

/** RFC 6962, section 2.1, as it is written there. */
function tree(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0] as Buffer;
  const half = split(leaves.length);
  return hash(Buffer.of(1), tree(leaves.slice(0, half)), tree(leaves.slice(half)));
}

/** Section 2.1.1. */
function path(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const half = split(leaves.length);
  return m < half
    ? [...path(m, leaves.slice(0, half)), tree(leaves.slice(half))]
    : [...path(m - half, leaves.slice(half)), tree(leaves.slice(0, half))];
}

function split(n: number): number {
  let half = 1;
  while (half * 2 < n) half *= 2;
  return half;
}

function proofOf(position: number, size: number) {
  const leaves = Array.from({ length: size }, (_, k) => hash(Buffer.of(0), `header ${k}`));
  return {
    position,
    size,
    root: tree(leaves).toString("hex"),
    leaf: (leaves[position] as Buffer).toString("hex"),
    hashes: path(position, leaves).map((one) => one.toString("hex")),
  };
}

describe("an inclusion proof", () => {
  it("leads to the root, for every leaf of every log up to 33", async () => {
    for (let size = 1; size <= 33; size += 1) {
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
  });
});

describe("the checks of a bundle", () => {
  const body = '{"edges":[],"nodes":[]}';
  const header = JSON.stringify({ body: `sha256:${hash(body).toString("hex")}` });
  const leaf = hash(Buffer.of(0), header).toString("hex");
  const good = {
    id: `sha256:${hash(header).toString("hex")}`,
    header,
    body,
    proof: { position: 0, size: 1, root: leaf, leaf, hashes: [] },
  };
  const verdicts = async (claim: typeof good | (Omit<typeof good, "body"> & { body: null })) =>
    (await checks(claim, sha256)).map((one) => one.holds);

  it("hold for a bundle that is what it says", async () => {
    expect(await verdicts(good)).toEqual([true, true, true, true]);
  });

  it("fail for one changed byte of body or header, and one other root", async () => {
    expect(await verdicts({ ...good, body: body.replace("[]", "[1]") })).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(await verdicts({ ...good, header: header.replace("{", "{ ") })).toEqual([
      false,
      true,
      false,
      false,
    ]);
    const proof = { ...good.proof, root: "00".repeat(32) };
    expect(await verdicts({ ...good, proof })).toEqual([true, true, true, false]);
  });

  it("call a withheld body unchecked, not good", async () => {
    expect(await verdicts({ ...good, body: null })).toEqual([true, null, true, true]);
  });
});

describe("what a bundle says", () => {
  it("names the things it brings by the ids that it mints", async () => {
    const body = JSON.stringify({ nodes: [{ id: "#1", kind: "idea", title: "T" }] });
    const bundle = `sha256:${"ab".repeat(32)}`;
    const id = `idea:${hash(`${bundle}#1`).toString("hex")}`;
    expect(await describedIn(bundle, body, sha256)).toEqual([
      { id, title: "T", kind: "idea", isNew: true },
    ]);
    expect(await describedIn(bundle, "no JSON", sha256)).toEqual([]);
  });
});
