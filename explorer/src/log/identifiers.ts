/** Forms of identifiers, keys, hashes, labels and words: the grammar of docs/bundle.md, section 4. Pure. */

import { ENTITIES, KINDS } from "./vocabulary";

const MAX_ID_OCTETS = 512;

const SCHEME = "[a-z][a-z0-9-]*";
const HEX64 = "[0-9a-f]{64}";
const COMMIT = `(?:[0-9a-f]{40}|${HEX64})`;
const POS = "[1-9][0-9]{0,8}";
const MONTH = "(?:0[1-9]|10|11|12)";
const ARXIV = `arxiv:(?:[0-9]{2}${MONTH}\\.[0-9]{4,5}|[a-z][a-z-]{0,15}/[0-9]{2}${MONTH}[0-9]{3})`;
const DOI_OCTET = "(?:[01][0-9a-f]|20|7f|[89a-f][0-9a-f])";
const DOI_CHAR = `(?:[\\x21-\\x24\\x26-\\x40\\x5b-\\x7e]|%25|%${DOI_OCTET})`;
const ML = "[A-Za-z0-9_.-]{1,128}";
const PART = "[A-Za-z0-9_.:-]{1,128}";

const OPENALEX: Readonly<Record<string, string>> = {
  W: "work",
  A: "person",
  C: "concept",
  T: "concept",
  S: "venue",
  I: "organization",
  P: "organization",
  F: "organization",
};
const SWH: Readonly<Record<string, string>> = {
  cnt: "file",
  dir: "code",
  snp: "code",
  rev: "version",
  rel: "version",
};

/** Forms of ids but of mentions, by their schemes, each with the kinds that such an id can have. */
const FORMS: readonly (readonly [
  RegExp,
  readonly string[] | ((match: RegExpExecArray) => string),
])[] = [
  [whole(ARXIV), ["work"]],
  [whole(`${ARXIV}v${POS}`), ["version"]],
  [whole(`doi:10\\.[0-9]{4,9}(?:\\.[0-9]{1,9})*/${DOI_CHAR}{1,400}`), ENTITIES],
  [whole("ror:0[0-9a-hj-km-np-tv-z]{6}[0-9]{2}"), ["organization"]],
  [
    whole("openalex:([WACTSIPF])[1-9][0-9]{0,14}"),
    (match) => OPENALEX[match[1] as string] as string,
  ],
  [whole(`git:${COMMIT}`), ["version"]],
  [whole("swh:1:(cnt|dir|rev|rel|snp):[0-9a-f]{40}"), (match) => SWH[match[1] as string] as string],
  [whole(`sha256:${HEX64}`), ENTITIES],
  [whole(`mlflow:${ML}/${ML}`), ["run"]],
  [whole(`mlflow:${ML}/models/${ML}`), ["model"]],
  [whole(`concept:${SCHEME}/[\\x21-\\x7e]{1,200}`), ["concept"]],
  [whole(`model:${PART}/${PART}(?:@${PART})?`), ["model"]],
  [whole(`repository:git/${COMMIT}`), ["code"]],
  [whole(`source:${SCHEME}`), ["organization", "software"]],
];

const MINTED = whole(`([a-z]+):${HEX64}`);
const MENTION = whole(`mention:(.+)/${HEX64}(?:\\.(?:[2-9]|[1-9][0-9]{1,8}))?`);
const ORCID = whole("orcid:((?:[0-9]{4}-){3}[0-9]{3})([0-9X])");

/** Return the kinds that a thing of this id can have: none where the text is no id in its canonical form. */
export function kindsOf(id: string): readonly string[] {
  if (!isShort(id)) return [];
  const mention = MENTION.exec(id);
  return mention === null ? kindsOfSubject(id) : subjectKinds(mention[1] as string, ["mention"]);
}

/** Return kinds if a mention can stand on this id. */
function subjectKinds(subject: string, kinds: readonly string[]): readonly string[] {
  return kindsOfSubject(subject).length > 0 ? kinds : [];
}

