/** Parts of a line about a thing: its title as a link, its kind, its date, its warnings, its origin. */

import type { Listed, Named, Origin } from "../questions.gen";
import { To } from "../router";
import {
  attributesOf,
  dateOfThing,
  kindWord,
  relationWord,
  shortenTitle,
  shortId,
  speakerWord,
  timeWord,
} from "../words";

/** Title as a link; `brief` in a sentence about several things, where a long title would hide the others. */
export function Title({
  of,
  brief = false,
}: {
  readonly of: { readonly id: string; readonly title: string };
  readonly brief?: boolean;
}) {
  const hasTitle = of.title !== of.id;
  const shown = brief ? shortenTitle(of.title) : of.title;
  return (
    <To
      to={{ id: of.id }}
      class="title"
      title={shown === of.title && hasTitle ? undefined : of.title}
    >
      <bdi class={hasTitle ? "" : "id"}>{hasTitle ? shown : shortId(of.id)}</bdi>
    </To>
  );
}

export function Kind({ of }: { readonly of: string | null }) {
  return <span class="kind">{kindWord(of)}</span>;
}

export function Warnings({ of }: { readonly of: readonly string[] }) {
  return (
    <>
      {of.map((word) => (
        <span class="warned" key={word}>
          {word}
        </span>
      ))}
    </>
  );
}

/** Title, kind and warnings in a line. */
export function Line({ of }: { readonly of: Named }) {
  return (
    <span class="line">
      <Title of={of} /> <Kind of={of.kind} /> <Warnings of={of.warnings} />
    </span>
  );
}

/** Date of a thing. */
export function Day({ of }: { readonly of: Listed }) {
  const date = dateOfThing(of.id, attributesOf(of.shown?.attributes));
  return <span class="day">{date ?? "date not recorded"}</span>;
}

/** Return a bundle in words: `record by arxiv, 2025-12-05`, `statement by ai:… according to ed25519:…`. */
export function originWord(of: Origin): string {
  const kind = of.kind === "RECORD" ? "record" : of.kind === "STATEMENT" ? "statement" : "bundle";
  const by = of.by === null ? "" : ` by ${speakerWord(of)}`;
  return `${kind}${by}${of.at === null ? "" : `, ${timeWord(of.at)}`}`;
}

/** Link from a line to the bundle that states it. */
export function OriginLink({ of, text }: { readonly of: Origin; readonly text?: string }) {
  const short = of.kind === "STATEMENT" ? "statement" : of.kind === "RECORD" ? "record" : "bundle";
  return (
    <To
      to={{ id: of.bundle }}
      class="from"
      title={of.words}
      aria-label={`Where this comes from: ${of.words}`}
    >
      {text ?? short}
    </To>
  );
}

export function OriginLinks({ of }: { readonly of: readonly Origin[] }) {
  return (
    <span class="froms">
      {of.map((origin) => (
        <OriginLink key={origin.bundle} of={origin} />
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

/** Path from one thing to another: each relation in words, with its origin. */
export function Path({ steps }: { readonly steps: readonly PathStep[] }) {
  return (
    <ol class="path">
      {steps.map((step) => (
        <li key={`${step.source.id} ${step.name} ${step.target.id}`}>
          <Title of={step.source} /> <em>{relationWord(step.name, step.subtype)}</em>{" "}
          <Title of={step.target} /> <OriginLinks of={step.attributions} />
        </li>
      ))}
    </ol>
  );
}
