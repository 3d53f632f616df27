/** Map of a thing's neighbourhood: hundreds of nodes on a canvas, with a table below. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useAnswer } from "../api";
import { type LineageGraph, mergeWalks, rows } from "../lineage/model";
import { Steps } from "../lineage/table";
import { Empty, When } from "../parts/states";
import { Lineage } from "../questions.gen";
import { useRouter } from "../router";
import { kindWord, number } from "../words";
import { colourOf, drawMap, type MapDrawing } from "./canvas";

const STEPS = 2;
const MAX_THINGS_EACH_WAY = 150;

export function MapView({ of }: { readonly of: { readonly id: string } }) {
  const up = useAnswer(Lineage, {
    id: of.id,
    direction: "UP",
    depth: STEPS,
    first: MAX_THINGS_EACH_WAY,
  });
  const down = useAnswer(Lineage, {
    id: of.id,
    direction: "DOWN",
    depth: STEPS,
    first: MAX_THINGS_EACH_WAY,
  });
  return (
    <section class="map" aria-label="Map">
      <When of={up} what="what it came from">
        {(before) => (
          <When of={down} what="what it led to">
            {(after) => {
              const opened = new Map([[of.id, after.lineage]]);
              const graph = mergeWalks(before.lineage, STEPS, opened);
              if (graph.things.size === 1)
                return <Empty>Nothing is recorded around this yet.</Empty>;
              return (
                <>
                  <p class="sentence">
                    {number(graph.things.size)} things within {STEPS} steps, in both directions
                    {before.lineage.more.length + after.lineage.more.length > 0
                      ? "; some have more than is shown here."
                      : "."}{" "}
                    Select one to open its page.
                  </p>
                  <Canvas of={graph} />
                  <Steps
                    rows={rows(graph)}
                    start={graph.start}
                    drawn={new Set(graph.things.keys())}
                  />
                </>
              );
            }}
          </When>
        )}
      </When>
    </section>
  );
}

function Canvas({ of }: { readonly of: LineageGraph }) {
  const { go } = useRouter();
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<MapDrawing | null>(null);
  const [failed, setFailed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a map is drawn once for the same things
  useEffect(() => {
    if (!box.current) return;
    try {
      drawing.current = drawMap(box.current, of, (id) => go({ id, view: "map" }));
    } catch {
      setFailed(true);
    }
    return () => drawing.current?.stop();
  }, [of.start, of.things.size]);
  const kinds = [...new Set([...of.things.values()].map((thing) => thing.kind))];
  if (failed)
    return <Empty>This browser can’t draw the map (it has no WebGL); the table has it all.</Empty>;
  return (
    <figure class="drawing">
      <div class="canvas" ref={box} />
      <figcaption>
        {kinds.map((kind) => (
          <span key={kind} class="look">
            <Dot colour={`var(${colourOf(kind)})`} /> {kindWord(kind)}
          </span>
        ))}
        <span class="actions">
          <button type="button" class="quiet" onClick={() => drawing.current?.zoom(1 / 1.5)}>
            Zoom in
          </button>
          <button type="button" class="quiet" onClick={() => drawing.current?.zoom(1.5)}>
            Zoom out
          </button>
          <button type="button" class="quiet" onClick={() => drawing.current?.zoom(0)}>
            Show all
          </button>
        </span>
      </figcaption>
    </figure>
  );
}

function Dot({ colour }: { readonly colour: string }) {
  return (
    <svg width="12" height="12" aria-hidden="true">
      <circle cx="6" cy="6" r="5" fill={colour} />
    </svg>
  );
}
