/** The graph's terms in words that a reader knows. Pure. */

import type { Json } from "./questions.gen";

export type Nature = "PERSON" | "AI" | "SOFTWARE" | "ORGANIZATION";
export type Attributes = Readonly<Record<string, Json>>;

export const NOT_RECORDED = "not recorded";

const KINDS: Readonly<Record<string, readonly [string, string]>> = {
  work: ["work", "works"],
  version: ["version", "versions"],
  dataset: ["dataset", "datasets"],
  benchmark: ["benchmark", "benchmarks"],
  code: ["code", "code"],
  model: ["model", "models"],
  file: ["file", "files"],
  idea: ["idea", "ideas"],
  claim: ["claim", "claims"],
  question: ["question", "questions"],
  problem: ["problem", "problems"],
  method: ["method", "methods"],
  plan: ["plan", "plans"],
  result: ["result", "results"],
  environment: ["environment", "environments"],
  concept: ["concept", "concepts"],
  venue: ["venue", "venues"],
  collection: ["collection", "collections"],
  research: ["research activity", "research activities"],
  run: ["run", "runs"],
  review: ["review", "reviews"],
  replication: ["replication", "replications"],
  audit: ["audit", "audits"],
  ingest: ["ingest run", "ingest runs"],
  recommendation: ["recommendation", "recommendations"],
  training: ["training", "trainings"],
  person: ["person", "people"],
  ai: ["AI", "AIs"],
  software: ["software", "software"],
  organization: ["organisation", "organisations"],
  mention: ["name as printed", "names as printed"],
  unknown: ["thing of unknown kind", "things of unknown kind"],
};

export const KIND_NAMES: readonly string[] = Object.keys(KINDS);

/** Return a kind in words; a kind that nobody stated is not recorded. */
export function kindWord(kind: string | null): string {
  return kind === null ? "kind not recorded" : (KINDS[kind]?.[0] ?? kind);
}

export function kindWords(kind: string, n: number): string {
  return KINDS[kind]?.[n === 1 ? 0 : 1] ?? kind;
}

/** [read from the edge's source, read from its target]. */
const RELATIONS: Readonly<Record<string, readonly [string, string]>> = {
  wasGeneratedBy: ["was made in", "made"],
  used: ["used", "was used by"],
  wasInformedBy: ["was informed by", "informed"],
  wasDerivedFrom: ["was derived from", "led to"],
  wasAttributedTo: ["is attributed to", "contributed to"],
  wasAssociatedWith: ["was carried out by", "took part in"],
  actedOnBehalfOf: ["acted on behalf of", "was represented by"],
  specializationOf: ["is a version of", "has the version"],
  alternateOf: ["is stated to be the same as", "is stated to be the same as"],
  hadMember: ["has the member", "is a member of"],
  wasInvalidatedBy: ["was invalidated by", "invalidated"],
  cites: ["cites", "is cited by"],
  hasSubject: ["is about", "is the subject of"],
  publishedIn: ["was published in", "published"],
  supports: ["supports", "is supported by"],
  disputes: ["disputes", "is disputed by"],
  refutes: ["refutes", "is refuted by"],
  confirms: ["confirms", "is confirmed by"],
  qualifies: ["qualifies", "is qualified by"],
  extends: ["extends", "is extended by"],
  corrects: ["corrects", "is corrected by"],
  repliesTo: ["replies to", "is replied to by"],
  approves: ["approves", "is approved by"],
  vetoes: ["vetoes", "is vetoed by"],
  handsBack: ["hands back", "is handed back by"],
};

const DERIVATIONS: Readonly<Record<string, string>> = {
  revision: "is a revision of",
  quotation: "quotes",
  source: "used as a source",
  inspiration: "was inspired by",
  combination: "combines",
};

/** Return a relation in words, read from its source. */
export function relationWord(name: string, subtype: string | null = null): string {
  return (subtype && DERIVATIONS[subtype]) || (RELATIONS[name]?.[0] ?? name);
}

/** Return a relation in words, read from its target. */
export function relationBack(name: string): string {
  return RELATIONS[name]?.[1] ?? `${name} (towards this)`;
}

export const RELATION_NAMES: readonly string[] = Object.keys(RELATIONS);
export const TO_CONTRIBUTORS: readonly string[] = ["wasAttributedTo", "wasAssociatedWith"];

const NATURES: Readonly<Record<Nature, string>> = {
  PERSON: "person",
  AI: "AI",
  SOFTWARE: "software",
  ORGANIZATION: "organisation",
};

export function natureWord(nature: Nature | null): string {
  return nature === null ? NOT_RECORDED : NATURES[nature];
}

