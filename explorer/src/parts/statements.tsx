/** List of statements: the things that each describes, and its speaker. */

import type { Latest } from "../questions.gen";
import { count, number } from "../words";
import { Kind, OriginLink, originWord, Title } from "./thing";

type Statement = Latest["edges"][number]["node"];

export function Statements({ of, long = false }: { readonly of: Latest; readonly long?: boolean }) {
  return (
    <ul class="results">
      {of.edges.map(({ node }) => (
        <li key={node.attribution.bundle}>
          <div class="first">
            <Contents of={node} />
          </div>
          <div class="second">
            <OriginLink
              of={node.attribution}
              text={long ? node.attribution.words : originWord(node.attribution)}
            />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Contents({ of }: { readonly of: Statement }) {
  const left = of.describedCount - of.describes.length;
  const relations = count(of.relationCount, "relation", "relations");
  if (of.describedCount === 0) {
    return (
      <>{of.relationCount > 0 ? relations : "a grant, the end of one, or an answer to a bundle"}</>
    );
  }
  return (
    <>
      {of.describes.map((thing, k) => (
        <span key={thing.id}>
          {k > 0 ? ", " : ""}
          <Title of={thing} brief /> <Kind of={thing.kind} />
        </span>
      ))}
      {left > 0 ? <span class="aside"> and {number(left)} more</span> : null}
      {of.relationCount > 0 ? <span class="aside"> · {relations}</span> : null}
    </>
  );
}
