/** The page of a thing: what it is, what to be warned of, and the ways to look at it. */

import type { View } from "../address";
import { Mark } from "../parts/agent_nature";
import { Copy } from "../parts/copy";
import { Later } from "../parts/lazy";
import { From, Kind } from "../parts/thing";
import { PageTitle } from "../parts/title";
import { To, useGoing } from "../router";
import { attributesOf, dateOf, natureOf } from "../words";
import { AuditView } from "./audit";
import { FactsView, type Headed } from "./facts";
import { RelatedToThing } from "./related";

const AGENTS = new Set(["person", "ai", "software", "organization", "mention"]);

export function ThingPage({ of }: { readonly of: Headed }) {
  const { place } = useGoing();
  const attributes = attributesOf(of.shown?.attributes);
  return (
    <article class="thing">
      <header>
        <p class="above">
          <Kind of={of.kind} />
          {AGENTS.has(of.kind ?? "") ? <Mark nature={natureToldOf(of)} /> : null}
          <span class="day">{dateOf(attributes) ?? ""}</span>
        </p>
        <PageTitle window={of.title}>{of.title}</PageTitle>
        <p class="below">
          <code class="id">{of.id}</code> <Copy text={of.id} what="the id" />
          {of.shown ? (
            <From of={of.shown.attribution} long />
          ) : (
            <span>described by nobody yet</span>
          )}
        </p>
        <Warnings of={of.warnings} />
      </header>
      <Views of={of} now={place.view} />
      <Body of={of} view={place.view} />
    </article>
  );
}

/** What its own description says it is, else the newest of the others that says so. */
function natureToldOf(of: Headed) {
  const told = [of.shown, ...of.alsoStated].map((one) => attributesOf(one?.attributes));
  return told.map((one) => natureOf(of.kind, one)).find((one) => one !== null) ?? null;
}

function Warnings({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <div class="warnings" role="note">
      <strong>Take care:</strong> this is {of.join("; ")}.
    </div>
  );
}

const VIEWS: readonly (readonly [View, string])[] = [
  ["facts", "Facts"],
  ["lineage", "Lineage"],
  ["related", "Related work"],
  ["map", "Map"],
  ["audit", "Audit"],
];

function Views({ of, now }: { readonly of: Headed; readonly now: View }) {
  const fitting = VIEWS.filter(([view]) => view !== "audit" || of.kind === "run");
  return (
    <nav class="views" aria-label="Ways to look at this">
      {fitting.map(([view, word]) => (
        <To key={view} to={{ id: of.id, view }} aria-current={view === now ? "page" : undefined}>
          {word}
        </To>
      ))}
    </nav>
  );
}

function Body({ of, view }: { readonly of: Headed; readonly view: View }) {
  switch (view) {
    case "lineage":
      return (
        <Later
          what="the picture"
          load={async () => (await import("../lineage/view")).LineageView}
          of={of}
        />
      );
    case "map":
      return (
        <Later what="the map" load={async () => (await import("../map/view")).MapView} of={of} />
      );
    case "related":
      return <RelatedToThing id={of.id} />;
    case "audit":
      return <AuditView id={of.id} />;
    default:
      return <FactsView of={of} />;
  }
}
