/** Page of the keys: the log's authors, the keys that may speak for them, and whom this store trusts. */

import { MAX_COUNT, PAGE } from "../address";
import { useAnswer } from "../api";
import { Hash, Key, scopeWord } from "../parts/attribution";
import { Empty, When } from "../parts/states";
import { PageTitle } from "../parts/title";
import { Keys, type KeysAnswer, type Speaks } from "../questions.gen";
import { useRouter } from "../router";
import { count, NOT_RECORDED, number, shortId, timeWord } from "../words";

type Author = KeysAnswer["speakers"]["authors"]["edges"][number]["node"];
type Pending = KeysAnswer["speakers"]["pending"];

const STATES: Readonly<Record<Speaks["state"], string>> = {
  LIVING: "living",
  ENDED: "ended",
  NOT_COUNTING: "not counting",
};

export function KeysPage() {
  const { place, go } = useRouter();
  const answer = useAnswer(Keys, { first: place.count });
  const next = Math.min(MAX_COUNT, place.count + 2 * PAGE);
  return (
    <>
      <PageTitle window="Keys" class="small">
        Keys of this log
      </PageTitle>
      <p>
        Every statement is signed by a key. An author is a key that speaks for itself; it can grant
        other keys the right to speak for it, and end such a grant. A record of a source is in the
        graph because an ingest run of an author whom this store trusts vouches for it.
      </p>
      <When of={answer} what="the keys">
        {({ speakers: { asOf, authors, pending } }) => (
          <>
            {authors.totalCount === 0 ? <Empty>There are no statements here yet.</Empty> : null}
            {authors.edges.map(({ node }) => (
              <AuthorKeys of={node} key={node.key} />
            ))}
            {authors.totalCount > authors.edges.length && next > place.count ? (
              <button
                type="button"
                onClick={() => go({ ...place, count: next }, { replace: true })}
              >
                Show more of {number(authors.totalCount)}
              </button>
            ) : null}
            <PendingStatements of={pending} />
            <p class="aside">
              As of log size {number(asOf.size)}, root{" "}
              <code title={asOf.root}>{shortId(asOf.root)}</code>
            </p>
          </>
        )}
      </When>
    </>
  );
}

function AuthorKeys({ of }: { readonly of: Author }) {
  return (
    <section class="author">
      <h2>
        <Key of={of.key} /> <span>{of.isTrusted ? "trusted here" : "not trusted here"}</span>
      </h2>
      <div class="wide-table">
        <table>
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Authority</th>
              <th scope="col">State</th>
              <th scope="col">Speaks as</th>
              <th scope="col">Statements</th>
            </tr>
          </thead>
          <tbody>
            {[of.own, ...of.granted].map((speaker) => (
              <Speaker of={speaker} key={speaker.grant ?? speaker.key} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Speaker({ of }: { readonly of: Speaks }) {
  return (
    <tr>
      <th scope="row">
        {"↳ ".repeat(of.depth)}
        <Key of={of.key} />
      </th>
      <td>
        {of.grant === null || of.scope === null ? (
          "for itself"
        ) : (
          <>
            <Hash of={of.grant} /> {scopeWord({ scope: of.scope })}, by <Key of={of.grantedBy} />,{" "}
            {timeWord(of.grantedAt)}
          </>
        )}
      </td>
      <td>
        {STATES[of.state]}
        {of.endedBy ? (
          <>
            {" "}
            by <Hash of={of.endedBy} />
          </>
        ) : null}
      </td>
      <td>
        {of.names.length === 0 ? <span class="unknown">{NOT_RECORDED}</span> : null}
        {of.names.slice(0, 5).map((name) => (
          <div key={name}>
            <Hash of={name} />
          </div>
        ))}
        {of.names.length > 5 ? `and ${number(of.names.length - 5)} more` : null}
      </td>
      <td>
        {number(of.statements)}
        {of.counting < of.statements ? `, of which ${number(of.counting)} count` : ""}
        {of.last === null ? "" : `, the last ${timeWord(of.last)}`}
      </td>
    </tr>
  );
}

function PendingStatements({ of }: { readonly of: Pending }) {
  if (of.length === 0) return null;
  return (
    <section>
      <h2>Waiting for a grant</h2>
      <p>These statements name a grant that is not here, or that was made to another key.</p>
      <ul class="versions">
        {of.map(({ under, key, statements }) => (
          <li key={`${under} ${key}`}>
            {count(statements, "statement", "statements")} by <Key of={key} /> under{" "}
            <Hash of={under} />
          </li>
        ))}
      </ul>
    </section>
  );
}
