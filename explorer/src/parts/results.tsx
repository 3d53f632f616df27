/** List of things, each with its title, kind, date and contributors. */

import type { Found } from "../questions.gen";
import { natureWord } from "../words";
import { Shape } from "./agent_nature";
import { Day, Kind, Title, Warnings } from "./thing";

type Result = Found["edges"][number]["node"];

export function Results({ of }: { readonly of: readonly Result[] }) {
  return (
    <ul class="results">
      {of.map((thing) => (
        <li key={thing.id}>
          <div class="first">
            <Title of={thing} />
          </div>
          <div class="second">
            <Kind of={thing.kind} />
            <Day of={thing} />
            <FirstContributors of={thing} />
            <Warnings of={thing.warnings} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function FirstContributors({ of }: { readonly of: Result }) {
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
