/** The lineage of a thing: a picture that grows step by step, and a table of all that is known. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { MAX_DEPTH, type Place } from "../address";
import { ask, Problem, useAnswer } from "../api";
import { Failure, When } from "../parts/states";
import { Lineage } from "../questions.gen";
import { To, useGoing } from "../router";
import { number } from "../words";
import { Drawing } from "./drawing";
import { picture } from "./layout";
import {
  drawn,
  FIRST_STEPS,
  type Known,
  known,
  MORE_STEPS,
  MOST_DRAWN,
  rows,
  type Walk,
} from "./model";
import { Steps } from "./table";
import { measureText } from "./type";

/** A wider picture has the table below, not beside it. */
const BESIDE = 800;
const ASKED = 100;
const ASKED_ONE = 200;

export function LineageView({
  of,
}: {
  readonly of: { readonly id: string; readonly title: string };
}) {
  const { place } = useGoing();
  const direction = place.way === "up" ? "UP" : "DOWN";
  const base = useAnswer(Lineage, { id: of.id, direction, depth: place.depth, first: ASKED });
  return (
    <section class="lineage" aria-label="Lineage">
      <Controls />
      <When of={base} what="the lineage">
        {({ lineage }) => <Grown base={lineage} />}
      </When>
    </section>
  );
}

function Controls() {
  const { place } = useGoing();
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
          what came of it →
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

/** The walks from the things that were opened, as they come. */
function useFurther(place: Place): { walks: ReadonlyMap<string, Walk>; problem: Problem | null } {
  const direction = place.way === "up" ? "UP" : "DOWN";
  const wanted = JSON.stringify([direction, place.open]);
  const [walks, setWalks] = useState<ReadonlyMap<string, Walk>>(new Map());
  const [problem, setProblem] = useState<Problem | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for both
  useEffect(() => {
    let here = true;
    setProblem(null);
    const asked = place.open.map(async (id) => {
      const variables = { id, direction, depth: 1, first: ASKED_ONE } as const;
      return [id, (await ask(Lineage, variables)).lineage] as const;
    });
    Promise.all(asked).then(
      (found) => here && setWalks(new Map(found)),
      (error: unknown) => {
        const told = error instanceof Problem ? error : new Problem(String(error), "");
        if (here) setProblem(told);
      },
    );
    return () => {
      here = false;
    };
  }, [wanted]);
  return { walks, problem };
}

function Grown({ base }: { readonly base: Walk }) {
  const { place, go } = useGoing();
  const { walks, problem } = useFurther(place);
  const graph = useMemo(() => known(base, place.depth, walks), [base, place.depth, walks]);
  const part = useMemo(() => drawn(graph, place.way, place.unfolded), [graph, place]);
  const seen = useMemo(
    () => picture(graph, part, place.way, measureText()),
    [graph, part, place.way],
  );
  const open = (id: string) => {
    const isOpen = place.open.includes(id);
    go({ ...place, open: isOpen ? place.open.filter((one) => one !== id) : [...place.open, id] });
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
      <Sentence graph={graph} drawnNow={part.ids.length} full={part.full} />
      <div class={seen.width > BESIDE ? "both wide" : "both"}>
        <Drawing
          picture={seen}
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

interface SentenceProps {
  readonly graph: Known;
  readonly drawnNow: number;
  readonly full: boolean;
}

function Sentence({ graph, drawnNow, full }: SentenceProps) {
  const { place } = useGoing();
  const others = graph.things.size - 1;
  if (others === 0) {
    return (
      <p class="sentence" role="status">
        {place.way === "up"
          ? "Nobody recorded what this came from."
          : "Nobody recorded that anything came of this."}
      </p>
    );
  }
  return (
    <p class="sentence" role="status">
      {number(others)} {others === 1 ? "thing" : "things"} found within{" "}
      {place.depth === 1 ? "one step" : `${place.depth} steps`}
      {place.open.length > 0 ? ", and those you opened" : ""};{" "}
      {drawnNow - 1 === others
        ? "all are drawn."
        : `${number(drawnNow - 1)} are drawn, all are in the table.`}
      {full ? ` A picture holds at most ${MOST_DRAWN}.` : ""}
    </p>
  );
}
