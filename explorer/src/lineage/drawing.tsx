/** Picture of a lineage as SVG: time runs from left to right, arrows point to the past. */

import { useEffect, useRef } from "preact/hooks";
import type { Way } from "../address";
import { relationWord } from "../words";
import { MoreButton, ThingBox } from "./box";
import { moveFocus, useFocusKeeper } from "./keys";
import { BOX_WIDTH, type Picture } from "./layout";
import type { LineageGraph } from "./model";

interface DrawingProps {
  readonly picture: Picture;
  readonly graph: LineageGraph;
  readonly way: Way;
  readonly opened: readonly string[];
  readonly open: (id: string) => void;
  readonly unfold: (id: string) => void;
}

/** Relations by their look, which the legend explains. */
const LOOKS: readonly (readonly [string, readonly string[]])[] = [
  ["derived", ["wasDerivedFrom", "extends", "wasInformedBy"]],
  ["made", ["wasGeneratedBy", "used"]],
  ["same", ["specializationOf", "alternateOf", "hadMember"]],
  ["cited", ["cites"]],
];

function lookOf(name: string): string {
  return LOOKS.find(([, names]) => names.includes(name))?.[0] ?? "other";
}

export function Drawing(props: DrawingProps) {
  const { picture, graph, way } = props;
  const frame = useRef<HTMLDivElement>(null);
  const first = picture.boxes.find((box) => box.id === graph.start);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new start moves the picture
  useEffect(() => {
    if (!frame.current || !first) return;
    const view = frame.current;
    view.scrollLeft = way === "up" ? first.x + BOX_WIDTH + 40 - view.clientWidth : first.x - 40;
    view.scrollTop = first.y + first.height / 2 - view.clientHeight / 2;
  }, [graph.start, way]);
  const move = (event: KeyboardEvent) => moveFocus(event, frame.current);
  const keep = useFocusKeeper(frame, picture);
  return (
    <figure class="drawing">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the links and buttons inside end here */}
      <div class="frame" ref={frame} onKeyDown={move} onFocusIn={keep}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset can't be in SVG */}
        <svg
          viewBox={`0 0 ${picture.width} ${picture.height}`}
          width={picture.width}
          height={picture.height}
          role="group"
          aria-label="Picture of the lineage; the table has the same in words"
        >
          <Tips />
          {picture.columns.map((column) => (
            <text key={column.x} class="column" x={column.x + BOX_WIDTH / 2} y={20}>
              {column.label}
            </text>
          ))}
          {picture.arrows.map(({ link, path }) => (
            <path
              key={`${link.source} ${link.name} ${link.target} ${link.subtype}`}
              class={`arrow ${lookOf(link.name)}`}
              d={path}
              marker-end={`url(#tip-${lookOf(link.name)})`}
            >
              <title>
                {graph.things.get(link.source)?.title} {relationWord(link.name, link.subtype)}{" "}
                {graph.things.get(link.target)?.title}
              </title>
            </path>
          ))}
          {picture.boxes.map((box) => (
            <ThingBox key={box.id} box={box} {...props} />
          ))}
          {picture.stubs.map((stub) => (
            <MoreButton key={stub.of} stub={stub} graph={graph} unfold={props.unfold} />
          ))}
        </svg>
      </div>
      <Caption picture={picture} />
    </figure>
  );
}

function Tips() {
  return (
    <defs>
      {[...LOOKS.map(([look]) => look), "other"].map((look) => (
        <marker
          key={look}
          id={`tip-${look}`}
          class={`tip ${look}`}
          viewBox="0 0 10 10"
          refX="9"
          refY="5"
          markerWidth="8"
          markerHeight="8"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0.5 10 5 0 9.5z" />
        </marker>
      ))}
    </defs>
  );
}

/** Legend of the lines that are in the picture. */
function Caption({ picture }: { readonly picture: Picture }) {
  const names = new Map<string, Set<string>>();
  for (const { link } of picture.arrows) {
    const look = lookOf(link.name);
    const words = names.get(look) ?? new Set();
    words.add(relationWord(link.name, link.subtype));
    names.set(look, words);
  }
  return (
    <figcaption>
      <span>← earlier</span>
      {[...names].map(([look, words]) => (
        <span key={look} class="look">
          <svg width="34" height="10" aria-hidden="true">
            <path class={`arrow ${look}`} d="M32 5H3" marker-end={`url(#tip-${look})`} />
          </svg>
          {[...words].join(", ")}
        </span>
      ))}
      <span>later →</span>
    </figcaption>
  );
}
