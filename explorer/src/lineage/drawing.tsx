/** The picture of a lineage as SVG: time from left to right, arrows to the past. */

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { addressOf, type Way } from "../address";
import { useGoing } from "../going";
import { classOf, shapeOf } from "../parts/mark";
import { attributesOf, dateOfThing, kindWord, natureOf, natureWord, relationWord } from "../words";
import { BOX_WIDTH, type Box, boxHeight, LINE, PAD, type Picture, type Stub } from "./layout";
import { type Known, labelOf, type Step } from "./model";
import { measureText } from "./type";
import { wrap } from "./wrap";

interface DrawingProps {
  readonly picture: Picture;
  readonly graph: Known;
  readonly way: Way;
  readonly opened: readonly string[];
  readonly open: (id: string) => void;
  readonly unfold: (id: string) => void;
}

/** Relations of one look: what a legend has to explain. */
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
  const move = (event: KeyboardEvent) => arrowKeys(event, frame.current);
  const keep = useKeptFocus(frame, picture);
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
            <BoxOf key={box.id} box={box} {...props} />
          ))}
          {picture.stubs.map((stub) => (
            <StubOf key={stub.of} stub={stub} graph={graph} unfold={props.unfold} />
          ))}
        </svg>
      </div>
      <Caption picture={picture} />
    </figure>
  );
}

/**
 * When the picture grows its parts are put in another order, and a moved element loses the focus:
 * it gets it back, until the focus goes elsewhere.
 */
function useKeptFocus(frame: { readonly current: HTMLDivElement | null }, picture: Picture) {
  const last = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: to be done after each new picture
  useLayoutEffect(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (last.current === null || !isLost) return;
    const all = [...(frame.current?.querySelectorAll<SVGElement>("[data-key]") ?? [])];
    all.find((one) => one.dataset.key === last.current)?.focus({ preventScroll: true });
  }, [picture]);
  useEffect(() => {
    const elsewhere = (event: Event) => {
      if (!frame.current?.contains(event.target as Node)) last.current = null;
    };
    addEventListener("focusin", elsewhere);
    addEventListener("pointerdown", elsewhere);
    return () => {
      removeEventListener("focusin", elsewhere);
      removeEventListener("pointerdown", elsewhere);
    };
  }, [frame]);
  return (event: FocusEvent) => {
    last.current = (event.target as SVGElement).dataset.key ?? null;
  };
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

function BoxOf({ box, graph, way, opened, open }: DrawingProps & { readonly box: Box }) {
  const { go } = useGoing();
  const thing = graph.things.get(box.id);
  if (!thing) return null;
  const isStart = box.id === graph.start;
  const to = { id: box.id, view: "lineage", way } as const;
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    event.preventDefault();
    if (isStart) go({ id: box.id });
    else go(to);
  };
  const x = box.rightToLeft ? BOX_WIDTH - PAD : PAD;
  return (
    <g
      class={`box${isStart ? " start" : ""}${thing.warnings.length > 0 ? " careful" : ""}`}
      transform={`translate(${box.x} ${box.y})`}
    >
      <a
        href={addressOf(isStart ? { id: box.id } : to)}
        onClick={follow}
        aria-label={spoken(thing, labelOf(graph, box.id))}
        data-place={`${box.x} ${box.y}`}
      >
        <rect width={BOX_WIDTH} height={box.height} rx="7" />
        <text class="name" direction={box.rightToLeft ? "rtl" : "ltr"}>
          {box.lines.map((line, k) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            <tspan key={k} x={x} y={PAD + LINE * k + 10}>
              {line}
            </tspan>
          ))}
        </text>
        <Under of={thing} y={boxHeight(box.lines.length) - 11} />
      </a>
      <Opener box={box} thing={thing} graph={graph} way={way} opened={opened} open={open} />
    </g>
  );
}

function spoken(thing: Step, label: string): string {
  const date = dateOfThing(thing.id, attributesOf(thing.shown?.attributes)) ?? "date not recorded";
  const who = thing.contributions.edges.map(
    ({ node }) => `${node.agent.title} (${natureWord(node.nature)})`,
  );
  return [label, kindWord(thing.kind), date, ...who, ...thing.warnings].join(", ");
}

