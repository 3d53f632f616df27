/** A list of things: what each is, its title, who and when. */

import type { Found } from "../questions.gen";
import { natureWord } from "../words";
import { Shape } from "./agent_nature";
import { Day, Kind, Title, Warned } from "./thing";

type One = Found["edges"][number]["node"];

export function Results({ of }: { readonly of: readonly One[] }) {
  return (
    <ul class="results">
      {of.map((one) => (
        <li key={one.id}>
          <div class="first">
            <Title of={one} />
          </div>
          <div class="second">
            <Kind of={one.kind} />
            <Day of={one} />
            <Who of={one} />
            <Warned by={one.warnings} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Who({ of }: { readonly of: One }) {
  const { edges, totalCount } = of.contributions;
  if (totalCount === 0) return <span class="who">contributors not recorded</span>;
  return (
    <span class="who">
      {edges.map(({ node }) => (
        <span key={node.agent.id} class="somebody">
          <Shape nature={node.nature} />
          <span class="unseen">{natureWord(node.nature)}: </span>
          <bdi>{node.agent.title}</bdi>
        </span>
      ))}
      {totalCount > edges.length ? (
        <span class="somebody">+{totalCount - edges.length} more</span>
      ) : null}
    </span>
  );
}
