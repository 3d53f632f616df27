/** Header of a bundle, read from its bytes by the rules of docs/bundle.md, section 2. Pure. */

import type { Bytes } from "./bytes";
import {
  compareTexts,
  demand,
  type Fields,
  field,
  holdsNull,
  isAscending,
  isFields,
  isList,
  keysOf,
  MAX_HEADER_BYTES,
  parseCanonical,
  type Value,
} from "./canonical";
import { keyBytes } from "./ed25519";
import {
  algorithmOf,
  isAnyId,
  isHash,
  isKey,
  isLabel,
  isMapping,
  isMintedKind,
  isSource,
  isTime,
  isVerb,
} from "./identifiers";
import { isCount, isSet, isText } from "./values";

const VERSION = 1;
const OF_STATEMENTS = [
  "key",
  "under",
  "prev",
  "n",
  "answers",
  "grants",
  "ends",
  "vouches",
  "mints",
];
const BESIDE_NO_GRANT = ["answers", "vouches", "mints", "body"];
const EFFECTIVE = ["retracts", "supersedes", "erases", "restores"];

/** Header as far as its body, its signature and its kind go. */
export interface Header {
  /** The key that signs; `null` for a record. */
  readonly key: string | null;
  /** What a record is about; `null` for a statement. */
  readonly subject: string | null;
  /** Kinds of the new things, by their labels. */
  readonly mints: ReadonlyMap<string, string>;
  readonly answers: boolean;
  readonly isRun: boolean;
}

/** Header with the hash of its body, as it stands there; `header` is `null` where it is not understood here. */
export interface ReadHeader {
  readonly header: Header | null;
  readonly body: Value | undefined;
}

/**
 * Read a header, or throw a `FormError` where every program refuses it.
 *
 * Not understood is a header of another version, or of a key of another algorithm.
 */
export function readHeader(data: Bytes): ReadHeader {
  const value = parseCanonical(data, MAX_HEADER_BYTES);
  demandNulls(value);
  const body = field(value, "body");
  const version = field(value, "v");
  demand(isCount(version) && version >= 1, "v is not an integer from 1");
  if (version !== VERSION || isOfLaterKey(value)) {
    demand(hasAny(value, ["body", "grants", "ends"]), "it has none of body, grants and ends");
    return { header: null, body };
  }
  return { header: has(value, "key") ? readStatement(value) : readRecord(value), body };
}

function isOfLaterKey(value: Fields): boolean {
  const key = field(value, "key");
  const algorithm = isText(key) ? algorithmOf(key) : null;
  return algorithm !== null && algorithm !== "ed25519";
}

/** Refuse nulls but for `at` and `source.licence` of a record. */
function demandNulls(value: Fields): void {
  const isRecord = !has(value, "key");
  for (const key of keysOf(value)) {
    const item = value[key] as Value;
    if (isRecord && key === "at" && item === null) continue;
    const parts =
      isRecord && key === "source" && isFields(item)
        ? keysOf(item)
            .filter((part) => part !== "licence" || item[part] !== null)
            .map((part) => item[part] as Value)
        : [item];
    demand(!parts.some(holdsNull), `a null stands in ${key}`);
  }
}

function readRecord(value: Fields): Header {
  for (const key of OF_STATEMENTS) demand(!has(value, key), `a record has no ${key}`);
  demandText(value, "by", isSource);
  const at = field(value, "at");
  demand(at === null || (isText(at) && isTime(at)), "at is neither a time nor null");
  demandText(value, "body", isHash);
  const source = field(value, "source");
  demand(isFields(source), "source is not an object");
  demand(
    keysOf(source).every((key) => ["uri", "mapping", "licence"].includes(key)),
    "source has another key than uri, mapping and licence",
  );
  const subject = demandText(source, "uri", isAnyId);
  demandText(source, "mapping", isMapping);
  const licence = field(source, "licence");
  demand(licence === null || isText(licence), "licence is neither a text nor null");
  return { key: null, subject, mints: new Map(), answers: false, isRun: false };
}

