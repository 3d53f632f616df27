/** The log's tree as RFC 6962 writes it down, to hold the explorer's own against. */

import { createHash } from "node:crypto";
import type { Digest } from "../../src/log/bytes";

export const sha256: Digest = async (data) =>
  new Uint8Array(createHash("sha256").update(data).digest());

export function hash(...parts: (string | Buffer)[]): Buffer {
  const state = createHash("sha256");
  for (const part of parts) state.update(part);
  return state.digest();
}

export function leaves(size: number): Buffer[] {
  return Array.from({ length: size }, (_, k) => hash(Buffer.of(0), `header ${k}`));
}

/** Section 2.1. */
export function tree(of: readonly Buffer[]): Buffer {
  if (of.length === 1) return of[0] as Buffer;
  const half = split(of.length);
  return hash(Buffer.of(1), tree(of.slice(0, half)), tree(of.slice(half)));
}

/** Section 2.1.1. */
export function path(m: number, of: readonly Buffer[]): Buffer[] {
  if (of.length === 1) return [];
  const half = split(of.length);
  return m < half
    ? [...path(m, of.slice(0, half)), tree(of.slice(half))]
    : [...path(m - half, of.slice(half)), tree(of.slice(0, half))];
}

/** Section 2.1.2. */
export function consistency(m: number, of: readonly Buffer[], whole = true): Buffer[] {
  if (m === of.length) return whole ? [] : [tree(of)];
  const half = split(of.length);
  return m <= half
    ? [...consistency(m, of.slice(0, half), whole), tree(of.slice(half))]
    : [...consistency(m - half, of.slice(half), false), tree(of.slice(0, half))];
}

export function hexes(of: readonly Buffer[]): string[] {
  return of.map((one) => one.toString("hex"));
}

/** The log of so many leaves. */
export function moment(size: number) {
  return { size, root: tree(leaves(size)).toString("hex") };
}

function split(n: number): number {
  let half = 1;
  while (half * 2 < n) half *= 2;
  return half;
}
