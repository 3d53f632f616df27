/** Tests of the values in descriptions and edges: docs/bundle.md, section 3, "What the forms mean". Pure. */

import { utf8 } from "./bytes";
import {
  canonicalText,
  compareTexts,
  type Fields,
  field,
  isAscending,
  isFields,
  isList,
  keysOf,
  type Value,
} from "./canonical";
import { isDate, isDecimal, isTime, kindsOf } from "./identifiers";
import type { Form } from "./vocabulary";

type Test = (value: Value) => boolean;
/** Test of a text that is to name something: an id, or a label of the statement. */
export type IsName = (text: string) => boolean;

const MAX_SHORT_TEXT_BYTES = 4096;

/** Return whether a value is of a form. */
export function isOfForm(value: Value, form: Form, isName: IsName): boolean {
  if (typeof form !== "string") return isText(value) && form.includes(value);
  switch (form) {
    case "text":
      return isText(value);
    case "text of at most 4,096 bytes":
      return isShortText(value);
    case "texts, sorted, without repeats":
      return isSet(value, isText);
    case "an integer from 0 below 2^53":
      return isCount(value);
    case "true or false":
      return typeof value === "boolean";
    case "a time like 2026-11-20T00:00:00Z":
      return isText(value) && isTime(value);
    case "a date like 2026-11-20, 2026-11 or 2026":
      return isText(value) && isDate(value);
    case "a decimal number as text, like 0.93":
      return isNumber(value);
    case "an identifier":
      return isText(value) && isName(value);
    case "identifiers, sorted, without repeats":
      return isSet(value, (item) => isText(item) && isName(item));
    case "objects {name, value?}, sorted, without repeats":
      return isSetOfObjects(value, PARAMETER);
    case "objects {name, value, unit?, step?}, sorted, without repeats":
      return isSetOfObjects(value, MEASURE);
    case "objects {position, page, text, authors?, year?, title?, venue?, linked?, printed?, doubt?}, by position":
      return isReferenceList(value);
  }
}

export function isText(value: Value | undefined): value is string {
  return typeof value === "string" && value !== "";
}

export function isShortText(value: Value | undefined): boolean {
  return isText(value) && utf8(value).length <= MAX_SHORT_TEXT_BYTES;
}

export function isCount(value: Value | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Return whether a value is a set of texts: not empty, sorted by code points, each once. */
export function isSet(value: Value | undefined, isItem: Test): value is readonly string[] {
  if (!isList(value) || value.length === 0) return false;
  return value.every((item) => isText(item) && isItem(item)) && isInOrder(value as string[]);
}

function isInOrder(texts: readonly string[]): boolean {
  return isAscending(texts, compareTexts);
}

function isNumber(value: Value): boolean {
  return isText(value) && isDecimal(value);
}

function isSetOfIds(value: Value): boolean {
  return isSet(value, (item) => isText(item) && kindsOf(item).length > 0);
}

/** Keys of an object: the test of each, and whether it must be there. */
type Keys = ReadonlyMap<string, readonly [Test, "must" | "may"]>;

const PARAMETER: Keys = new Map([
  ["name", [isText, "must"]],
  ["value", [isText, "may"]],
]);
const MEASURE: Keys = new Map([
  ["name", [isText, "must"]],
  ["value", [isNumber, "must"]],
  ["unit", [isText, "may"]],
  ["step", [isCount, "may"]],
]);
const REFERENCE: Keys = new Map([
  ["position", [isCount, "must"]],
  ["page", [isCount, "must"]],
  ["text", [isText, "must"]],
  ["authors", [isText, "may"]],
  ["year", [isCount, "may"]],
  ["title", [isText, "may"]],
  ["venue", [isText, "may"]],
  ["linked", [isSetOfIds, "may"]],
  ["printed", [isSetOfIds, "may"]],
  ["doubt", [isText, "may"]],
]);

function hasKeys(item: Value, keys: Keys): item is Fields {
  if (!isFields(item)) return false;
  const isComplete = [...keys].every(
    ([key, [, need]]) => need === "may" || Object.hasOwn(item, key),
  );
  return isComplete && keysOf(item).every((key) => keys.get(key)?.[0](item[key] as Value) ?? false);
}

function isSetOfObjects(value: Value, keys: Keys): boolean {
  if (!isList(value) || value.length === 0) return false;
  return value.every((item) => hasKeys(item, keys)) && isInOrder(value.map(canonicalText));
}

function isReferenceList(value: Value): boolean {
  if (!isList(value) || value.length === 0) return false;
  if (!value.every((item) => hasKeys(item, REFERENCE))) return false;
  const positions = value.map((item) => field(item as Fields, "position") as number);
  return isAscending(positions, (a, b) => a - b);
}
