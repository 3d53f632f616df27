/** The relations of a thing in one direction, those of a name together. */

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
import { Froms, Line } from "./thing";

type One = Related["edges"][number]["node"];
const PAGE = 100;
const FIRST = 8;

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
  const all = [first, ...more].flatMap((one) => one.edges.map((edge) => edge.node));
  if (all.length === 0) return null;
  const next = async () => {
    setProblem(null);
    try {
      const after = last.pageInfo.endCursor;
      const { node } = await ask(RelationsQuestion, { id, direction, names, first: PAGE, after });
      if (node) setMore((before) => [...before, node.relations]);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(String(error), ""));
    }
  };
  const groups = Map.groupBy(all, (one) =>
    direction === "OUT" ? relationWord(one.name, one.subtype) : relationBack(one.name),
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
  readonly of: readonly One[];
  readonly direction: "OUT" | "IN";
  /** There are more than were loaded so far. */
  readonly unfinished: boolean;
}

function Group({ word, of, direction, unfinished }: GroupProps) {
  const [all, setAll] = useState(false);
  const sorted = [...of].sort((a, b) => place(a) - place(b));
  const shown = all || of.length <= FIRST + 2 ? sorted : sorted.slice(0, FIRST);
  return (
    <section>
      <h3>
        {word} <span>{unfinished ? `the first ${number(of.length)}` : number(of.length)}</span>
      </h3>
      <ul>
        {shown.map((one) => {
          const other = direction === "OUT" ? one.target : one.source;
          return (
            <li key={`${other.id} ${JSON.stringify(one.qualifiers)}`}>
              <Line of={named(other, one)} />
              <Qualifiers of={one} beside={other.title} />
              <Froms of={one.attributions} />
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

/** Where the source numbers what it lists, its order is kept. */
function place(one: One): number {
  const { number: n, position } = attributesOf(one.qualifiers);
  return typeof n === "number" ? n : typeof position === "number" ? position : 0;
}

/** A thing that nobody titled goes by the name that the relation gives it: a file by its path. */
function named(thing: Named, by: One): Named {
  const { name } = attributesOf(by.qualifiers);
  return thing.title === thing.id && typeof name === "string" ? { ...thing, title: name } : thing;
}

/** Said elsewhere: the subtype is the relation's word. */
const ELSEWHERE = new Set(["subtype"]);
const SPEAKS_FOR_ITSELF = new Set(["text", "number"]);
/** What is read first, and what is only looked up: the rest stands between. */
const FOREMOST = ["number", "text"];
const HINDMOST = ["evidence"];

/** `beside`: the title of the thing at the other end, which a text need not say again. */
function Qualifiers({ of, beside }: { readonly of: One; readonly beside: string }) {
  const told = Object.entries(attributesOf(of.qualifiers))
    .filter(([key, value]) => !ELSEWHERE.has(key) && !(key === "text" && value === beside))
    .sort(([a], [b]) => turn(a) - turn(b));
  if (told.length === 0) return null;
  return (
    <span class="qualifiers">
      {told.map(([key, value]) => (
        <span key={key}>
          {SPEAKS_FOR_ITSELF.has(key) ? "" : `${attributeWord(key)}: `}
          {key === "number" ? `[${value}]` : <Qualifier of={value} />}
        </span>
      ))}
    </span>
  );
}

function turn(key: string): number {
  const first = FOREMOST.indexOf(key);
  return first >= 0 ? first - FOREMOST.length : HINDMOST.includes(key) ? 1 : 0;
}

function Qualifier({ of }: { readonly of: Json }): ComponentChildren {
  if (Array.isArray(of))
    return of.map((one, k) => [k > 0 ? ", " : "", <Qualifier key={String(one)} of={one} />]);
  if (typeof of === "string" && isIdentifier(of)) return <Reference id={of} />;
  if (typeof of === "boolean") return of ? "yes" : "no";
  return <bdi>{typeof of === "string" ? of : JSON.stringify(of)}</bdi>;
}