function kindsOfSubject(id: string): readonly string[] {
  const minted = MINTED.exec(id)?.[1];
  if (minted !== undefined && minted !== "mention" && KINDS.includes(minted)) return [minted];
  const orcid = ORCID.exec(id);
  if (orcid !== null) return checkDigit(orcid[1] as string) === orcid[2] ? ["person"] : [];
  for (const kind of ["person", "software"]) {
    if (id.startsWith(`${kind}:`) && isKey(id.slice(kind.length + 1))) return [kind];
  }
  for (const [pattern, kinds] of FORMS) {
    const match = pattern.exec(id);
    if (match !== null) return typeof kinds === "function" ? [kinds(match)] : kinds;
  }
  return [];
}

/** Return the check digit of an ORCID: ISO 7064 MOD 11-2. */
function checkDigit(digits: string): string {
  let sum = 0;
  for (const digit of digits.replaceAll("-", "")) sum = ((sum + Number(digit)) * 2) % 11;
  const check = (12 - sum) % 11;
  return check === 10 ? "X" : String(check);
}

/** Return whether a record of this subject may describe the id: the subject, a version of it, a mention on it. */
export function belongsTo(id: string, subject: string): boolean {
  if (id === subject) return true;
  if (id.startsWith("mention:")) {
    return id.slice("mention:".length, id.lastIndexOf("/")) === subject;
  }
  const isVersion = id.startsWith("arxiv:") && kindsOf(id).includes("version");
  return isVersion && id.slice(0, id.lastIndexOf("v")) === subject;
}

const ANY_ID = whole(`${SCHEME}:[\\x21-\\x7e]+`);

/** Return whether a text has the form to which headers hold ids. */
export function isAnyId(text: string): boolean {
  return isShort(text) && ANY_ID.test(text);
}

export function isSource(text: string): boolean {
  return isShort(text) && SOURCE.test(text);
}

const SOURCE = whole(`source:${SCHEME}`);
const KEY = whole("([a-z][a-z0-9]*):((?:[0-9a-f]{2}){1,64})");

/** Return the algorithm of a text that has the form of a key; `null` where it has not. */
export function algorithmOf(text: string): string | null {
  const match = KEY.exec(text);
  if (match === null) return null;
  const [, algorithm, digits] = match as unknown as [string, string, string];
  return algorithm === "ed25519" && digits.length !== 64 ? null : algorithm;
}

export function isKey(text: string): boolean {
  return algorithmOf(text) !== null;
}

const HASH = whole(`sha256:${HEX64}`);
const LABEL = whole("#[A-Za-z0-9_-]{1,64}");
const VERB = whole("[a-z][A-Za-z]{0,31}");
const ANY_KIND = whole("[a-z]{1,32}");
const MAPPING = whole(`${SCHEME}/${POS}`);
const SALT = whole("[0-9a-f]{32}");
const DECIMAL = whole(`-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:e-?${POS})?|NaN|-?Infinity`);

export function isHash(text: string): boolean {
  return HASH.test(text);
}

export function isLabel(text: string): boolean {
  return LABEL.test(text);
}

/** Return whether a text has the form of a verb, which is that of a scope, too. */
export function isVerb(text: string): boolean {
  return VERB.test(text);
}

/** Return whether a text has the form of a kind that can be minted, known here or not. */
export function isMintedKind(text: string): boolean {
  return ANY_KIND.test(text) && text !== "mention";
}

export function isMapping(text: string): boolean {
  return MAPPING.test(text);
}

export function isSalt(text: string): boolean {
  return SALT.test(text);
}

export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** Return whether a text is a time: a real moment, UTC, to the second, of the years 0001 to 9999. */
export function isTime(text: string): boolean {
  const match = /^([0-9-]{10})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$/.exec(text);
  if (match === null || !isDay(match[1] as string)) return false;
  return Number(match[2]) < 24 && Number(match[3]) < 60 && Number(match[4]) < 60;
}

/** Return whether a text is a date: a real day, or a month or a year of those. */
export function isDate(text: string): boolean {
  if (/^[0-9]{4}$/.test(text)) return isDay(`${text}-01-01`);
  return isDay(/^[0-9]{4}-[0-9]{2}$/.test(text) ? `${text}-01` : text);
}

function isDay(text: string): boolean {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return year >= 1 && day >= 1 && day <= days;
}

/** Return whether an id is short enough; a text not in ASCII has more octets, but is no id either. */
function isShort(text: string): boolean {
  return text.length <= MAX_ID_OCTETS;
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
