/** Citation of a thing, as one sentence. Pure. */

import { pathOf } from "./address";
import { type Attributes, authorWord, dateOf, timeWord } from "./words";

export interface CitedThing {
  readonly id: string;
  readonly title: string;
  readonly kind: string | null;
  readonly attributes: Attributes;
  /** The author of the description shown, and its time. */
  readonly author: string | null;
  readonly at: string | null;
  readonly people: readonly string[];
  readonly peopleInAll: number;
}

const MAX_NAMES = 3;

/** Return a sentence that a reader can follow back to the description. */
export function citation(thing: CitedThing, origin: string): string {
  const date = dateOf(thing.attributes);
  const contributors = nameList(thing.people, thing.peopleInAll);
  const description =
    thing.author === null
      ? "Nobody has described it yet"
      : `As described by ${authorWord(thing.author)}${thing.at ? `, ${timeWord(thing.at)}` : ""}`;
  return [
    contributors,
    thing.title === thing.id ? "" : `${thing.title}${/[.?!]$/.test(thing.title) ? "" : "."}`,
    date ? `${date}.` : "",
    `${thing.id}.`,
    `${description}.`,
    origin + pathOf(thing.id),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function nameList(names: readonly string[], total: number): string {
  if (names.length === 0) return "";
  const more = total > Math.min(names.length, MAX_NAMES) ? " et al." : "";
  return `${names.slice(0, MAX_NAMES).join(", ")}${more || "."}`;
}