/** Return the nature of an agent, by its kind or by what the source states of a mention. */
export function natureOf(kind: string | null, attributes: Attributes): Nature | null {
  const nature = kind === "mention" ? attributes.agent : kind;
  const upper = typeof nature === "string" ? nature.toUpperCase() : "";
  return upper in NATURES ? (upper as Nature) : null;
}

const ATTRIBUTES: Readonly<Record<string, string>> = {
  raw_title: "title as printed",
  authors: "authors as printed",
  journal_ref: "journal reference",
  report_no: "report number",
  msc_class: "MSC class",
  acm_class: "ACM class",
  work_type: "type",
  source_type: "source format",
  uri: "address",
  agent: "is a",
  known: "how the AI is known",
  model_version: "model version",
  params: "parameters",
  entry_point: "entry point",
  digest: "digest of the data",
  size_bytes: "size in bytes",
  outcome: "outcome of reading it",
  references: "references as printed",
  answer: "hash of the answer",
  initiative: "proposed by",
};

/** Return the name of an attribute or a qualifier in words. */
export function attributeWord(key: string): string {
  return ATTRIBUTES[key] ?? key.replaceAll("_", " ");
}

/** Facts that a reader expects of a kind; the page says where one is not recorded. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  work: ["abstract", "date", "licence"],
  version: ["date"],
  run: ["status", "started", "ended", "commit", "seed", "environment", "params", "metrics"],
  idea: ["text"],
  ai: ["model", "configuration"],
  mention: ["agent"],
  dataset: ["digest", "licence"],
  file: ["outcome", "pages"],
};
const MAX_TITLE = 80;
const DATES = ["date", "announced", "submitted", "updated", "started", "year", "ended"];

/** Return the expected facts that nobody stated. A day of announcement is a date, too. */
export function missingFacts(kind: string | null, attributes: Attributes): readonly string[] {
  const lacks = (key: string) =>
    key === "date" ? dateOf(attributes) === null : !(key in attributes);
  return (EXPECTED[kind ?? ""] ?? []).filter(lacks);
}

/** Return the date of a thing by its own facts, to the day at most. */
export function dateOf(attributes: Attributes): string | null {
  for (const key of DATES) {
    const value = attributes[key];
    if (typeof value === "string" && value !== "") return value.slice(0, 10);
    if (typeof value === "number") return String(value);
  }
  return null;
}

/** Return the date of a thing by its own facts, else the month that a newer arXiv id names. */
export function dateOfThing(id: string, attributes: Attributes): string | null {
  const month = /^arxiv:(\d{2})(0[1-9]|1[0-2])\.\d{4,5}(?:v\d+)?$/.exec(id);
  return dateOf(attributes) ?? (month ? `20${month[1]}-${month[2]}` : null);
}

/** Return a time as people read it: `2026-11-20`, or `2026-11-20 14:03 UTC` where there is a time of day. */
export function timeWord(time: string | null): string {
  if (time === null) return NOT_RECORDED;
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}Z$/.exec(time);
  if (!match) return time;
  return match[2] === "00:00" ? String(match[1]) : `${match[1]} ${match[2]} UTC`;
}

/** Shorten a title so that it fits among others in a sentence. */
export function shortenTitle(title: string): string {
  const letters = Array.from(title);
  if (letters.length <= MAX_TITLE) return title;
  return `${letters.slice(0, MAX_TITLE).join("").trimEnd()}…`;
}

/** Return an id that fits a line: long hashes lose their middle. */
export function shortId(id: string): string {
  return id.replace(/[0-9a-f]{40,}/g, (hash) => `${hash.slice(0, 8)}…${hash.slice(-4)}`);
}

export function count(n: number, singular: string, plural: string): string {
  return `${number(n)} ${n === 1 ? singular : plural}`;
}

/** Return a number with a thin space between thousands, the same in every country. */
export function number(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

export function attributesOf(json: Json | undefined): Attributes {
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? (json as Attributes)
    : {};
}

interface Speech {
  readonly kind: "RECORD" | "STATEMENT" | "NOT_UNDERSTOOD";
  readonly by: string | null;
  readonly author: string | null;
}

/** Return the speaker in words; where that is not the author's own key, also the author who names it. */
export function speakerWord({ kind, by, author }: Speech): string {
  if (by === null) return "an unknown speaker";
  if (kind !== "STATEMENT" || (author !== null && by.endsWith(`:${author}`))) return authorWord(by);
  return `${authorWord(by)} according to ${author === null ? "an author not known here" : shortId(author)}`;
}

/** Return an author in words: a source by its name, a key by its first and last digits. */
export function authorWord(author: string | null): string {
  if (author === null) return "a key whose grant is not here";
  return author.startsWith("source:") ? author.slice(7) : shortId(author);
}
