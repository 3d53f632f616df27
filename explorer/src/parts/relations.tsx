/** Relations of a thing in one direction, grouped by name. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ask, Problem } from "../api";
import { isIdentifier } from "../identifier";
import {
  type Json,
  type Named,
  type Related,
  Relations as RelationsQuestion,
} from "../questions.gen";
import { attributesOf, attributeWord, number, relationBack, relationWord } from "../words";
import { Reference } from "./reference";
import { Failure } from "./states";
import { Line, OriginLinks } from "./thing";

type Relation = Related["edges"][number]["node"];
const PAGE_SIZE = 100;
const GROUP_SIZE = 8;

interface RelationsProps {
  readonly id: string;
  readonly direction: "OUT" | "IN";
  readonly names: readonly string[];
  readonly first: Related;
}

export function Relations({ id, direction, names, first }: RelationsProps) {
  const [more, setMore] = useState<readonly Related[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const last = more.at(-1) ?? first;
  const all = [first, ...more].flatMap((page) => page.edges.map((edge) => edge.node));
  if (all.length === 0) return null;
  const next = async () => {
    setProblem(null);
    try {
      const after = last.pageInfo.endCursor;
      const { node } = await ask(RelationsQuestion, {
        id,
        direction,
        names,
        first: PAGE_SIZE,
        after,
      });
      if (node) setMore((before) => [...before, node.relations]);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(String(error), ""));
    }
  };
  const groups = Map.groupBy(all, ({ name, subtype }) =>
    direction === "OUT" ? relationWord(name, subtype) : relationBack(name),
  );
  return (
    <section
      class="relations"
      aria-label={direction === "OUT" ? "What this points at" : "What points at this"}
    >
      {[...groups].map(([word, list], k) => {
        const unfinished = last.pageInfo.hasNextPage && k === groups.size - 1;
        return (
          <Group key={word} word={word} of={list} direction={direction} unfinished={unfinished} />
        );
      })}
      {problem ? <Failure problem={problem} again={next} /> : null}
      {last.pageInfo.hasNextPage ? (
        <button type="button" onClick={next}>
          Show more relations
          {first.allCounted
            ? ` (${number(first.counted - all.length)} left)`
            : `, of more than ${number(first.counted)}`}
        </button>
      ) : null}
    </section>
  );
}

interface GroupProps {
  readonly word: string;
  readonly of: readonly Relation[];
  readonly direction: "OUT" | "IN";
  /** More relations follow that are not loaded yet. */
  readonly unfinished: boolean;
}

function Group({ word, of, direction, unfinished }: GroupProps) {
  const [all, setAll] = useState(false);
  const sorted = [...of].sort((a, b) => numberOf(a) - numberOf(b));
  const shown = all || of.length <= GROUP_SIZE + 2 ? sorted : sorted.slice(0, GROUP_SIZE);
  return (
    <section>
      <h3>
        {word} <span>{unfinished ? `the first ${number(of.length)}` : number(of.length)}</span>
      </h3>
      <ul>
        {shown.map((relation) => {
          const other = direction === "OUT" ? relation.target : relation.source;
          return (
            <li key={`${other.id} ${JSON.stringify(relation.qualifiers)}`}>
              <Line of={withName(other, relation)} />
              <Qualifiers of={relation} beside={other.title} />
              <OriginLinks of={relation.attributions} />
            </li>
          );
        })}
      </ul>
      {shown.length < of.length ? (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          +{number(of.length - shown.length)} more
        </button>
      ) : null}
    </section>
  );
}

/** Return the number of a relation in its source's list, 0 where it has none. */
function numberOf(relation: Relation): number {
  const { number: n, position } = attributesOf(relation.qualifiers);
  return typeof n === "number" ? n : typeof position === "number" ? position : 0;
}

/** Give a thing without a title the name that the relation has for it: a file its path. */
function withName(thing: Named, relation: Relation): Named {
  const { name } = attributesOf(relation.qualifiers);
  return thing.title === thing.id && typeof name === "string" ? { ...thing, title: name } : thing;
}

/** Qualifiers shown elsewhere: the subtype is in the relation's name. */
const ELSEWHERE = new Set(["subtype"]);
const WITHOUT_LABEL = new Set(["text", "number"]);
/** Qualifiers that stand first and last; the rest stands between. */
const FOREMOST = ["number", "text"];
const HINDMOST = ["evidence"];

/** Qualifiers of a relation; a text that equals `beside`, the title of the other thing, is left out. */
function Qualifiers({ of, beside }: { readonly of: Relation; readonly beside: string }) {
  const qualifiers = Object.entries(attributesOf(of.qualifiers))
    .filter(([key, value]) => !ELSEWHERE.has(key) && !(key === "text" && value === beside))
    .sort(([a], [b]) => rank(a) - rank(b));
  if (qualifiers.length === 0) return null;
  return (
    <span class="qualifiers">
      {qualifiers.map(([key, value]) => (
        <span key={key}>
          {WITHOUT_LABEL.has(key) ? "" : `${attributeWord(key)}: `}
          {key === "number" ? `[${value}]` : <Qualifier of={value} />}
        </span>
      ))}
    </span>
  );
}

function rank(key: string): number {
  const first = FOREMOST.indexOf(key);
  return first >= 0 ? first - FOREMOST.length : HINDMOST.includes(key) ? 1 : 0;
}

function Qualifier({ of }: { readonly of: Json }): ComponentChildren {
  if (Array.isArray(of))
    return of.map((value, k) => [k > 0 ? ", " : "", <Qualifier key={String(value)} of={value} />]);
  if (typeof of === "string" && isIdentifier(of)) return <Reference id={of} />;
  if (typeof of === "boolean") return of ? "yes" : "no";
  return <bdi>{typeof of === "string" ? of : JSON.stringify(of)}</bdi>;
}