function readStatement(value: Fields): Header {
  demand(!has(value, "source"), "a statement has no source");
  const key = demandText(value, "key", (text) => keyBytes(text) !== null);
  const by = demandText(value, "by", isAnyId);
  demandText(value, "at", isTime);
  demand(isCount(field(value, "n")), "n is not an integer from 0");
  if (has(value, "under")) demandText(value, "under", isHash);
  else demand([`person:${key}`, `software:${key}`].includes(by), "by is not its own key's name");
  for (const name of ["prev", "vouches"]) {
    if (has(value, name))
      demand(isSet(field(value, name), isHashText), `${name} is no set of hashes`);
  }
  const answers = has(value, "answers");
  if (answers) demandAnswers(field(value, "answers"));
  const mints = has(value, "mints") ? readMints(field(value, "mints")) : new Map<string, string>();
  demandGrantOrBody(value);
  const isRun = [...mints.values()].includes("ingest");
  demand(!isRun || mints.size === 1, "a run mints nothing but itself");
  demand(isRun || !has(value, "vouches"), "only a run vouches");
  return { key, subject: null, mints, answers, isRun };
}

/** Refuse a header that grants or ends and holds something else, and any other without a body. */
function demandGrantOrBody(value: Fields): void {
  if (!hasAny(value, ["grants", "ends"])) {
    demandText(value, "body", isHash);
    return;
  }
  const both = has(value, "grants") && has(value, "ends");
  demand(!both, "it grants and ends");
  demand(!hasAny(value, BESIDE_NO_GRANT), "it grants or ends, and holds something else");
  if (has(value, "grants")) demandGrant(field(value, "grants"));
  else demandEnd(field(value, "ends"));
}

function demandGrant(value: Value | undefined): void {
  demand(isList(value) && value.length === 2, "grants is not [key, scope]");
  const [key, scope] = value;
  demand(isText(key) && isKey(key), "grants names no key");
  demand(isText(scope) && isVerb(scope), "grants names no scope");
}

function demandEnd(value: Value | undefined): void {
  demand(isList(value) && value.every(isHashText), "ends is no list of hashes");
  const [grant, ...heads] = value as readonly string[];
  demand(grant !== undefined, "ends names no grant");
  demand(isAscending(heads, compareTexts), "the heads in ends are not sorted, each once");
}

function demandAnswers(value: Value | undefined): void {
  const pairs = pairsIn(value, "answers");
  for (const [verb, target] of pairs) {
    demand(isVerb(verb) && isHash(target), "answers holds another pair than of a verb and a hash");
  }
  const words = pairs.filter(([verb]) => EFFECTIVE.includes(verb)).map(([, target]) => target);
  demand(new Set(words).size === words.length, `two of ${EFFECTIVE.join(", ")} on the same hash`);
}

function readMints(value: Value | undefined): ReadonlyMap<string, string> {
  const pairs = pairsIn(value, "mints");
  for (const [label, kind] of pairs) {
    demand(
      isLabel(label) && isMintedKind(kind),
      "mints holds another pair than of a label and a kind",
    );
  }
  const mints = new Map(pairs);
  demand(mints.size === pairs.length, "a label stands twice in mints");
  return mints;
}

/** Return the pairs of texts in a set of pairs. */
function pairsIn(value: Value | undefined, name: string): readonly (readonly [string, string])[] {
  demand(isList(value) && value.length > 0, `${name} is no array`);
  demand(
    value.every((pair) => isList(pair) && pair.length === 2 && pair.every(isText)),
    `${name} holds something else than pairs of texts`,
  );
  const pairs = value as unknown as readonly (readonly [string, string])[];
  demand(isAscending(pairs, comparePairs), `${name} is not sorted, each once`);
  return pairs;
}

function comparePairs(a: readonly [string, string], b: readonly [string, string]): number {
  return compareTexts(a[0], b[0]) || compareTexts(a[1], b[1]);
}

function demandText(of: Fields, key: string, test: (text: string) => boolean): string {
  const value = field(of, key);
  demand(isText(value) && test(value), `${key} has another form`);
  return value;
}

function isHashText(value: Value): boolean {
  return isText(value) && isHash(value);
}

function has(value: Fields, key: string): boolean {
  return Object.hasOwn(value, key);
}

function hasAny(value: Fields, keys: readonly string[]): boolean {
  return keys.some((key) => has(value, key));
}
