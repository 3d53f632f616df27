/** Draws a neighbourhood with sigma, laid out by ForceAtlas2, the same each time. */

import Graph from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";
import Sigma from "sigma";
import { type Known, labelOf } from "../lineage/model";

export interface Shown {
  readonly stop: () => void;
  /** Nearer below 1, farther above 1, everything at 0. */
  readonly zoom: (factor: number) => void;
}

/** Okabe–Ito, by what a thing is; the words stand in the legend and the table. */
const COLOURS: Readonly<Record<string, string>> = {
  work: "#0072b2",
  version: "#56b4e9",
  idea: "#e69f00",
  claim: "#e69f00",
  method: "#d55e00",
  run: "#009e73",
  result: "#009e73",
  dataset: "#cc79a7",
  code: "#cc79a7",
};
const OTHER = "#8a8f98";
const ROUNDS = 400;
const LONGEST = 42;

export function colourOf(kind: string | null): string {
  return COLOURS[kind ?? ""] ?? OTHER;
}

export function show(box: HTMLElement, known: Known, choose: (id: string) => void): Shown {
  const graph = graphOf(known);
  forceAtlas2.assign(graph, {
    iterations: ROUNDS,
    settings: { ...forceAtlas2.inferSettings(graph), adjustSizes: true },
  });
  const style = getComputedStyle(box);
  const drawing = new Sigma(graph, box, {
    labelColor: { color: style.color },
    labelFont: "system-ui, sans-serif",
    labelSize: 13,
    labelDensity: 0.5,
    labelGridCellSize: 180,
    labelRenderedSizeThreshold: 5,
    defaultEdgeType: "arrow",
    defaultEdgeColor: style.borderTopColor,
    allowInvalidContainer: true,
    defaultDrawNodeHover: (pen, data) => {
      if (!data.label) return;
      pen.font = "600 13px system-ui, sans-serif";
      const width = pen.measureText(data.label).width;
      pen.fillStyle = style.backgroundColor;
      pen.fillRect(data.x + data.size + 1, data.y - 11, width + 8, 20);
      pen.fillStyle = style.color;
      pen.fillText(data.label, data.x + data.size + 4, data.y + 4);
    },
  });
  drawing.on("clickNode", ({ node }) => choose(node));
  drawing.on("enterNode", () => box.classList.add("over"));
  drawing.on("leaveNode", () => box.classList.remove("over"));
  return {
    stop: () => drawing.kill(),
    zoom: (factor) => {
      const camera = drawing.getCamera();
      if (factor === 0) camera.animatedReset();
      else camera.animate({ ratio: camera.ratio * factor });
    },
  };
}

/** Starts on a spiral in the order found, so that the layout is the same each time. */
function graphOf(known: Known): Graph {
  const graph = new Graph({ multi: true });
  let k = 0;
  for (const [id, thing] of known.things) {
    const depth = known.depths.get(id) ?? 0;
    const angle = k * 2.4;
    const name = labelOf(known, id);
    const label = name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
    graph.addNode(id, {
      x: Math.sqrt(k) * Math.cos(angle),
      y: Math.sqrt(k) * Math.sin(angle),
      size: depth === 0 ? 12 : depth === 1 ? 7 : 4.5,
      label,
      color: colourOf(thing.kind),
      forceLabel: depth === 0,
    });
    k += 1;
  }
  for (const link of known.links) {
    if (link.source !== link.target) graph.addEdge(link.source, link.target, { size: 1 });
  }
  return graph;
}
