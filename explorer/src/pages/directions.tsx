/** Unexplored directions: concepts that are likely to be joined, and are not. */

import { useAnswer } from "../api";
import { Empty, When } from "../parts/states";
import { Day, Title } from "../parts/thing";
import { PageTitle } from "../parts/title";
import { type Listed, Unexplored } from "../questions.gen";
import { number, shortId } from "../words";

export function Directions() {
  const found = useAnswer(Unexplored, { first: 10 });
  return (
    <section class="suggestions" aria-label="Unexplored directions">
      <PageTitle window="Unexplored directions" class="small">
        Unexplored directions
      </PageTitle>
      <p>
        Pairs of concepts that are close to each other in this graph and that no work here has
        joined, with the works on each side and those that come nearest to a bridge.
      </p>
      <When of={found} what="directions">
        {({ directions }) => (
          <>
            {directions.items.length === 0 ? (
              <Empty>{directions.whyEmpty ?? "There is none."}</Empty>
            ) : null}
            <ol>
              {directions.items.map((one) => (
                <li key={one.concepts.map((concept) => concept.id).join(" ")}>
                  <h2>
                    {one.concepts.map((concept, k) => (
                      <span key={concept.id}>
                        {k > 0 ? <span class="times"> × </span> : null}
                        <Title of={concept} />
                      </span>
                    ))}
                  </h2>
                  <p>{one.reason}</p>
                  <div class="sides">
                    <Side
                      word={`On the side of ${one.concepts[0]?.title ?? "one"}`}
                      of={one.left}
                    />
                    <Side word="Nearest to a bridge" of={one.bridging} />
                    <Side
                      word={`On the side of ${one.concepts[1]?.title ?? "the other"}`}
                      of={one.right}
                    />
                  </div>
                </li>
              ))}
            </ol>
            <p class="aside">
              Computed as of log size {number(directions.asOf.size)} (root{" "}
              <code title={directions.asOf.root}>{shortId(directions.asOf.root)}</code>); nobody has
              stated them.
            </p>
          </>
        )}
      </When>
    </section>
  );
}

function Side({ word, of }: { readonly word: string; readonly of: readonly Listed[] }) {
  return (
    <section>
      <h3 dir="auto">{word}</h3>
      {of.length === 0 ? <p class="unknown">none found</p> : null}
      <ul>
        {of.slice(0, 4).map((one) => (
          <li key={one.id}>
            <Title of={one} /> <Day of={one} />
          </li>
        ))}
      </ul>
      {of.length > 4 ? <p class="aside">+{of.length - 4} more</p> : null}
    </section>
  );
}
