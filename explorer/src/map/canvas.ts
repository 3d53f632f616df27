/** Drawing of a neighbourhood with sigma, laid out by ForceAtlas2, the same each time. */

import Graph from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";
import Sigma from "sigma";
import { type LineageGraph, labelOf } from "../lineage/model";

export interface MapDrawing {
  readonly stop: () => void;
  /** Zoom in by a factor below 1 and out above 1; 0 shows everything. */
  readonly zoom: (factor: number) => void;
}

/** Colours of the style sheet by kind; the legend and the table have the kinds in words. */
const COLOURS: Readonly<Record<string, string>> = {
  work: "--person",
  version: "--person",
  idea: "--ai",
  claim: "--ai",
  method: "--ai",
  run: "--software",
  result: "--software",
  research: "--software",
  dataset: "--organization",
  code: "--organization",
  file: "--organization",
};
const OTHER = "--arrow";
const ITERATIONS = 400;
const MAX_LABEL = 42;

/** Return the name of a kind's colour in the style sheet. */
export function colourOf(kind: string | null): string {
  return COLOURS[kind ?? ""] ?? OTHER;
}

/** Draw a lineage graph into an element; `choose` is called with the thing that the reader selects. */
export function drawMap(
  box: HTMLElement,
  lineage: LineageGraph,
  choose: (id: string) => void,
): MapDrawing {
  const style = getComputedStyle(box);
  const graph = graphOf(lineage, (kind) => computeColour(box, colourOf(kind)));
  forceAtlas2.assign(graph, {
    iterations: ITERATIONS,
    settings: { ...forceAtlas2.inferSettings(graph), adjustSizes: true },
  });
  const drawing = new Sigma(graph, box, {
    labelColor: { color: style.color },
    labelFont: "system-ui, sans-serif",
    labelSize: 13,
    labelDensity: 0.5,
    labelGridCellSize: 180,
    labelRenderedSizeThreshold: 4,
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

/** Compute a colour of the style sheet in the current theme; its text is still a pair of two. */
function computeColour(box: HTMLElement, name: string): string {
  const probe = box.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`;
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** Build the graph to lay out: it starts on a spiral in the order found, so that each layout is the same. */
function graphOf(lineage: LineageGraph, colour: (kind: string | null) => string): Graph {
  const graph = new Graph({ multi: true });
  let k = 0;
  for (const [id, thing] of lineage.things) {
    const depth = lineage.depths.get(id) ?? 0;
    const angle = k * 2.4;
    const name = labelOf(lineage, id);
    const label = name.length > MAX_LABEL ? `${name.slice(0, MAX_LABEL - 1)}…` : name;
    graph.addNode(id, {
      x: Math.sqrt(k) * Math.cos(angle),
      y: Math.sqrt(k) * Math.sin(angle),
      size: depth === 0 ? 12 : depth === 1 ? 7 : 4.5,
      label,
      color: colour(thing.kind),
      forceLabel: depth === 0,
    });
    k += 1;
  }
  for (const link of lineage.links) {
    if (link.source !== link.target) graph.addEdge(link.source, link.target, { size: 1 });
  }
  return graph;
}
