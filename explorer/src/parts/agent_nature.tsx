/** Nature of an agent, by shape and by word: person, AI, software, organisation, or not recorded. */

import { type Nature, natureWord } from "../words";

const SHAPES: Readonly<Record<Nature, string>> = {
  PERSON: "M8 1.5a6.5 6.5 0 1 0 .01 0z",
  AI: "M8 0.5 15.5 8 8 15.5 0.5 8z",
  SOFTWARE: "M2 2h12v12H2z",
  ORGANIZATION: "M8 1.5 15.5 14.5H.5z",
};
const RING = "M8 2.4a5.6 5.6 0 1 0 .01 0z";

/** Return the path of the shape in a square of 16, for use in other pictures. */
export function shapeOf(nature: Nature | null): string {
  return nature === null ? RING : SHAPES[nature];
}

export function classOf(nature: Nature | null): string {
  return `mark ${nature === null ? "unknown" : nature.toLowerCase()}`;
}

/** Shape alone, where the word stands beside it. */
export function Shape({ nature }: { readonly nature: Nature | null }) {
  return (
    <svg class={classOf(nature)} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={shapeOf(nature)} />
    </svg>
  );
}

/** Shape and word. */
export function Mark({ nature }: { readonly nature: Nature | null }) {
  return (
    <span class="who-is">
      <Shape nature={nature} />
      {natureWord(nature)}
    </span>
  );
}

const NATURES: readonly (Nature | null)[] = ["PERSON", "AI", "SOFTWARE", "ORGANIZATION", null];

export function Legend() {
  return (
    <p class="legend">
      {NATURES.map((nature) => (
        <Mark key={nature} nature={nature} />
      ))}
    </p>
  );
}
