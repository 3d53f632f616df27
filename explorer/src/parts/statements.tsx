/** What was said lately: by whom, and the things that it is about. */

import type { Latest } from "../questions.gen";
import { count, number } from "../words";
import { Through } from "./attribution";
import { From, Kind, Title } from "./thing";

type One = Latest["edges"][number]["node"];

export function Statements({ of, long = false }: { readonly of: Latest; readonly long?: boolean }) {
  return (
    <ul class="results">
      {of.edges.map(({ node }) => (
        <li key={node.attribution.bundle}>
          <div class="first">
            <About of={node} />
          </div>
          <div class="second">
            <From of={node.attribution} long />
            {long ? (
              <span>
                <Through of={node.attribution} />
              </span>
            ) : null}
          </div>
        </li>
      ))}
    </ul>
  );
}

function About({ of }: { readonly of: One }) {
  const left = of.describedCount - of.describes.length;
  const relations = count(of.relationCount, "relation", "relations");
  if (of.describedCount === 0) {
    return <>{of.relationCount > 0 ? relations : "a grant, an end or an answer"}</>;
  }
  return (
    <>
      {of.describes.map((one, k) => (
        <span key={one.id}>
          {k > 0 ? ", " : ""}
          <Title of={one} brief /> <Kind of={one.kind} />
        </span>
      ))}
      {left > 0 ? <span class="aside"> and {number(left)} more</span> : null}
      {of.relationCount > 0 ? <span class="aside"> · {relations}</span> : null}
    </>
  );
}
