/** Related work, each suggestion with its reasons and the path that explains it. */

import { useAnswer } from "../api";
import { Empty, When } from "../parts/states";
import { Day, Kind, Path, Title, Warned } from "../parts/thing";
import { PageTitle } from "../parts/title";
import { RelatedTo, type RelatedToAnswer } from "../questions.gen";
import { number, shortId } from "../words";

const MANY = 10;

export function RelatedToThing({ id }: { readonly id: string }) {
  const found = useAnswer(RelatedTo, { id, first: MANY });
  return (
    <When of={found} what="related work (the first time, this may take a few seconds)">
      {({ related }) => <Suggestions of={related} />}
    </When>
  );
}

export function RelatedToText({ text }: { readonly text: string }) {
  const found = useAnswer(RelatedTo, text === "" ? null : { text, first: MANY });
  return (
    <>
      <PageTitle window={`Related to “${text}”`} class="small">
        Related to <bdi>“{text}”</bdi>
      </PageTitle>
      {text === "" ? (
        <Empty>Write in the search box what it should be related to.</Empty>
      ) : (
        <When of={found} what="related work (the first time, this may take a few seconds)">
          {({ related }) => <Suggestions of={related} />}
        </When>
      )}
    </>
  );
}

function Suggestions({ of }: { readonly of: RelatedToAnswer["related"] }) {
  return (
    <section class="suggestions" aria-label="Suggestions">
      {of.items.length === 0 ? <Empty>{of.whyEmpty ?? "There is no suggestion."}</Empty> : null}
      <ol>
        {of.items.map((one) => (
          <li key={one.node.id}>
            <div class="first">
              <Title of={one.node} />
            </div>
            <div class="second">
              <Kind of={one.node.kind} /> <Day of={one.node} /> <Warned by={one.node.warnings} />
            </div>
            <ul class="reasons">
              {one.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
            {one.path.length > 0 ? (
              <details>
                <summary>
                  The path that explains it ({one.path.length}{" "}
                  {one.path.length === 1 ? "step" : "steps"})
                </summary>
                <Path steps={one.path} />
              </details>
            ) : null}
          </li>
        ))}
      </ol>
      <p class="aside">
        Suggested as of log size {number(of.asOf.size)} (root{" "}
        <code title={of.asOf.root}>{shortId(of.asOf.root)}</code>)
        {of.model === null ? (
          ", without an embedding model"
        ) : (
          <>
            , with the model <code>{shortId(of.model)}</code>
          </>
        )}
        . A suggestion is computed, nobody has stated it.
      </p>
    </section>
  );
}
