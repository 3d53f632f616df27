/** Frame of every page: the header with the search box, the page at this address, the footer. */

import type { Place } from "./address";
import { Directions } from "./pages/directions";
import { EntityPage } from "./pages/entity";
import { Home } from "./pages/home";
import { KeysPage } from "./pages/keys";
import { RelatedToText } from "./pages/related";
import { LatestStatements } from "./pages/statements";
import { Legend } from "./parts/agent_nature";
import { Search } from "./parts/search";
import { ThemeSwitch } from "./parts/theme";
import { To, useRouter } from "./router";

export function App() {
  const { place } = useRouter();
  const welcome = place.id === null && place.view === "search" && !place.text && !place.kind;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="head">
        <To to={{}} class="brand">
          <img src="/assets/icon.svg" alt="" width="24" height="24" /> Colineage
        </To>
        {welcome ? <span class="grow" /> : <Search />}
        <nav aria-label="Main">
          <To to={{ view: "directions" }}>Directions</To>
          <a href="/graphql">GraphQL</a>
          <ThemeSwitch />
        </nav>
      </header>
      <main id="main">
        <Page place={place} />
      </main>
      <footer class="foot">
        <Legend />
        <p>
          Every line links to the bundle that states it. What nobody recorded is shown as “not
          recorded”.
        </p>
      </footer>
    </>
  );
}

function Page({ place }: { readonly place: Place }) {
  if (place.id !== null) return <EntityPage id={place.id} key={place.id} />;
  if (place.view === "directions") return <Directions />;
  if (place.view === "keys") return <KeysPage />;
  if (place.view === "said") return <LatestStatements />;
  if (place.view === "related") return <RelatedToText text={place.text} />;
  return <Home />;
}
