/** The first screen: a search box, what is in this graph, and where to start; then the results. */

import { MAX_COUNT, PAGE } from "../address";
import { useAnswer } from "../api";
import { Results } from "../parts/results";
import { Search } from "../parts/search";
import { Statements } from "../parts/statements";
import { Empty, When } from "../parts/states";
import { PageTitle } from "../parts/title";
import { Browse, type Found, Search as SearchQuestion, Starts, Stats } from "../questions.gen";
import { To, useGoing } from "../router";
import { kindWords, number, shortId } from "../words";

export function Home() {
  const { place } = useGoing();
  if (place.text === "" && place.kind === null) return <First />;
  return place.text === "" ? <Listing kind={place.kind ?? ""} /> : <Hits />;
}

/** Kinds that a reader looks for, in this order; the others follow by their number. */
const FOREMOST = ["idea", "work", "run", "person", "ai", "concept"];
const BEHIND = ["ingest", "mention", "version"];

function First() {
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
          {({ stats: found }) => (
            <>
              <ul class="tiles">
                {ordered(found.nodes)
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
                {ordered(found.nodes)
                  .filter((one) => !isForemost(one))
                  .map(({ name, count }) => (
                    <span key={name}>
                      <To to={{ kind: name }}>
                        {number(count)} {kindWords(name, count)}
                      </To>
                      ,{" "}
                    </span>
                  ))}
                {number(found.edges.reduce((sum, one) => sum + one.count, 0))} relations, from{" "}
                {number(found.bundles)} bundles in the log, whose root is{" "}
                <code title={found.log.root}>{shortId(found.log.root)}</code>
              </p>
            </>
          )}
        </When>
      </section>
      <Starting />
    </>
  );
}

function isForemost({ name }: { readonly name: string }): boolean {
  return !BEHIND.includes(name);
}

function ordered<T extends { readonly name: string; readonly count: number }>(
  of: readonly T[],
): T[] {
  const rank = (one: T) => {
    const first = FOREMOST.indexOf(one.name);
    return first >= 0 ? first : BEHIND.includes(one.name) ? 99 : 50;
  };
  return of
    .filter((one) => one.count > 0 && one.name !== "unknown")
    .sort((a, b) => rank(a) - rank(b) || b.count - a.count);
}

function Starting() {
  const starts = useAnswer(Starts, { first: 4 });
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
                <h3>Said lately</h3>
                <Statements of={statements} />
                <p class="onward">
                  <To to={{ view: "said" }}>All that was said</To>{" "}
                  <To to={{ view: "keys" }}>Whose keys signed it</To>
                </p>
              </section>
            ) : null}
            <section>
              <h3>What nobody has joined yet</h3>
              <p>
                <To to={{ view: "directions" }}>Unexplored directions</To>: pairs of concepts that
                are likely to meet and have not.
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

/** The newest of a kind: what came into the log last, of what is shown. */
function Start({ title, kind, of }: StartProps) {
  if (of.edges.length === 0 && !of.pageInfo.hasNextPage) return null;
  return (
    <section>
      <h3>{title}</h3>
      {of.edges.length === 0 ? <p class="aside">None came lately.</p> : null}
      <Results of={of.edges.map((one) => one.node)} />
      {of.pageInfo.hasNextPage ? <To to={{ kind }}>All {kindWords(kind, 2)}</To> : null}
    </section>
  );
}

function Hits() {
  const { place } = useGoing();
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
            <Results of={search.edges.map((one) => one.node)} />
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
  const { place } = useGoing();
  const found = useAnswer(Browse, { kind, first: place.count });
  return (
    <>
      <PageTitle window={`All ${kindWords(kind, 2)}`} class="small">
        All {kindWords(kind, 2)}
      </PageTitle>
      <Kinds />
      <When of={found} what={kindWords(kind, 2)}>
        {({ nodes }) => (
          <>
            {nodes.edges.length === 0 ? <Empty>There are none in this graph.</Empty> : null}
            <Results of={nodes.edges.map((one) => one.node)} />
            <More has={nodes.pageInfo.hasNextPage} />
          </>
        )}
      </When>
    </>
  );
}

/** The kinds that results can be limited to. */
function Kinds() {
  const { place } = useGoing();
  const stats = useAnswer(Stats, {});
  const all = stats.state === "here" ? ordered(stats.answer.stats.nodes) : [];
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
  const { place, go } = useGoing();
  if (!has) return null;
  if (place.count >= MAX_COUNT) {
    return <p class="aside">The first {MAX_COUNT} are shown; more words narrow them down.</p>;
  }
  const next = Math.min(MAX_COUNT, place.count + 2 * PAGE);
  return (
    <button type="button" onClick={() => go({ ...place, count: next }, { replace: true })}>
      Show more
    </button>
  );
}
