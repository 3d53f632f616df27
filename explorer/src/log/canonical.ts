/**
 * Canonical JSON (RFC 8785) within the limits of a bundle: docs/bundle.md, section 1. Pure.
 *
 * Objects are read with `field` and `keysOf` alone: a key may be called `toString`, and bring nothing.
 */

import { type Bytes, isEqual, utf8 } from "./bytes";

export type Value = string | number | boolean | null | readonly Value[] | Fields;
export interface Fields {
  readonly [key: string]: Value;
}

export const MAX_HEADER_BYTES = 1_048_576;
export const MAX_BODY_BYTES = 8_388_608;
const MAX_DEPTH = 16;

/** Refusal of bytes or of a value, with the reason in words. */
export class FormError extends Error {}

export function demand(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new FormError(reason);
}

/**
 * Parse an object in its canonical bytes. Nothing empty is in it; nulls may be.
 *
 * Depth and size are judged before the parser sees the bytes, so no parser's own limits decide.
 */
export function parseCanonical(data: Bytes, atMost: number): Fields {
  demand(data.length <= atMost, `it has more than ${atMost} bytes`);
  demand(depthOf(data) <= MAX_DEPTH, `it nests deeper than ${MAX_DEPTH}`);
  const value = parseJson(decode(data));
  demand(isFields(value), "it is not an object");
  demandForm(value);
  demand(isEqual(utf8(canonicalText(value)), data), "its bytes are not canonical (RFC 8785)");
  return value;
}

/** Return the canonical text of a value: keys sorted, no spaces, the fewest escapes. */
export function canonicalText(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (!isFields(value)) return JSON.stringify(value);
  const items = [...keysOf(value)].sort(compareTexts);
  return `{${items.map((key) => `${JSON.stringify(key)}:${canonicalText(value[key] as Value)}`).join(",")}}`;
}

/** Return the value of a key, `undefined` where the object has none. */
export function field(of: Fields, key: string): Value | undefined {
  return Object.hasOwn(of, key) ? of[key] : undefined;
}

export function keysOf(fields: Fields): readonly string[] {
  return Object.keys(fields);
}

export function isFields(value: Value | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function holdsNull(value: Value): boolean {
  if (isList(value)) return value.some(holdsNull);
  if (isFields(value)) return keysOf(value).some((key) => holdsNull(value[key] as Value));
  return value === null;
}

/** Compare two texts by their code points, which is the order of their UTF-8; JavaScript's own is that of UTF-16. */
export function compareTexts(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let k = 0; k < shorter; k++) {
    const difference = rank(a.charCodeAt(k)) - rank(b.charCodeAt(k));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Return whether items are in order, each once. */
export function isAscending<T>(items: readonly T[], compare: (a: T, b: T) => number): boolean {
  return items.every((item, k) => k === 0 || compare(items[k - 1] as T, item) < 0);
}

/** Return a UTF-16 code unit's rank: the surrogates, which stand for U+10000 and above, come last. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Return how deep arrays and objects nest: brackets outside texts, counted on the bytes. */
function depthOf(data: Bytes): number {
  let [depth, deepest, inText] = [0, 0, false];
  for (let k = 0; k < data.length; k++) {
    const byte = data[k];
    if (inText) {
      if (byte === BACKSLASH) k++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function decode(data: Bytes): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new FormError("it is not UTF-8");
  }
}

function parseJson(text: string): Value {
  try {
    return JSON.parse(text);
  } catch {
    throw new FormError("it is not JSON");
  }
}

/** Refuse what no bundle holds: keys not in ASCII, floats and great integers, NUL, lone surrogates, what is empty. */
function demandForm(value: Value): void {
  if (typeof value === "string") demandText(value);
  else if (typeof value === "number") {
    demand(Number.isSafeInteger(value), `${value} is not an integer between -2^53 and 2^53`);
  } else if (isList(value)) {
    demand(value.length > 0, "an array is empty");
    value.forEach(demandForm);
  } else if (isFields(value)) {
    const keys = keysOf(value);
    demand(keys.length > 0, "an object is empty");
    for (const key of keys) {
      demand(utf8(key).length === key.length && !key.includes("\0"), "a key is not ASCII");
      demandForm(value[key] as Value);
    }
  }
}

function demandText(text: string): void {
  demand(text !== "", "a text is empty");
  demand(!text.includes("\0"), "a text holds a NUL");
  demand(text.isWellFormed(), "a text holds a lone surrogate");
}
