/** A thing where it is named: its title as a link, what it is, and what to be warned of. */

import type { Listed, Named, Origin } from "../questions.gen";
import { To } from "../router";
import {
  attributesOf,
  dateOfThing,
  kindWord,
  relationWord,
  shortened,
  shortId,
  speakerWord,
  timeWord,
} from "../words";

/** `brief`: in a sentence about several things, where a long title would hide the others. */
export function Title({
  of,
  brief = false,
}: {
  readonly of: { readonly id: string; readonly title: string };
  readonly brief?: boolean;
}) {
  const titled = of.title !== of.id;
  const shown = brief ? shortened(of.title) : of.title;
  return (
    <To
      to={{ id: of.id }}
      class="title"
      title={shown === of.title && titled ? undefined : of.title}
    >
      <bdi class={titled ? "" : "id"}>{titled ? shown : shortId(of.id)}</bdi>
    </To>
  );
}

export function Kind({ of }: { readonly of: string | null }) {
  return <span class="kind">{kindWord(of)}</span>;
}

export function Warned({ by }: { readonly by: readonly string[] }) {
  return (
    <>
      {by.map((word) => (
        <span class="warned" key={word}>
          {word}
        </span>
      ))}
    </>
  );
}

/** Kind, title and warnings in a line. */
export function Line({ of }: { readonly of: Named }) {
  return (
    <span class="line">
      <Title of={of} /> <Kind of={of.kind} /> <Warned by={of.warnings} />
    </span>
  );
}

/** When a thing is from, where its own facts tell. */
export function Day({ of }: { readonly of: Listed }) {
  const date = dateOfThing(of.id, attributesOf(of.shown?.attributes));
  return <span class="day">{date ?? "date not recorded"}</span>;
}

/** What a bundle is called in a line: `record by arxiv, 2025-12-05`, `statement by ai:… on the word of ed25519:…`. */
export function originWord(of: Origin): string {
  const kind = of.kind === "RECORD" ? "record" : of.kind === "STATEMENT" ? "statement" : "bundle";
  const by = of.by === null ? "" : ` by ${speakerWord(of)}`;
  return `${kind}${by}${of.at === null ? "" : `, ${timeWord(of.at)}`}`;
}

/** The one click from a line to where it comes from. */
export function From({ of, long = false }: { readonly of: Origin; readonly long?: boolean }) {
  const short = of.kind === "STATEMENT" ? "statement" : of.kind === "RECORD" ? "record" : "bundle";
  return (
    <To
      to={{ id: of.bundle }}
      class="from"
      title={of.words}
      aria-label={`Where this comes from: ${of.words}`}
    >
      {long ? originWord(of) : short}
    </To>
  );
}

export function Froms({ of }: { readonly of: readonly Origin[] }) {
  return (
    <span class="froms">
      {of.map((one) => (
        <From key={one.bundle} of={one} />
      ))}
    </span>
  );
}

interface PathStep {
  readonly name: string;
  readonly subtype: string | null;
  readonly source: Named;
  readonly target: Named;
  readonly attributions: readonly Origin[];
}

/** The relations that lead from one thing to another, each in words with its origin. */
export function Path({ steps }: { readonly steps: readonly PathStep[] }) {
  return (
    <ol class="path">
      {steps.map((step) => (
        <li key={`${step.source.id} ${step.name} ${step.target.id}`}>
          <Title of={step.source} /> <em>{relationWord(step.name, step.subtype)}</em>{" "}
          <Title of={step.target} /> <Froms of={step.attributions} />
        </li>
      ))}
    </ol>
  );
}
