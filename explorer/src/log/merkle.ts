/** The log's Merkle tree (RFC 6962): walks inclusion and consistency proofs. Hashes are hex. Pure. */

import { type Bytes, type Digest, fromHex, hex, joined } from "./bytes";

export interface Inclusion {
  readonly position: number;
  readonly size: number;
  readonly hashes: readonly string[];
}

/** A log at one moment: how many leaves, and the root over them. */
export interface Moment {
  readonly size: number;
  readonly root: string;
}

/**
 * The root that an inclusion proof leads to, `null` where the proof is too short, too long or about
 * a leaf outside the log (RFC 9162, section 2.1.3.2, gives this way of walking an RFC 6962 proof).
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
  let [found, ...others] = path as [Bytes, ...Bytes[]];
  for (const beside of others) {
    if (last === 0) return null;
    if (place % 2 === 1 || place === last) {
      found = await node(beside, found, sha256);
      [place, last] = upwards(place, last);
    } else {
      found = await node(found, beside, sha256);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 ? hex(found) : null;
}

/** Whether a proof shows that a log of one moment is the beginning of a later one (2.1.4.2). */
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
  let [old, found]: [Bytes, Bytes] = [path[0], path[0]];
  for (const beside of path.slice(1)) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      old = await node(beside, old, sha256);
      found = await node(beside, found, sha256);
      [place, last] = upwards(place, last);
    } else {
      found = await node(found, beside, sha256);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hex(old) === first.root && hex(found) === second.root;
}

/** Past the levels on which this node has no sibling to its right. */
function upwards(place: number, last: number): [number, number] {
  let pair: [number, number] = [place, last];
  while (pair[0] % 2 === 0 && pair[0] !== 0) pair = [half(pair[0]), half(pair[1])];
  return pair;
}

function node(left: Bytes, right: Bytes, sha256: Digest): Promise<Bytes> {
  return sha256(joined(Uint8Array.of(1), left, right));
}

/** Logs may have more than 2^32 leaves: bit operations of JavaScript would cut them off. */
function half(n: number): number {
  return Math.floor(n / 2);
}

function isPowerOfTwo(n: number): boolean {
  return Number.isInteger(Math.log2(n));
}

function bytesOf(hashes: readonly string[]): readonly Bytes[] | null {
  const found = hashes.map((one) => (one.length === 64 ? fromHex(one) : null));
  return found.includes(null) ? null : (found as Bytes[]);
}
