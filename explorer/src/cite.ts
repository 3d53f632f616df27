/** How to cite a page, and its bytes for download. Pure. */

import { pathOf } from "./address";
import { type Attributes, authorWord, dateOf, timeWord } from "./words";

export interface Cited {
  readonly id: string;
  readonly title: string;
  readonly kind: string | null;
  readonly attributes: Attributes;
  /** Who described it, and when. */
  readonly author: string | null;
  readonly at: string | null;
  readonly people: readonly string[];
  readonly peopleInAll: number;
}

const NAMED = 3;

/** One sentence that a reader can follow back to this record. */
export function citation(thing: Cited, origin: string): string {
  const date = dateOf(thing.attributes);
  const who = people(thing.people, thing.peopleInAll);
  const said =
    thing.author === null
      ? "Nobody has described it yet"
      : `As described by ${authorWord(thing.author)}${thing.at ? `, ${timeWord(thing.at)}` : ""}`;
  return [
    who,
    thing.title === thing.id ? "" : `${thing.title}${/[.?!]$/.test(thing.title) ? "" : "."}`,
    date ? `${date}.` : "",
    `${thing.id}.`,
    `${said}.`,
    origin + pathOf(thing.id),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function people(names: readonly string[], inAll: number): string {
  if (names.length === 0) return "";
  const more = inAll > Math.min(names.length, NAMED) ? " et al." : "";
  return `${names.slice(0, NAMED).join(", ")}${more || "."}`;
}
