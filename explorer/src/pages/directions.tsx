/** Unexplored directions: pairs of concepts near each other that no work joins. */

import { useAnswer } from "../api";
import { Empty, When } from "../parts/states";
import { Day, Title } from "../parts/thing";
import { PageTitle } from "../parts/title";
import { type Listed, Unexplored } from "../questions.gen";
import { number, shortId } from "../words";

export function Directions() {
  const answer = useAnswer(Unexplored, { first: 10 });
  return (
    <section class="suggestions" aria-label="Unexplored directions">
      <PageTitle window="Unexplored directions" class="small">
        Unexplored directions
      </PageTitle>
      <p>
        Pairs of concepts that are near each other in this graph and that no work here joins, with
        the works on each side and those that come closest to bridging them.
      </p>
      <When of={answer} what="directions">
        {({ directions }) => (
          <>
            {directions.items.length === 0 ? (
              <Empty>{directions.whyEmpty ?? "There are none."}</Empty>
            ) : null}
            <ol>
              {directions.items.map((direction) => (
                <li key={direction.concepts.map((concept) => concept.id).join(" ")}>
                  <h2>
                    {direction.concepts.map((concept, k) => (
                      <span key={concept.id}>
                        {k > 0 ? <span class="times"> × </span> : null}
                        <Title of={concept} />
                      </span>
                    ))}
                  </h2>
                  <p>{direction.reason}</p>
                  <div class="sides">
                    <Side
                      word={`On the side of ${direction.concepts[0]?.title ?? "one"}`}
                      of={direction.left}
                    />
                    <Side word="Closest to bridging them" of={direction.bridging} />
                    <Side
                      word={`On the side of ${direction.concepts[1]?.title ?? "the other"}`}
                      of={direction.right}
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
        {of.slice(0, 4).map((work) => (
          <li key={work.id}>
            <Title of={work} /> <Day of={work} />
          </li>
        ))}
      </ul>
      {of.length > 4 ? <p class="aside">+{of.length - 4} more</p> : null}
    </section>
  );
}
