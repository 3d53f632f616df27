/** Fit of a body to its header, by the rules of docs/bundle.md, section 3. Pure. */

import type { Bytes } from "./bytes";
import {
  canonicalText,
  compareTexts,
  demand,
  type Fields,
  FormError,
  field,
  holdsNull,
  isAscending,
  isFields,
  isList,
  keysOf,
  MAX_BODY_BYTES,
  parseCanonical,
  type Value,
} from "./canonical";
import type { Header } from "./header";
import { belongsTo, isSalt, kindsOf } from "./identifiers";
import { isOfForm, isShortText, isText } from "./values";
import {
  ACTIVITIES,
  AGENTS,
  ATTRIBUTES,
  type End,
  type Form,
  KINDS,
  QUALIFIERS,
  RELATIONS,
  WORDS,
} from "./vocabulary";

const KEYS = ["words", "nodes", "edges", "reason", "salt"];
const OF_RUNS = ["wasAssociatedWith", "used", "wasInformedBy"];

/** Return the reason for which a body says nothing; `null` where it fits its header. */
export function whyUnfit(data: Bytes, header: Header): string | null {
  try {
    demandFit(parseCanonical(data, MAX_BODY_BYTES), header);
    return null;
  } catch (error) {
    if (error instanceof FormError) return error.message;
    throw error;
  }
}

function demandFit(body: Fields, header: Header): void {
  demand(!holdsNull(body), "a null stands in it");
  const words = field(body, "words");
  demand(words === WORDS, "its words are of a vocabulary that is not known here");
  for (const key of keysOf(body)) demand(KEYS.includes(key), `${key} is no key of a body`);
  demandSalt(field(body, "salt"), header);
  demandReason(field(body, "reason"), header);
  const nodes = itemsIn(body, "nodes");
  for (const [k, node] of nodes.entries()) demandNode(node, header, `nodes[${k}]`);
  const ids = nodes.map((node) => field(node, "id") as string);
  demand(isAscending(ids, compareTexts), "the nodes are not sorted by id, each once");
  for (const label of header.mints.keys()) {
    demand(ids.includes(label), `no node describes ${label}`);
  }
  const edges = itemsIn(body, "edges");
  for (const [k, edge] of edges.entries()) demandEdge(edge, header, `edges[${k}]`);
  const places = edges.map(placeOf);
  demand(isAscending(places, comparePlaces), "the edges are not sorted, each once");
}

function demandSalt(salt: Value | undefined, { key }: Header): void {
  if (key === null) demand(salt === undefined, "a record has no salt");
  else demand(isText(salt) && isSalt(salt), "its salt is not 32 hex digits");
}

function demandReason(reason: Value | undefined, { answers }: Header): void {
  if (reason === undefined) return;
  demand(answers, "it has a reason, and answers nothing");
  demand(isShortText(reason), "its reason is no text of at most 4,096 bytes");
}

function itemsIn(body: Fields, key: "nodes" | "edges"): readonly Fields[] {
  const items = field(body, key);
  if (items === undefined) return [];
  demand(isList(items) && items.every(isFields), `${key} is no array of objects`);
  return items as readonly Fields[];
}

function demandNode(node: Fields, header: Header, where: string): void {
  const id = field(node, "id");
  const kind = field(node, "kind");
  demand(isText(id) && isText(kind), `${where} has no id or no kind`);
  demand(KINDS.includes(kind), `${where}: ${kind} is no kind`);
  demand(kindsOfEnd(id, header).includes(kind), `${where}: ${id} is no id of ${kind}`);
  const { subject } = header;
  demand(subject === null || belongsTo(id, subject), `${where}: ${id} is not the record's own`);
  demand(!header.isRun || header.mints.has(id), `${where}: a run describes itself alone`);
  demandValues(node, ["id", "kind"], ATTRIBUTES, header, where);
}

function demandEdge(edge: Fields, header: Header, where: string): void {
  const [from, rel, to] = [field(edge, "from"), field(edge, "rel"), field(edge, "to")];
  demand(isText(from) && isText(rel) && isText(to), `${where} lacks from, rel or to`);
  const ends = RELATIONS.get(rel);
  demand(ends !== undefined, `${where}: ${rel} is no relation`);
  demand(isEnd(from, ends[0], header), `${where}: from is not ${ends[0]} that has an id`);
  demand(isEnd(to, ends[1], header), `${where}: to is not ${ends[1]} that has an id`);
  const { subject } = header;
  const isOwn = subject === null || belongsTo(from, subject);
  const isToSubject = rel === "wasGeneratedBy" && to === subject;
  demand(isOwn || isToSubject, `${where} starts at another thing than the record's own`);
  const isOfRun = header.mints.has(from) && OF_RUNS.includes(rel);
  demand(!header.isRun || isOfRun, `${where} is none that a run says`);
  const hasSubtype = field(edge, "subtype") !== undefined;
  demand(!hasSubtype || rel === "wasDerivedFrom", `${where} has a subtype`);
  demandValues(edge, ["from", "rel", "to"], QUALIFIERS, header, where);
}

function isEnd(id: string, end: End, header: Header): boolean {
  const kinds = kindsOfEnd(id, header);
  if (end === "any") return kinds.length > 0;
  const group = end === "an agent" ? AGENTS : ACTIVITIES;
  return kinds.some((kind) => group.includes(kind));
}

/** Return the kinds of what an id or a label names; of a label the one that the header mints. */
function kindsOfEnd(id: string, { mints }: Header): readonly string[] {
  const minted = mints.get(id);
  return minted === undefined ? kindsOf(id) : [minted];
}

function demandValues(
  item: Fields,
  except: readonly string[],
  forms: ReadonlyMap<string, Form>,
  header: Header,
  where: string,
): void {
  const isName = (text: string) => kindsOfEnd(text, header).length > 0;
  for (const key of keysOf(item)) {
    if (except.includes(key)) continue;
    const form = forms.get(key);
    demand(form !== undefined, `${where} has a key ${key}, which is not of this vocabulary`);
    const holds = isOfForm(item[key] as Value, form, isName);
    const expected = typeof form === "string" ? form : `one of ${form.join(", ")}`;
    demand(holds, `${where}.${key} is not ${expected}`);
  }
}

type Place = readonly [string, string, string, string];

/** Return the sort key of an edge: from, rel, to, and the canonical text of its qualifiers. */
function placeOf(edge: Fields): Place {
  const { from, rel, to, ...qualifiers } = edge;
  return [from as string, rel as string, to as string, canonicalText(qualifiers)];
}

function comparePlaces(a: Place, b: Place): number {
  for (const [k, text] of a.entries()) {
    const difference = compareTexts(text, b[k] as string);
    if (difference !== 0) return difference;
  }
  return 0;
}
