/** Merkle tree of the log (RFC 6962): verifies inclusion and consistency proofs. Hashes are hex. Pure. */

import { type Bytes, concat, type Digest, fromHex, hex } from "./bytes";

export interface Inclusion {
  readonly position: number;
  readonly size: number;
  readonly hashes: readonly string[];
}

/** State of a log: the number of its leaves, and the root over them. */
export interface Moment {
  readonly size: number;
  readonly root: string;
}

/**
 * Return the root that an inclusion proof leads to; `null` where the proof is too short, too long or
 * about a leaf outside the log (RFC 9162, section 2.1.3.2: how to verify a proof of RFC 6962).
 */
export async function rootOf(
  leaf: string,
  proof: Inclusion,
  sha256: Digest,
): Promise<string | null> {
  let place = proof.position;
  let last = proof.size - 1;
  const path = bytesOf([leaf, ...proof.hashes]);
  if (!Number.isSafeInteger(place) || place < 0 || place > last || path === null) return null;
  let [hash, ...siblings] = path as [Bytes, ...Bytes[]];
  for (const sibling of siblings) {
    if (last === 0) return null;
    if (place % 2 === 1 || place === last) {
      hash = await node(sibling, hash, sha256);
      [place, last] = skipLevels(place, last);
    } else {
      hash = await node(hash, sibling, sha256);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 ? hex(hash) : null;
}

/** Return whether a proof shows that one log is the beginning of another (RFC 9162, section 2.1.4.2). */
export async function isBeginning(
  first: Moment,
  second: Moment,
  hashes: readonly string[],
  sha256: Digest,
): Promise<boolean> {
  if (first.size === second.size) return first.root === second.root && hashes.length === 0;
  if (first.size > second.size) return false;
  if (first.size === 0) return hashes.length === 0;
  const path = bytesOf(isPowerOfTwo(first.size) ? [first.root, ...hashes] : hashes);
  if (path === null || path[0] === undefined) return false;
  let [place, last] = [first.size - 1, second.size - 1];
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  let [firstHash, secondHash]: [Bytes, Bytes] = [path[0], path[0]];
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      firstHash = await node(sibling, firstHash, sha256);
      secondHash = await node(sibling, secondHash, sha256);
      [place, last] = skipLevels(place, last);
    } else {
      secondHash = await node(secondHash, sibling, sha256);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hex(firstHash) === first.root && hex(secondHash) === second.root;
}

/** Skip the levels on which this node has no sibling to its right. */
function skipLevels(place: number, last: number): [number, number] {
  let pair: [number, number] = [place, last];
  while (pair[0] % 2 === 0 && pair[0] !== 0) pair = [half(pair[0]), half(pair[1])];
  return pair;
}

function node(left: Bytes, right: Bytes, sha256: Digest): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(1), left, right));
}

/** Logs may have more than 2^32 leaves: bit operations of JavaScript would cut them off. */
function half(n: number): number {
  return Math.floor(n / 2);
}

function isPowerOfTwo(n: number): boolean {
  return Number.isInteger(Math.log2(n));
}

function bytesOf(hashes: readonly string[]): readonly Bytes[] | null {
  const bytes = hashes.map((hash) => (hash.length === 64 ? fromHex(hash) : null));
  return bytes.includes(null) ? null : (bytes as Bytes[]);
}
