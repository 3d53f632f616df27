/** Page of an id: of a bundle where the id is one's, else of a thing. */

import { useAnswer } from "../api";
import { Empty, When } from "../parts/states";
import { PageTitle } from "../parts/title";
import { Head, OneBundle } from "../questions.gen";
import { To } from "../router";
import { BundlePage } from "./bundle";
import { ThingPage } from "./thing";

const HASH = /^sha256:[0-9a-f]{64}$/;

export function EntityPage({ id }: { readonly id: string }) {
  return HASH.test(id) ? <BundleOrFile id={id} /> : <Thing id={id} />;
}

/** Page of a hash, which may be that of a bundle or of a file. */
function BundleOrFile({ id }: { readonly id: string }) {
  const answer = useAnswer(OneBundle, { id });
  return (
    <When of={answer} what="the bundle">
      {({ bundle }) => (bundle ? <BundlePage of={bundle} /> : <Thing id={id} />)}
    </When>
  );
}

function Thing({ id }: { readonly id: string }) {
  const answer = useAnswer(Head, { id });
  return (
    <When of={answer} what="this thing">
      {({ node }) => (node ? <ThingPage of={node} /> : <Unknown id={id} />)}
    </When>
  );
}

function Unknown({ id }: { readonly id: string }) {
  return (
    <Empty>
      <PageTitle window="Not in this graph" class="small">
        Not in this graph
      </PageTitle>
      <p>
        Nobody has described <code>{id}</code> here, and nothing points at it. That says nothing
        about whether it exists.
      </p>
      <p>
        Search for words of its title in the search box, or <To to={{}}>go to the start page</To>.
      </p>
    </Empty>
  );
}
