/** Box of a thing in the picture, with the button that shows its next step, and the button "+37 more". */

import { addressOf, type Way } from "../address";
import { classOf, shapeOf } from "../parts/agent_nature";
import { useRouter } from "../router";
import { attributesOf, dateOfThing, kindWord, natureOf, natureWord } from "../words";
import { BOX_WIDTH, type Box, boxHeight, LINE, PAD, type Stub } from "./layout";
import { type LineageGraph, labelOf, type Step } from "./model";
import { measureText } from "./type";
import { wrap } from "./wrap";

interface ThingBoxProps {
  readonly box: Box;
  readonly graph: LineageGraph;
  readonly way: Way;
  readonly opened: readonly string[];
  readonly open: (id: string) => void;
}

export function ThingBox({ box, graph, way, opened, open }: ThingBoxProps) {
  const { go } = useRouter();
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
        aria-label={spokenText(thing, labelOf(graph, box.id))}
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
        <Subtitle of={thing} y={boxHeight(box.lines.length) - 11} />
      </a>
      <Opener box={box} thing={thing} graph={graph} way={way} opened={opened} open={open} />
    </g>
  );
}

function spokenText(thing: Step, label: string): string {
  const date = dateOfThing(thing.id, attributesOf(thing.shown?.attributes)) ?? "date not recorded";
  const contributors = thing.contributions.edges.map(
    ({ node }) => `${node.agent.title} (${natureWord(node.nature)})`,
  );
  return [label, kindWord(thing.kind), date, ...contributors, ...thing.warnings].join(", ");
}

/** Line under the title: kind, year, contributors with their shapes. */
function Subtitle({ of, y }: { readonly of: Step; readonly y: number }) {
  const date = dateOfThing(of.id, attributesOf(of.shown?.attributes))?.slice(0, 4);
  const careful = of.warnings[0];
  const start = [kindWord(of.kind), careful ? `⚠ ${careful}` : date].filter(Boolean).join(" · ");
  const measure = measureText();
  const width = measure(start) * 0.9 + 12;
  const { edges, totalCount } = of.contributions;
  const first = edges[0]?.node;
  const nature = first?.nature ?? natureOf(of.kind, attributesOf(of.shown?.attributes));
  const natures = new Set(edges.map(({ node }) => node.nature));
  const others = [...natures].filter((other) => other !== nature);
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
          {others.map((other, k) => (
            <MarkAt key={other} nature={other} x={BOX_WIDTH - PAD - 12 - 15 * k} y={y - 9.5} />
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

interface OpenerProps extends ThingBoxProps {
  readonly thing: Step;
}

/** Button at a box's outer side that shows its next step, or hides it. */
function Opener({ box, thing, graph, way, opened, open }: OpenerProps) {
  const isOpen = opened.includes(box.id);
  if (graph.asked.has(box.id) && !isOpen) return null;
  const next = way === "up" ? "what it came from" : "what it led to";
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
  readonly graph: LineageGraph;
  readonly unfold: (id: string) => void;
}

export function MoreButton({ stub, graph, unfold }: StubProps) {
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
      aria-label={`Show more of the ${stub.count} not drawn next to ${graph.things.get(stub.of)?.title}`}
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