/** The line under the title: kind, year, who with their shapes. */
function Under({ of, y }: { readonly of: Step; readonly y: number }) {
  const date = dateOfThing(of.id, attributesOf(of.shown?.attributes))?.slice(0, 4);
  const careful = of.warnings[0];
  const start = [kindWord(of.kind), careful ? `⚠ ${careful}` : date].filter(Boolean).join(" · ");
  const measure = measureText();
  const width = measure(start) * 0.9 + 12;
  const { edges, totalCount } = of.contributions;
  const first = edges[0]?.node;
  const nature = first?.nature ?? natureOf(of.kind, attributesOf(of.shown?.attributes));
  const natures = new Set(edges.map(({ node }) => node.nature));
  const others = [...natures].filter((one) => one !== nature);
  const room = BOX_WIDTH - 2 * PAD - width - 16 * (1 + others.length) - 22;
  const name = first && room > 40 ? (wrap(first.agent.title, room, 1, measure)[0] ?? "") : "";
  const rest = totalCount > 1 ? ` +${totalCount - 1}` : "";
  return (
    <g class="under">
      <text x={PAD} y={y}>
        {start}
      </text>
      {first ? (
        <>
          <MarkAt nature={nature} x={PAD + width} y={y - 9.5} />
          <text x={PAD + width + 15} y={y}>
            {name}
            {rest}
          </text>
          {others.map((one, k) => (
            <MarkAt key={one} nature={one} x={BOX_WIDTH - PAD - 12 - 15 * k} y={y - 9.5} />
          ))}
        </>
      ) : null}
    </g>
  );
}

interface MarkAtProps {
  readonly nature: Step["contributions"]["edges"][number]["node"]["nature"];
  readonly x: number;
  readonly y: number;
}

function MarkAt({ nature, x, y }: MarkAtProps) {
  return (
    <g class={classOf(nature)} transform={`translate(${x} ${y}) scale(0.72)`}>
      <path d={shapeOf(nature)} />
    </g>
  );
}

interface OpenerProps {
  readonly box: Box;
  readonly thing: Step;
  readonly graph: Known;
  readonly way: Way;
  readonly opened: readonly string[];
  readonly open: (id: string) => void;
}

/** The button at a box's outer side that brings its next step, or takes it away. */
function Opener({ box, thing, graph, way, opened, open }: OpenerProps) {
  const isOpen = opened.includes(box.id);
  if (graph.asked.has(box.id) && !isOpen) return null;
  const next = way === "up" ? "what it came from" : "what came of it";
  const leads = graph.links.some((link) => (way === "up" ? link.source : link.target) === box.id);
  const isEnd = isOpen && graph.asked.has(box.id) && !leads;
  const verb = isEnd ? "Nobody recorded" : isOpen ? "Hide" : "Show";
  const x = way === "up" ? 0 : BOX_WIDTH;
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    open(box.id);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button
    <g
      class={isEnd ? "opener end" : "opener"}
      role="button"
      tabindex={0}
      aria-expanded={isOpen}
      aria-label={`${verb} ${next}: ${thing.title}`}
      data-key={`open ${box.id}`}
      data-place={`${box.x + x} ${box.y + 1}`}
      transform={`translate(${x} ${box.height / 2})`}
      onClick={() => open(box.id)}
      onKeyDown={press}
    >
      <circle class="target" r="16" />
      <circle r="10" />
      <path d={isEnd ? "M-4 -4 4 4M4 -4-4 4" : isOpen ? "M-5 0H5" : "M-5 0H5M0 -5V5"} />
      {isEnd ? <title>Nobody recorded {next}</title> : null}
    </g>
  );
}

interface StubProps {
  readonly stub: Stub;
  readonly graph: Known;
  readonly unfold: (id: string) => void;
}

function StubOf({ stub, graph, unfold }: StubProps) {
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    unfold(stub.of);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button
    <g
      class="stub"
      role="button"
      tabindex={0}
      aria-label={`Draw more of the ${stub.count} that wait beside ${graph.things.get(stub.of)?.title}`}
      data-place={`${stub.x} ${stub.y}`}
      data-key={`open ${stub.of}`}
      transform={`translate(${stub.x} ${stub.y})`}
      onClick={() => unfold(stub.of)}
      onKeyDown={press}
    >
      <rect width="96" height="30" rx="15" />
      <text x="48" y="20">
        +{stub.count} more
      </text>
    </g>
  );
}

/** What the lines mean, those that are in the picture. */
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

/** Arrow keys go to the nearest box, button or "more" in that direction. */
function arrowKeys(event: KeyboardEvent, frame: HTMLElement | null): void {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
    event.key
  ];
  const here = (event.target as Element | null)?.closest("[data-place]");
  if (!way || !here || !frame) return;
  const at = placed(here);
  const far = (one: Element) => {
    const { x, y } = placed(one);
    const along = (x - at.x) * (way[0] ?? 0) + (y - at.y) * (way[1] ?? 0);
    const aside = Math.abs((x - at.x) * (way[1] ?? 0)) + Math.abs((y - at.y) * (way[0] ?? 0));
    return along > 4 ? along + 2 * aside : Number.POSITIVE_INFINITY;
  };
  const others = [...frame.querySelectorAll("[data-place]")].filter((one) => one !== here);
  const nearest = others.sort((a, b) => far(a) - far(b))[0];
  event.preventDefault();
  if (nearest && Number.isFinite(far(nearest))) (nearest as SVGElement).focus();
}

function placed(of: Element): { x: number; y: number } {
  const [x = 0, y = 0] = (of.getAttribute("data-place") ?? "").split(" ").map(Number);
  return { x, y };
}
