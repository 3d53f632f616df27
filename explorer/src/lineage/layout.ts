/** Layout of the picture: layers from left (earlier) to right (later). Pure. */

import { Graph, layout } from "@dagrejs/dagre";
import type { Way } from "../address";
import { attributesOf, dateOfThing } from "../words";
import { type LineageGraph, type Link, labelOf, type Selection } from "./model";
import { isRightToLeft, type Measure, wrap } from "./wrap";

export const BOX_WIDTH = 214;
export const LINE = 17;
export const PAD = 14;
const META = 20;
const MAX_LINES = 3;
const STUB_WIDTH = 96;
const STUB_HEIGHT = 30;
const MARGIN = 16;
export const HEAD = 30;

export interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly lines: readonly string[];
  readonly rightToLeft: boolean;
}

/** Button for the things that are not drawn: "+37 more". */
export interface Stub {
  readonly of: string;
  readonly count: number;
  readonly x: number;
  readonly y: number;
}

export interface Arrow {
  readonly link: Link;
  readonly path: string;
}

export interface Column {
  readonly x: number;
  readonly label: string;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly stubs: readonly Stub[];
  readonly arrows: readonly Arrow[];
  readonly columns: readonly Column[];
}

/** Lay out the selected things; `measure` gives the width of a text in the boxes' type. */
export function layOut(graph: LineageGraph, part: Selection, way: Way, measure: Measure): Picture {
  const layers = new Graph<Record<string, unknown>, NodePlace, EdgeRoute>({ multigraph: true });
  layers.setGraph({
    rankdir: "LR",
    nodesep: 14,
    ranksep: 62,
    edgesep: 8,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  layers.setDefaultEdgeLabel(() => ({}));
  const lines = new Map<string, readonly string[]>();
  for (const id of part.ids) {
    const wrapped = wrap(labelOf(graph, id), BOX_WIDTH - 2 * PAD, MAX_LINES, measure);
    lines.set(id, wrapped);
    layers.setNode(id, { width: BOX_WIDTH, height: boxHeight(wrapped.length) });
  }
  // dagre lays out along its edges, and time runs from the earlier thing to what it led to.
  part.links.forEach((link, k) => {
    if (link.source !== link.target) layers.setEdge(link.target, link.source, {}, String(k));
  });
  for (const id of part.hidden.keys()) {
    layers.setNode(stubKey(id), { width: STUB_WIDTH, height: STUB_HEIGHT });
    if (way === "up") layers.setEdge(stubKey(id), id, {}, "stub");
    else layers.setEdge(id, stubKey(id), {}, "stub");
  }
  layout(layers);
  return pictureFrom(layers, graph, part, lines);
}

interface NodePlace {
  width: number;
  height: number;
  x?: number;
  y?: number;
}

interface EdgeRoute {
  points?: { x: number; y: number }[];
}

function stubKey(id: string): string {
  return `\u0000more ${id}`;
}

export function boxHeight(lines: number): number {
  return PAD + lines * LINE + META + PAD - 10;
}

function pictureFrom(
  layers: Graph<Record<string, unknown>, NodePlace, EdgeRoute>,
  graph: LineageGraph,
  part: Selection,
  lines: ReadonlyMap<string, readonly string[]>,
): Picture {
  const place = (key: string) => layers.node(key) ?? { width: 0, height: 0, x: 0, y: 0 };
  const boxes = part.ids.map((id) => {
    const { x = 0, y = 0, height } = place(id);
    return {
      id,
      x: x - BOX_WIDTH / 2,
      y: y - height / 2 + HEAD,
      height,
      lines: lines.get(id) ?? [],
      rightToLeft: isRightToLeft(labelOf(graph, id)),
    };
  });
  const stubs = [...part.hidden].map(([of, count]) => {
    const { x = 0, y = 0 } = place(stubKey(of));
    return { of, count, x: x - STUB_WIDTH / 2, y: y - STUB_HEIGHT / 2 + HEAD };
  });
  const arrows = part.links.flatMap((link, k) => {
    const between = layers.edge(link.target, link.source, String(k))?.points?.slice(1, -1);
    if (between === undefined) return [];
    const [from, to] = [place(link.source), place(link.target)];
    return [{ link, path: curve(sideToSide(from, between.reverse(), to)) }];
  });
  const size = layers.graph() as { width?: number; height?: number };
  return {
    width: Math.ceil(Math.max(size.width ?? 0, BOX_WIDTH + 2 * MARGIN)),
    height: Math.ceil((size.height ?? 0) + HEAD),
    boxes,
    stubs,
    arrows,
    columns: columns(boxes, graph),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Return a route that leaves and reaches boxes at the middle of the sides that face each other. */
function sideToSide(from: NodePlace, between: readonly Point[], to: NodePlace): readonly Point[] {
  const side = (box: NodePlace, beside: NodePlace) => {
    const { x = 0, y = 0 } = box;
    return { x: x + ((beside.x ?? 0) > x ? BOX_WIDTH / 2 : -BOX_WIDTH / 2), y };
  };
  // A bend of dagre's between neighbouring layers only makes the line wavy.
  const bends = between.length > 1 ? between : [];
  return [side(from, to), ...bends, side(to, from)];
}

/** Label each layer with the years of its things. */
function columns(boxes: readonly Box[], graph: LineageGraph): readonly Column[] {
  const years = new Map<number, string[]>();
  for (const box of boxes) {
    const list = years.get(Math.round(box.x)) ?? [];
    const attributes = attributesOf(graph.things.get(box.id)?.shown?.attributes);
    const year = dateOfThing(box.id, attributes)?.slice(0, 4);
    if (year) list.push(year);
    years.set(Math.round(box.x), list);
  }
  return [...years].map(([x, list]) => {
    list.sort();
    const [first, last] = [list[0], list.at(-1)];
    const label = first === undefined ? "" : first === last ? first : `${first}–${last}`;
    return { x, label };
  });
}

/** Return a smooth line through the points of a route, as an SVG path. */
export function curve(points: readonly Point[]): string {
  const at = (k: number) => points[Math.min(k, points.length - 1)] ?? { x: 0, y: 0 };
  const text = (x: number, y: number) => `${round(x)} ${round(y + HEAD)}`;
  const parts = [`M${text(at(0).x, at(0).y)}`];
  for (let k = 0; k + 1 < points.length; k += 1) {
    const [a, b] = [at(k), at(k + 1)];
    const middle = (a.x + b.x) / 2;
    parts.push(`C${text(middle, a.y)} ${text(middle, b.y)} ${text(b.x, b.y)}`);
  }
  return parts.join("");
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
