/** Contributors and their contributions: people, AIs, software and organisations differ by shape and word. */

import { useState } from "preact/hooks";
import { ask, Problem } from "../api";
import { type Contributed, Contributors as ContributorsQuestion } from "../questions.gen";
import {
  type Attributes,
  attributesOf,
  NOT_RECORDED,
  natureWord,
  number,
  timeWord,
} from "../words";
import { Mark, Shape } from "./agent_nature";
import { Reference } from "./reference";
import { Failure } from "./states";
import { OriginLinks, Title, Warnings } from "./thing";

type Contribution = Contributed["edges"][number]["node"];
const PAGE_SIZE = 100;

export function Contributors({ id, first }: { readonly id: string; readonly first: Contributed }) {
  const [more, setMore] = useState<readonly Contributed[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const last = more.at(-1) ?? first;
  const all = [first, ...more].flatMap((page) => page.edges.map((edge) => edge.node));
  const next = async () => {
    setProblem(null);
    try {
      const after = last.pageInfo.endCursor;
      const { node } = await ask(ContributorsQuestion, { id, first: PAGE_SIZE, after });
      if (node) setMore((before) => [...before, node.contributions]);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(String(error), ""));
    }
  };
  const left = first.totalCount - all.length;
  return (
    <section class="contributors" aria-labelledby="who">
      <h2 id="who">
        Who contributed {first.totalCount > 0 ? <span>{number(first.totalCount)}</span> : null}
      </h2>
      {all.length === 0 ? <p class="unknown">{NOT_RECORDED}</p> : <Summary of={all} left={left} />}
      <ol>
        {all.map((contribution, k) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end, and an agent may stand in it twice
          <Contributor of={contribution} key={`${k} ${contribution.agent.id}`} />
        ))}
      </ol>
      {problem ? <Failure problem={problem} again={next} /> : null}
      {last.pageInfo.hasNextPage ? (
        <button type="button" onClick={next}>
          Show {number(Math.min(PAGE_SIZE, left))} more of {number(left)}
        </button>
      ) : null}
    </section>
  );
}

/** Number of contributors of each nature. */
function Summary({ of, left }: { readonly of: readonly Contribution[]; readonly left: number }) {
  const natures = ["PERSON", "AI", "SOFTWARE", "ORGANIZATION", null] as const;
  return (
    <p class="natures">
      {natures.map((nature) => {
        const same = of.filter((contribution) => contribution.nature === nature);
        const n = new Set(same.map((contribution) => contribution.agent.id)).size;
        return n === 0 ? null : (
          <span key={nature} class="nature">
            {number(n)} <Mark nature={nature} />
          </span>
        );
      })}
      {left > 0 ? <span class="aside">among the first {number(of.length)}</span> : null}
    </p>
  );
}

/** Return the facts that every contribution should have; `null` where one is not recorded. */
function factsOf(contribution: Contribution): readonly (readonly [string, string | null])[] {
  return [
    ["role", contribution.role?.replaceAll("-", " ") ?? null],
    ["degree", contribution.degree],
    ["autonomy", contribution.autonomy],
  ];
}

function Contributor({ of }: { readonly of: Contribution }) {
  const qualifiers = attributesOf(of.relation.qualifiers);
  const agent = attributesOf(of.agent.shown?.attributes);
  const facts = factsOf(of);
  const known = facts.filter(([, value]) => value !== null);
  const unknown = facts.filter(([, value]) => value === null).map(([key]) => key);
  if (of.verifiedBy === null) unknown.push("verified by");
  return (
    <li>
      <div class="first">
        <Shape nature={of.nature} /> <Title of={of.agent} />
        <span class="nature-word">
          {of.nature === null ? "person or AI: not recorded" : natureWord(of.nature)}
        </span>
        <Warnings of={of.agent.warnings} />
        <OriginLinks of={of.relation.attributions} />
      </div>
      <div class="second">
        {known.map(([key, value]) => (
          <span key={key}>
            {key}: <b>{value}</b>
          </span>
        ))}
        {of.activity ? <span>in {of.activity.replaceAll("-", " ")}</span> : null}
        {of.verifiedBy ? (
          <span>
            verified by <Title of={of.verifiedBy} />
          </span>
        ) : null}
        {of.initiative ? (
          <span>
            proposed by <Reference id={of.initiative} />
          </span>
        ) : null}
        <Extra of={qualifiers} agent={agent} />
        <span class="unknown">
          {unknown.join(", ")}
          {unknown.length > 0 ? `: ${NOT_RECORDED}` : ""}
        </span>
      </div>
    </li>
  );
}

/** Other facts of a contribution: its text, an affiliation, the model of an AI. */
function Extra({ of, agent }: { readonly of: Attributes; readonly agent: Attributes }) {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  const model = text(agent.model);
  const basis = text(agent.known);
  return (
    <>
      {model ? (
        <span>
          model: <b>{model}</b>
          {basis ? ` (${basis})` : ""}
        </span>
      ) : null}
      {text(of.improves) ? <span>improves: {text(of.improves)}</span> : null}
      {text(of.affiliation) ? <bdi>{text(of.affiliation)}</bdi> : null}
      {text(of.text) ? <bdi>{text(of.text)}</bdi> : null}
      {text(of.at) ? <span>{timeWord(text(of.at))}</span> : null}
    </>
  );
}
