/** The lineage that is known so far, and the part of it that is drawn. Pure. */

import type { Way } from "../address";
import type { LineageAnswer, Origin, Stepped } from "../questions.gen";
import { attributesOf } from "../words";

export type Walk = LineageAnswer["lineage"];
export type Step = Stepped;

/** One relation between two known things, with the bundles that say so. */
export interface Link {
  readonly name: string;
  readonly subtype: string | null;
  readonly source: string;
  readonly target: string;
  readonly origins: readonly Origin[];
  /** What the relation says in words of its own, such as a reference as it is printed. */
  readonly text: string | null;
}

/** All that the walks brought: things with their distance from the start, and the links. */
export interface Known {
  readonly start: string;
  readonly things: ReadonlyMap<string, Step>;
  readonly depths: ReadonlyMap<string, number>;
  readonly links: readonly Link[];
  /** Edges that the store did not follow, by thing. */
  readonly more: ReadonlyMap<string, number>;
  /** Things whose next step was asked for. */
  readonly asked: ReadonlySet<string>;
}

/** What to write on a thing: its title, else how a reference to it reads, else its id. */
export function labelOf(graph: Known, id: string): string {
  const title = graph.things.get(id)?.title ?? id;
  if (title !== id) return title;
  return graph.links.find((link) => link.target === id && link.text !== null)?.text ?? id;
}

/** What is drawn: the things in the order found, the links between them, and what waits behind each. */
export interface Drawn {
  readonly ids: readonly string[];
  readonly links: readonly Link[];
  readonly hidden: ReadonlyMap<string, number>;
  readonly full: boolean;
}

export const MOST_DRAWN = 60;
export const FIRST_STEPS = 6;
export const MORE_STEPS = 12;

/** One walk of `depth` steps, and single steps from things further out, as one. */
export function known(base: Walk, depth: number, further: ReadonlyMap<string, Walk>): Known {
  const things = new Map<string, Step>([[base.start.id, base.start]]);
  const links = new Map<string, Link>();
  const more = new Map<string, number>();
  const asked = new Set<string>();
  const take = (walk: Walk) => {
    for (const { node } of walk.nodes) if (!things.has(node.id)) things.set(node.id, node);
    for (const one of walk.relations) {
      const { text } = attributesOf(one.qualifiers);
      const link = {
        name: one.name,
        subtype: one.subtype,
        source: one.source.id,
        target: one.target.id,
        origins: one.attributions,
        text: typeof text === "string" ? text : null,
      };
      links.set(JSON.stringify([link.source, link.name, link.target, one.qualifiers]), link);
    }
  };
  take(base);
  for (const { id, count } of base.more) more.set(id, count);
  const reached = new Map(base.nodes.map(({ node, depth: d }) => [node.id, d]));
  reached.set(base.start.id, 0);
  for (const [id, d] of reached) if (d < depth) asked.add(id);
  for (const [id, walk] of further) {
    take(walk);
    asked.add(id);
    const left = walk.more.find((one) => one.id === id)?.count;
    if (left === undefined) more.delete(id);
    else more.set(id, left);
  }
  const all = [...links.values()];
  return {
    start: base.start.id,
    things,
    depths: depths(base.start.id, all),
    links: all,
    more,
    asked,
  };
}

function neighbours(links: readonly Link[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const add = (a: string, b: string) => {
    const set = found.get(a);
    if (set) set.add(b);
    else found.set(a, new Set([b]));
  };
  for (const { source, target } of links) {
    add(source, target);
    add(target, source);
  }
  return found;
}

function depths(start: string, links: readonly Link[]): Map<string, number> {
  const beside = neighbours(links);
  const found = new Map([[start, 0]]);
  const queue = [start];
  for (const one of queue) {
    for (const next of beside.get(one) ?? []) {
      if (found.has(next)) continue;
      found.set(next, (found.get(one) ?? 0) + 1);
      queue.push(next);
    }
  }
  return found;
}

/** How much a link tells of where something came from; the first are drawn first. */
const WEIGHT = [
  "wasDerivedFrom",
  "extends",
  "wasGeneratedBy",
  "wasInformedBy",
  "used",
  "specializationOf",
  "alternateOf",
];

function weight(link: Link): number {
  const k = WEIGHT.indexOf(link.name);
  return k < 0 ? WEIGHT.length : k;
}

/**
 * The part that is drawn: level by level, from each thing its first steps (more where it was
 * unfolded), at most `MOST_DRAWN` in all.
 */
export function drawn(graph: Known, way: Way, unfolded: Readonly<Record<string, number>>): Drawn {
  const next = stepsOf(graph, way);
  const ids = [graph.start];
  const seen = new Set(ids);
  const met = new Set(ids);
  const hidden = new Map<string, number>();
  for (const id of ids) {
    const steps = (next.get(id) ?? []).filter((step) => !met.has(step));
    const room = Math.max(0, MOST_DRAWN - ids.length);
    const wanted = Math.min(room, unfolded[id] ?? FIRST_STEPS);
    // Nothing is gained by hiding one or two things behind a "+1".
    const shown = steps.length - wanted <= 2 && steps.length <= room ? steps.length : wanted;
    for (const step of steps.slice(0, shown)) {
      ids.push(step);
      seen.add(step);
    }
    for (const step of steps) met.add(step);
    const waiting = steps.length - shown + (graph.more.get(id) ?? 0);
    if (waiting > 0) hidden.set(id, waiting);
  }
  const links = graph.links.filter((one) => seen.has(one.source) && seen.has(one.target));
  return { ids, links, hidden, full: ids.length >= MOST_DRAWN };
}

/** The things one step from each, those with the most telling link first. */
function stepsOf(graph: Known, way: Way): Map<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (from: string, to: string) => {
    const list = found.get(from);
    if (list === undefined) found.set(from, [to]);
    else if (!list.includes(to)) list.push(to);
  };
  const up = way === "up";
  const undescribed = (link: Link) => {
    const step = graph.things.get(up ? link.target : link.source);
    return step?.shown ? 0 : 1;
  };
  const order = (a: Link, b: Link) => weight(a) - weight(b) || undescribed(a) - undescribed(b);
  for (const link of [...graph.links].sort(order)) {
    add(up ? link.source : link.target, up ? link.target : link.source);
    if (link.name === "alternateOf")
      add(up ? link.target : link.source, up ? link.source : link.target);
  }
  return found;
}

/** A row of the table beside the picture. */
export interface Row {
  readonly step: number;
  readonly thing: Step;
  /** The links by which it was reached from a nearer thing. */
  readonly by: readonly Link[];
}

/** Everything known, nearest first. */
export function rows(graph: Known): readonly Row[] {
  const depthOf = (id: string) => graph.depths.get(id) ?? 0;
  const by = new Map<string, Link[]>();
  for (const link of graph.links) {
    const farther = depthOf(link.source) > depthOf(link.target) ? link.source : link.target;
    const list = by.get(farther);
    if (list) list.push(link);
    else by.set(farther, [link]);
  }
  return [...graph.things.values()]
    .map((thing) => ({ step: depthOf(thing.id), thing, by: by.get(thing.id) ?? [] }))
    .sort((a, b) => a.step - b.step);
}
