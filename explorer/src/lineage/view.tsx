/** Lineage of a thing: a picture that grows step by step, and a table of everything loaded. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { MAX_DEPTH, type Place } from "../address";
import { ask, Problem, useAnswer } from "../api";
import { Failure, When } from "../parts/states";
import { Lineage } from "../questions.gen";
import { To, useRouter } from "../router";
import { number } from "../words";
import { Drawing } from "./drawing";
import { layOut } from "./layout";
import {
  FIRST_STEPS,
  type LineageGraph,
  MAX_DRAWN,
  MORE_STEPS,
  mergeWalks,
  rows,
  selectPart,
  type Walk,
} from "./model";
import { Steps } from "./table";
import { measureText } from "./type";

/** Greatest width of a picture that has its table beside it, not below. */
const MAX_WIDTH_BESIDE = 800;
const MAX_THINGS = 100;
const MAX_THINGS_OPENED = 200;

export function LineageView({
  of,
}: {
  readonly of: { readonly id: string; readonly title: string };
}) {
  const { place } = useRouter();
  const direction = place.way === "up" ? "UP" : "DOWN";
  const base = useAnswer(Lineage, { id: of.id, direction, depth: place.depth, first: MAX_THINGS });
  return (
    <section class="lineage" aria-label="Lineage">
      <Controls />
      <When of={base} what="the lineage">
        {({ lineage }) => <Growing base={lineage} />}
      </When>
    </section>
  );
}

function Controls() {
  const { place } = useRouter();
  const steps = Array.from({ length: MAX_DEPTH }, (_, k) => k + 1);
  const fresh = { id: place.id, view: "lineage", way: place.way, depth: place.depth } as const;
  return (
    <div class="controls">
      <fieldset>
        <legend>Follow</legend>
        <To to={{ ...fresh, way: "up" }} aria-current={place.way === "up" ? "true" : undefined}>
          ← what it came from
        </To>
        <To to={{ ...fresh, way: "down" }} aria-current={place.way === "down" ? "true" : undefined}>
          what it led to →
        </To>
      </fieldset>
      <fieldset>
        <legend>Steps</legend>
        {steps.map((depth) => (
          <To
            key={depth}
            to={{ ...fresh, depth }}
            aria-label={`${depth} ${depth === 1 ? "step" : "steps"}`}
            aria-current={place.depth === depth ? "true" : undefined}
          >
            {depth}
          </To>
        ))}
      </fieldset>
    </div>
  );
}

/** Use the walks from the things that were opened, as they come. */
function useOpenedWalks(place: Place): {
  walks: ReadonlyMap<string, Walk>;
  problem: Problem | null;
} {
  const direction = place.way === "up" ? "UP" : "DOWN";
  const wanted = JSON.stringify([direction, place.open]);
  const [walks, setWalks] = useState<ReadonlyMap<string, Walk>>(new Map());
  const [problem, setProblem] = useState<Problem | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for both
  useEffect(() => {
    let isMounted = true;
    setProblem(null);
    const requests = place.open.map(async (id) => {
      const variables = { id, direction, depth: 1, first: MAX_THINGS_OPENED } as const;
      return [id, (await ask(Lineage, variables)).lineage] as const;
    });
    Promise.all(requests).then(
      (pairs) => isMounted && setWalks(new Map(pairs)),
      (error: unknown) => {
        if (isMounted)
          setProblem(error instanceof Problem ? error : new Problem(String(error), ""));
      },
    );
    return () => {
      isMounted = false;
    };
  }, [wanted]);
  return { walks, problem };
}

function Growing({ base }: { readonly base: Walk }) {
  const { place, go } = useRouter();
  const { walks, problem } = useOpenedWalks(place);
  const graph = useMemo(() => mergeWalks(base, place.depth, walks), [base, place.depth, walks]);
  const part = useMemo(() => selectPart(graph, place.way, place.unfolded), [graph, place]);
  const picture = useMemo(
    () => layOut(graph, part, place.way, measureText()),
    [graph, part, place.way],
  );
  const open = (id: string) => {
    const isOpen = place.open.includes(id);
    go({
      ...place,
      open: isOpen ? place.open.filter((other) => other !== id) : [...place.open, id],
    });
  };
  const unfold = (id: string) => {
    const now = place.unfolded[id] ?? FIRST_STEPS;
    const more = graph.more.has(id) && !place.open.includes(id);
    go({
      ...place,
      unfolded: { ...place.unfolded, [id]: now + MORE_STEPS },
      open: more ? [...place.open, id] : place.open,
    });
  };
  return (
    <>
      {problem ? <Failure problem={problem} again={() => go(place, { replace: true })} /> : null}
      <Summary graph={graph} drawn={part.ids.length} full={part.full} />
      <div class={picture.width > MAX_WIDTH_BESIDE ? "both wide" : "both"}>
        <Drawing
          picture={picture}
          graph={graph}
          way={place.way}
          opened={place.open}
          open={open}
          unfold={unfold}
        />
        <Steps rows={rows(graph)} start={graph.start} drawn={new Set(part.ids)} />
      </div>
    </>
  );
}

interface SummaryProps {
  readonly graph: LineageGraph;
  /** Number of things in the picture, the start included. */
  readonly drawn: number;
  readonly full: boolean;
}

function Summary({ graph, drawn, full }: SummaryProps) {
  const { place } = useRouter();
  const others = graph.things.size - 1;
  if (others === 0) {
    return (
      <p class="sentence" role="status">
        {place.way === "up"
          ? "Nobody recorded what this came from."
          : "Nobody recorded what this led to."}
      </p>
    );
  }
  return (
    <p class="sentence" role="status">
      {number(others)} {others === 1 ? "thing" : "things"} found within{" "}
      {place.depth === 1 ? "one step" : `${place.depth} steps`}
      {place.open.length > 0 ? ", and those you opened" : ""};{" "}
      {drawn - 1 === others
        ? "all are drawn."
        : `${number(drawn - 1)} are drawn, all are in the table.`}
      {full ? ` The picture shows at most ${MAX_DRAWN}.` : ""}
    </p>
  );
}
