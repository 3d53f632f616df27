/** What every page shares: the head with the search box, the page that the address names, the foot. */

import type { Place } from "./address";
import { Directions } from "./pages/directions";
import { OneId } from "./pages/entity";
import { Home } from "./pages/home";
import { KeysPage } from "./pages/keys";
import { RelatedToText } from "./pages/related";
import { SaidLately } from "./pages/statements";
import { Legend } from "./parts/agent_nature";
import { Search } from "./parts/search";
import { ThemeSwitch } from "./parts/theme";
import { To, useGoing } from "./router";

export function App() {
  const { place } = useGoing();
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
          Every line leads to the bundle that says it. What nobody recorded is written “not
          recorded”.
        </p>
      </footer>
    </>
  );
}

function Page({ place }: { readonly place: Place }) {
  if (place.id !== null) return <OneId id={place.id} key={place.id} />;
  if (place.view === "directions") return <Directions />;
  if (place.view === "keys") return <KeysPage />;
  if (place.view === "said") return <SaidLately />;
  if (place.view === "related") return <RelatedToText text={place.text} />;
  return <Home />;
}
