/** Start page: a search box, the contents of this graph and links to start from; and the results of a search. */

import { MAX_COUNT, PAGE } from "../address";
import { useAnswer } from "../api";
import { Results } from "../parts/results";
import { Search } from "../parts/search";
import { Statements } from "../parts/statements";
import { Empty, When } from "../parts/states";
import { PageTitle } from "../parts/title";
import {
  Browse,
  type Found,
  Search as SearchQuestion,
  Starts as StartsQuestion,
  Stats,
} from "../questions.gen";
import { To, useRouter } from "../router";
import { kindWords, number, shortId } from "../words";

export function Home() {
  const { place } = useRouter();
  if (place.text === "" && place.kind === null) return <Welcome />;
  return place.text === "" ? <Listing kind={place.kind ?? ""} /> : <Hits />;
}

/** Kinds that readers look for, in this order; the others follow by their number. */
const FOREMOST = ["idea", "work", "run", "person", "ai", "concept"];
const HINDMOST = ["ingest", "mention", "version"];

function Welcome() {
  const stats = useAnswer(Stats, {});
  return (
    <>
      <section class="welcome">
        <PageTitle window="">
          Which ideas came from whom, human or AI, and can I check it?
        </PageTitle>
        <Search large />
      </section>
      <section aria-labelledby="inside">
        <h2 id="inside">In this graph</h2>
        <When of={stats} what="what is in this graph">
          {({ stats: { nodes, edges, bundles, log } }) => (
            <>
              <ul class="tiles">
                {order(nodes)
                  .filter(isForemost)
                  .map(({ name, count }) => (
                    <li key={name}>
                      <To to={{ kind: name }}>
                        <strong>{number(count)}</strong> {kindWords(name, count)}
                      </To>
                    </li>
                  ))}
              </ul>
              <p class="aside">
                {order(nodes)
                  .filter((kind) => !isForemost(kind))
                  .map(({ name, count }) => (
                    <span key={name}>
                      <To to={{ kind: name }}>
                        {number(count)} {kindWords(name, count)}
                      </To>
                      ,{" "}
                    </span>
                  ))}
                {number(edges.reduce((sum, relation) => sum + relation.count, 0))} relations, from{" "}
                {number(bundles)} bundles in the log, whose root is{" "}
                <code title={log.root}>{shortId(log.root)}</code>
              </p>
            </>
          )}
        </When>
      </section>
      <Starts />
    </>
  );
}

function isForemost({ name }: { readonly name: string }): boolean {
  return !HINDMOST.includes(name);
}

function order<T extends { readonly name: string; readonly count: number }>(of: readonly T[]): T[] {
  const rank = ({ name }: T) => {
    const first = FOREMOST.indexOf(name);
    return first >= 0 ? first : HINDMOST.includes(name) ? 99 : 50;
  };
  return of
    .filter(({ name, count }) => count > 0 && name !== "unknown")
    .sort((a, b) => rank(a) - rank(b) || b.count - a.count);
}

function Starts() {
  const starts = useAnswer(StartsQuestion, { first: 4 });
  return (
    <section aria-labelledby="starting">
      <h2 id="starting">Where to start</h2>
      <When of={starts} what="where to start">
        {({ ideas, runs, works, statements }) => (
          <div class="starts">
            <Start title="The newest ideas" kind="idea" of={ideas} />
            <Start title="The newest works" kind="work" of={works} />
            <Start title="The newest experiments" kind="run" of={runs} />
            {statements.edges.length > 0 ? (
              <section>
                <h3>Latest statements</h3>
                <Statements of={statements} />
                <p class="onward">
                  <To to={{ view: "said" }}>All statements</To>{" "}
                  <To to={{ view: "keys" }}>Keys and authors</To>
                </p>
              </section>
            ) : null}
            <section>
              <h3>What nobody has explored yet</h3>
              <p>
                <To to={{ view: "directions" }}>Unexplored directions</To>: pairs of concepts that
                are near each other and that no work here joins.
              </p>
            </section>
          </div>
        )}
      </When>
    </section>
  );
}

interface StartProps {
  readonly title: string;
  readonly kind: string;
  readonly of: Found;
}

/** Newest things of a kind, by when their shown description came into the log. */
function Start({ title, kind, of }: StartProps) {
  if (of.edges.length === 0 && !of.pageInfo.hasNextPage) return null;
  return (
    <section>
      <h3>{title}</h3>
      {of.edges.length === 0 ? <p class="aside">None among the latest bundles.</p> : null}
      <Results of={of.edges.map((edge) => edge.node)} />
      {of.pageInfo.hasNextPage ? <To to={{ kind }}>All {kindWords(kind, 2)}</To> : null}
    </section>
  );
}

function Hits() {
  const { place } = useRouter();
  const { text, kind, count } = place;
  const hits = useAnswer(SearchQuestion, { text, kind, first: count });
  return (
    <>
      <PageTitle window={`Results for “${text}”`} class="small">
        Results for <bdi>“{text}”</bdi>
      </PageTitle>
      <Kinds />
      <When of={hits} what="results">
        {({ search }) => (
          <>
            {search.edges.length === 0 ? (
              <Empty>
                <p>
                  Nothing here has all of these words in its title, name or text
                  {kind === null ? "." : `, among ${kindWords(kind, 2)}.`}
                </p>
                <p>
                  Try fewer words, <To to={{ text }}>all kinds</To>, or an identifier such as{" "}
                  <code>arxiv:2512.05356</code>.
                </p>
              </Empty>
            ) : null}
            <Results of={search.edges.map((edge) => edge.node)} />
            <More has={search.pageInfo.hasNextPage} />
            <p class="aside">
              <To to={{ view: "related", text }}>Find works related in meaning to this text</To>
            </p>
          </>
        )}
      </When>
    </>
  );
}

function Listing({ kind }: { readonly kind: string }) {
  const { place } = useRouter();
  const answer = useAnswer(Browse, { kind, first: place.count });
  return (
    <>
      <PageTitle window={`All ${kindWords(kind, 2)}`} class="small">
        All {kindWords(kind, 2)}
      </PageTitle>
      <Kinds />
      <When of={answer} what={kindWords(kind, 2)}>
        {({ nodes }) => (
          <>
            {nodes.edges.length === 0 ? <Empty>There are none in this graph.</Empty> : null}
            <Results of={nodes.edges.map((edge) => edge.node)} />
            <More has={nodes.pageInfo.hasNextPage} />
          </>
        )}
      </When>
    </>
  );
}

/** Links to limit the results to a kind. */
function Kinds() {
  const { place } = useRouter();
  const stats = useAnswer(Stats, {});
  const all = stats.state === "here" ? order(stats.answer.stats.nodes) : [];
  const shown = place.text === "" ? all : [{ name: "", count: 0 }, ...all];
  return (
    <nav class="kinds" aria-label="Kinds">
      {shown.map(({ name }) => (
        <To
          key={name}
          to={{ text: place.text, kind: name || null }}
          aria-current={(place.kind ?? "") === name ? "true" : undefined}
        >
          {name === "" ? "everything" : kindWords(name, 2)}
        </To>
      ))}
    </nav>
  );
}

function More({ has }: { readonly has: boolean }) {
  const { place, go } = useRouter();
  if (!has) return null;
  if (place.count >= MAX_COUNT) {
    return <p class="aside">The first {MAX_COUNT} are shown; add words to narrow them down.</p>;
  }
  const next = Math.min(MAX_COUNT, place.count + 2 * PAGE);
  return (
    <button type="button" onClick={() => go({ ...place, count: next }, { replace: true })}>
      Show more
    </button>
  );
}
