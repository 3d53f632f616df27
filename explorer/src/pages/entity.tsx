/** The page of an id: of a bundle where it is one, else of a thing. */

import { useAnswer } from "../api";
import { Empty, When } from "../parts/states";
import { PageTitle } from "../parts/title";
import { Head, OneBundle } from "../questions.gen";
import { To } from "../router";
import { BundlePage } from "./bundle";
import { ThingPage } from "./thing";

const HASH = /^sha256:[0-9a-f]{64}$/;

export function OneId({ id }: { readonly id: string }) {
  return HASH.test(id) ? <BundleOrFile id={id} /> : <Thing id={id} />;
}

/** A hash may name a bundle or the bytes of a file. */
function BundleOrFile({ id }: { readonly id: string }) {
  const found = useAnswer(OneBundle, { id });
  return (
    <When of={found} what="the bundle">
      {({ bundle }) => (bundle ? <BundlePage of={bundle} /> : <Thing id={id} />)}
    </When>
  );
}

function Thing({ id }: { readonly id: string }) {
  const found = useAnswer(Head, { id });
  return (
    <When of={found} what="this thing">
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
        Look for it by its words in the search box, or <To to={{}}>start from the beginning</To>.
      </p>
    </Empty>
  );
}
