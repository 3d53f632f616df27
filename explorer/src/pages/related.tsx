/** Related work: suggestions, each with its reasons and the path that explains it. */

import { useAnswer } from "../api";
import { Empty, When } from "../parts/states";
import { Day, Kind, Path, Title, Warnings } from "../parts/thing";
import { PageTitle } from "../parts/title";
import { RelatedTo, type RelatedToAnswer } from "../questions.gen";
import { number, shortId } from "../words";

const MAX_SUGGESTIONS = 10;

export function RelatedToThing({ id }: { readonly id: string }) {
  const answer = useAnswer(RelatedTo, { id, first: MAX_SUGGESTIONS });
  return (
    <When of={answer} what="related work (the first time, this may take a few seconds)">
      {({ related }) => <Suggestions of={related} />}
    </When>
  );
}

export function RelatedToText({ text }: { readonly text: string }) {
  const answer = useAnswer(RelatedTo, text === "" ? null : { text, first: MAX_SUGGESTIONS });
  return (
    <>
      <PageTitle window={`Related to “${text}”`} class="small">
        Related to <bdi>“{text}”</bdi>
      </PageTitle>
      {text === "" ? (
        <Empty>Enter a text in the search box to find work related to it.</Empty>
      ) : (
        <When of={answer} what="related work (the first time, this may take a few seconds)">
          {({ related }) => <Suggestions of={related} />}
        </When>
      )}
    </>
  );
}

function Suggestions({ of }: { readonly of: RelatedToAnswer["related"] }) {
  return (
    <section class="suggestions" aria-label="Suggestions">
      {of.items.length === 0 ? <Empty>{of.whyEmpty ?? "There are no suggestions."}</Empty> : null}
      <ol>
        {of.items.map(({ node, reasons, path }) => (
          <li key={node.id}>
            <div class="first">
              <Title of={node} />
            </div>
            <div class="second">
              <Kind of={node.kind} /> <Day of={node} /> <Warnings of={node.warnings} />
            </div>
            <ul class="reasons">
              {reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
            {path.length > 0 ? (
              <details>
                <summary>
                  The path that explains it ({path.length} {path.length === 1 ? "step" : "steps"})
                </summary>
                <Path steps={path} />
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
        . Suggestions are computed; nobody has stated them.
      </p>
    </section>
  );
}
