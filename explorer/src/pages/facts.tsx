/** Facts of a thing, each with its origin, and its contributors. */

import { useAnswer } from "../api";
import { Cite } from "../parts/cite";
import { Contributors } from "../parts/contributors";
import { Description } from "../parts/description";
import { Relations } from "../parts/relations";
import { When } from "../parts/states";
import { Day, originWord, Title, Warnings } from "../parts/thing";
import { type Contributed, Facts, type HeadAnswer, type Listed } from "../questions.gen";
import { attributesOf, authorWord, RELATION_NAMES, TO_CONTRIBUTORS } from "../words";

/** Thing with its descriptions, as its page loads it. */
export type ThingHead = NonNullable<HeadAnswer["node"]>;

const OUTGOING = RELATION_NAMES.filter((name) => !TO_CONTRIBUTORS.includes(name));
/** Kinds that are not expected to have contributors. */
const WITHOUT_CONTRIBUTORS = new Set([
  "person",
  "ai",
  "software",
  "organization",
  "mention",
  "concept",
  "venue",
]);

export function FactsView({ of }: { readonly of: ThingHead }) {
  const facts = useAnswer(Facts, { id: of.id, names: OUTGOING });
  const mayLackContributors = WITHOUT_CONTRIBUTORS.has(of.kind ?? "");
  return (
    <div class="facts">
      <div class="main">
        <section aria-labelledby="said">
          <h2 id="said">What is recorded</h2>
          <Description of={of.shown} kind={of.kind} />
        </section>
        <When of={facts} what="relations">
          {({ node }) =>
            node === null ? null : (
              <>
                {node.versions.length > 0 ? (
                  <section aria-labelledby="versions">
                    <h2 id="versions">Versions</h2>
                    <Versions of={node.versions} />
                  </section>
                ) : null}
                <Relations id={of.id} direction="OUT" names={OUTGOING} first={node.outgoing} />
                <Relations id={of.id} direction="IN" names={RELATION_NAMES} first={node.incoming} />
              </>
            )
          }
        </When>
        <AlsoStated of={of} />
      </div>
      <div class="beside">
        <When of={facts} what="contributors">
          {({ node }) => (
            <>
              {node === null ||
              (mayLackContributors && node.contributions.totalCount === 0) ? null : (
                <Contributors id={of.id} first={node.contributions} />
              )}
              <Cite
                of={{
                  id: of.id,
                  title: of.title,
                  kind: of.kind,
                  attributes: attributesOf(of.shown?.attributes),
                  author: of.shown?.author ?? null,
                  at: of.shown?.at ?? null,
                  ...peopleIn(node?.contributions ?? null),
                }}
              />
            </>
          )}
        </When>
      </div>
    </div>
  );
}

/** Return the contributors' names, each once, and their number, those not loaded included. */
function peopleIn(of: Contributed | null) {
  const agents = new Map(of?.edges.map(({ node }) => [node.agent.id, node.agent.title]) ?? []);
  const people = [...agents.values()];
  const unloaded = (of?.totalCount ?? 0) - (of?.edges.length ?? 0);
  return { people, peopleInAll: people.length + unloaded };
}

function Versions({ of }: { readonly of: readonly Listed[] }) {
  return (
    <ul class="versions">
      {of.map((version) => (
        <li key={version.id}>
          <Title of={version} /> <Day of={version} /> <Warnings of={version.warnings} />
        </li>
      ))}
    </ul>
  );
}

function AlsoStated({ of }: { readonly of: ThingHead }) {
  if (of.alsoStated.length === 0) return null;
  return (
    <section aria-labelledby="also">
      <h2 id="also">Also stated by others</h2>
      {of.alsoStated.map((description) => (
        <details key={description.attribution.bundle}>
          <summary>
            <bdi>{authorWord(description.author)}</bdi>{" "}
            <span class="aside">({originWord(description.attribution)})</span>
          </summary>
          <Description of={description} kind={null} />
        </details>
      ))}
    </section>
  );
}
