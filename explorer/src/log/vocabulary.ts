/** Vocabulary 1: the kinds, relations, attributes, qualifiers and words of docs/bundle.md, section 3. */

export const WORDS = 1;

export const ENTITIES = list(
  "work version dataset benchmark code model file idea claim question problem method plan result environment concept venue collection",
);
export const ACTIVITIES = list(
  "research run review replication audit ingest recommendation training",
);
export const AGENTS = list("person ai software organization mention");
export const KINDS = [...ENTITIES, ...ACTIVITIES, ...AGENTS];

export type End = "any" | "an activity" | "an agent";

/** Demands of a relation on its two ends: from, to. */
export const RELATIONS: ReadonlyMap<string, readonly [End, End]> = new Map([
  ["wasGeneratedBy", ["any", "an activity"]],
  ["used", ["an activity", "any"]],
  ["wasInformedBy", ["an activity", "an activity"]],
  ["wasDerivedFrom", ["any", "any"]],
  ["wasAttributedTo", ["any", "an agent"]],
  ["wasAssociatedWith", ["an activity", "an agent"]],
  ["actedOnBehalfOf", ["any", "an agent"]],
  ["specializationOf", ["any", "any"]],
  ["alternateOf", ["any", "any"]],
  ["hadMember", ["any", "any"]],
  ["wasInvalidatedBy", ["any", "an activity"]],
  ["cites", ["any", "any"]],
  ["hasSubject", ["any", "any"]],
  ["publishedIn", ["any", "any"]],
  ["supports", ["any", "any"]],
  ["disputes", ["any", "any"]],
  ["refutes", ["any", "any"]],
  ["confirms", ["any", "any"]],
  ["qualifies", ["any", "any"]],
  ["extends", ["any", "any"]],
  ["corrects", ["any", "any"]],
  ["repliesTo", ["any", "any"]],
  ["approves", ["any", "any"]],
  ["vetoes", ["any", "any"]],
  ["handsBack", ["any", "any"]],
]);

/** Forms of values, in the words of the tables; a list is a closed set of words. */
export type Form =
  | "text"
  | "text of at most 4,096 bytes"
  | "texts, sorted, without repeats"
  | "an integer from 0 below 2^53"
  | "true or false"
  | "a time like 2026-11-20T00:00:00Z"
  | "a date like 2026-11-20, 2026-11 or 2026"
  | "a decimal number as text, like 0.93"
  | "an identifier"
  | "identifiers, sorted, without repeats"
  | "objects {name, value?}, sorted, without repeats"
  | "objects {name, value, unit?, step?}, sorted, without repeats"
  | "objects {position, page, text, authors?, year?, title?, venue?, linked?, printed?, doubt?}, by position"
  | readonly string[];

const TIME = "a time like 2026-11-20T00:00:00Z";
const DATE = "a date like 2026-11-20, 2026-11 or 2026";
const COUNT = "an integer from 0 below 2^53";
const TRUTH = "true or false";
const SHORT_TEXT = "text of at most 4,096 bytes";
const PARAMETERS = "objects {name, value?}, sorted, without repeats";
const ACTIVITY = list(
  "problem-identification benchmark-creation method-innovation experiment-design collaborative-execution evaluation-and-error-analysis safety-and-alignment systems-co-design real-world-integration scientific-communication collective-intelligence bidirectional-co-improvement",
);

/** Attributes of a description, beside `id` and `kind`. */
export const ATTRIBUTES: ReadonlyMap<string, Form> = new Map<string, Form>([
  ["title", SHORT_TEXT],
  ["name", SHORT_TEXT],
  ["cut", TRUTH],
  ...texts("abstract text summary message note reason"),
  ["keywords", "texts, sorted, without repeats"],
  ...texts("language raw_title comment authors"),
  ["authors_truncated", TRUTH],
  ...texts("affiliation journal_ref doi report_no msc_class acm_class proxy submitter venue"),
  ...texts("work_type source_type size licence uri code"),
  ["level", COUNT],
  ["date", DATE],
  ["year", COUNT],
  ["announced", DATE],
  ["submitted", TIME],
  ["updated", TIME],
  ["started", TIME],
  ["ended", TIME],
  ["number", COUNT],
  ["deleted", TRUTH],
  ["withdrawn", TRUTH],
  ["retracted", TRUTH],
  ...texts("evidence status"),
  ["agent", list("person ai software organization")],
  ["known", list("self-reported observed attested")],
  ...texts("model provider model_version"),
  ["configuration", "an identifier"],
  ...texts("tool"),
  ["activity", ACTIVITY],
  ["params", PARAMETERS],
  ["tags", PARAMETERS],
  ["metrics", "objects {name, value, unit?, step?}, sorted, without repeats"],
  ...texts("commit repository entry_point user seed digest environment"),
  ["size_bytes", COUNT],
  ["pages", COUNT],
  ["outcome", list("ok encrypted damaged limit timeout crash")],
  ["list", list("found none doubtful")],
  [
    "references",
    "objects {position, page, text, authors?, year?, title?, venue?, linked?, printed?, doubt?}, by position",
  ],
  ...texts("query"),
  ["answer", "an identifier"],
  ...counts("seen new changed unchanged refused withdrawals deletions"),
]);

/** Qualifiers of an edge, beside `from`, `rel` and `to`. */
export const QUALIFIERS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ["subtype", list("revision quotation source inspiration combination")],
  [
    "role",
    list(
      "conceptualization data-curation formal-analysis funding-acquisition investigation methodology project-administration resources software supervision validation visualization writing-original-draft writing-review-editing",
    ),
  ],
  ["degree", list("lead equal supporting")],
  ["autonomy", list("none ai-assisted ai-generated autonomous")],
  ["activity", ACTIVITY],
  ["initiative", "an identifier"],
  ["verified_by", "an identifier"],
  ["improves", list("parameters training-data objective architecture code skill")],
  ["evidence", "identifiers, sorted, without repeats"],
  ["position", COUNT],
  ["primary", TRUTH],
  ...texts("name affiliation text reason"),
  ["number", COUNT],
  ["page", COUNT],
  ["score", "a decimal number as text, like 0.93"],
  ...texts("method"),
  ["at", TIME],
]);

function list(words: string): readonly string[] {
  return words.split(" ");
}

function texts(keys: string): [string, Form][] {
  return list(keys).map((key) => [key, "text"]);
}

function counts(keys: string): [string, Form][] {
  return list(keys).map((key) => [key, COUNT]);
}
