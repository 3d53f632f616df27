/** Graph of the lineage loaded so far, and the part of it that is drawn. Pure. */

import type { Way } from "../address";
import type { LineageAnswer, Origin, Stepped } from "../questions.gen";
import { attributesOf } from "../words";

export type Walk = LineageAnswer["lineage"];
export type Step = Stepped;

/** Relation between two loaded things, with the bundles that state it. */
export interface Link {
  readonly name: string;
  readonly subtype: string | null;
  readonly source: string;
  readonly target: string;
  readonly origins: readonly Origin[];
  /** Text of the relation itself, such as a reference as printed. */
  readonly text: string | null;
}

/** Things and links of all walks, with each thing's distance from the start. */
export interface LineageGraph {
  readonly start: string;
  readonly things: ReadonlyMap<string, Step>;
  readonly depths: ReadonlyMap<string, number>;
  readonly links: readonly Link[];
  /** Number of relations that the store did not follow, by thing. */
  readonly more: ReadonlyMap<string, number>;
  /** Things whose next step was asked for. */
  readonly asked: ReadonlySet<string>;
}

/** Return a thing's label: its title, else the text of a reference to it, else its id. */
export function labelOf(graph: LineageGraph, id: string): string {
  const title = graph.things.get(id)?.title ?? id;
  if (title !== id) return title;
  return graph.links.find((link) => link.target === id && link.text !== null)?.text ?? id;
}

/** Part of the graph that is drawn: the things in the order found, their links, and how many more each has. */
export interface Selection {
  readonly ids: readonly string[];
  readonly links: readonly Link[];
  readonly hidden: ReadonlyMap<string, number>;
  readonly full: boolean;
}

export const MAX_DRAWN = 60;
export const FIRST_STEPS = 6;
export const MORE_STEPS = 12;

/** Merge a walk of `depth` steps with single steps from things that were opened. */
export function mergeWalks(
  base: Walk,
  depth: number,
  opened: ReadonlyMap<string, Walk>,
): LineageGraph {
  const things = new Map<string, Step>([[base.start.id, base.start]]);
  const links = new Map<string, Link>();
  const more = new Map<string, number>();
  const asked = new Set<string>();
  const addWalk = (walk: Walk) => {
    for (const { node } of walk.nodes) if (!things.has(node.id)) things.set(node.id, node);
    for (const relation of walk.relations) {
      const { text } = attributesOf(relation.qualifiers);
      const link = {
        name: relation.name,
        subtype: relation.subtype,
        source: relation.source.id,
        target: relation.target.id,
        origins: relation.attributions,
        text: typeof text === "string" ? text : null,
      };
      links.set(JSON.stringify([link.source, link.name, link.target, relation.qualifiers]), link);
    }
  };
  addWalk(base);
  for (const { id, count } of base.more) more.set(id, count);
  const distances = new Map(base.nodes.map(({ node, depth: d }) => [node.id, d]));
  distances.set(base.start.id, 0);
  for (const [id, d] of distances) if (d < depth) asked.add(id);
  for (const [id, walk] of opened) {
    addWalk(walk);
    asked.add(id);
    const left = walk.more.find((rest) => rest.id === id)?.count;
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
  const neighbourhoods = new Map<string, Set<string>>();
  const add = (a: string, b: string) => {
    const set = neighbourhoods.get(a);
    if (set) set.add(b);
    else neighbourhoods.set(a, new Set([b]));
  };
  for (const { source, target } of links) {
    add(source, target);
    add(target, source);
  }
  return neighbourhoods;
}

function depths(start: string, links: readonly Link[]): Map<string, number> {
  const neighbourhoods = neighbours(links);
  const distances = new Map([[start, 0]]);
  const queue = [start];
  for (const id of queue) {
    for (const next of neighbourhoods.get(id) ?? []) {
      if (distances.has(next)) continue;
      distances.set(next, (distances.get(id) ?? 0) + 1);
      queue.push(next);
    }
  }
  return distances;
}

/** Relations by how much they tell about origin; the first are drawn first. */
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
 * Select the part to draw: level by level, from each thing its first steps (more where it was
 * unfolded), at most `MAX_DRAWN` in all.
 */
export function selectPart(
  graph: LineageGraph,
  way: Way,
  unfolded: Readonly<Record<string, number>>,
): Selection {
  const next = stepsOf(graph, way);
  const ids = [graph.start];
  const selection = new Set(ids);
  const candidates = new Set(ids);
  const hidden = new Map<string, number>();
  for (const id of ids) {
    const steps = (next.get(id) ?? []).filter((step) => !candidates.has(step));
    const room = Math.max(0, MAX_DRAWN - ids.length);
    const wanted = Math.min(room, unfolded[id] ?? FIRST_STEPS);
    // Nothing is gained by hiding one or two things behind a "+1".
    const size = steps.length - wanted <= 2 && steps.length <= room ? steps.length : wanted;
    for (const step of steps.slice(0, size)) {
      ids.push(step);
      selection.add(step);
    }
    for (const step of steps) candidates.add(step);
    const rest = steps.length - size + (graph.more.get(id) ?? 0);
    if (rest > 0) hidden.set(id, rest);
  }
  const links = graph.links.filter(
    ({ source, target }) => selection.has(source) && selection.has(target),
  );
  return { ids, links, hidden, full: ids.length >= MAX_DRAWN };
}

/** Return the things one step from each, those whose link tells most about origin first. */
function stepsOf(graph: LineageGraph, way: Way): Map<string, readonly string[]> {
  const steps = new Map<string, string[]>();
  const add = (from: string, to: string) => {
    const list = steps.get(from);
    if (list === undefined) steps.set(from, [to]);
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
  return steps;
}

/** Row of the table beside the picture. */
export interface Row {
  readonly step: number;
  readonly thing: Step;
  /** Links by which it was reached from a nearer thing. */
  readonly by: readonly Link[];
}

/** Return a row for every thing loaded, nearest first. */
export function rows(graph: LineageGraph): readonly Row[] {
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
