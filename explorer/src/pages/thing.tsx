/** Page of a thing: its title, its warnings, and its views. */

import type { View } from "../address";
import { Mark } from "../parts/agent_nature";
import { Copy } from "../parts/copy";
import { LazyPart } from "../parts/lazy";
import { Kind, OriginLink, originWord } from "../parts/thing";
import { PageTitle } from "../parts/title";
import { To, useRouter } from "../router";
import { attributesOf, dateOf, natureOf } from "../words";
import { AuditView } from "./audit";
import { FactsView, type ThingHead } from "./facts";
import { RelatedToThing } from "./related";

const AGENTS = new Set(["person", "ai", "software", "organization", "mention"]);

export function ThingPage({ of }: { readonly of: ThingHead }) {
  const { place } = useRouter();
  const attributes = attributesOf(of.shown?.attributes);
  return (
    <article class="thing">
      <header>
        <p class="above">
          <Kind of={of.kind} />
          {AGENTS.has(of.kind ?? "") ? <Mark nature={statedNature(of)} /> : null}
          <span class="day">{dateOf(attributes) ?? ""}</span>
        </p>
        <PageTitle window={of.title}>{of.title}</PageTitle>
        <p class="below">
          <code class="id">{of.id}</code> <Copy text={of.id} what="the id" />
          {of.shown ? (
            <OriginLink of={of.shown.attribution} text={originWord(of.shown.attribution)} />
          ) : (
            <span>nobody has described it yet</span>
          )}
        </p>
        <WarningBox of={of.warnings} />
      </header>
      <Views of={of} now={place.view} />
      <Body of={of} view={place.view} />
    </article>
  );
}

/** Return the nature that the shown description states, else the newest other one that states it. */
function statedNature(of: ThingHead) {
  const natures = [of.shown, ...of.alsoStated].map((description) =>
    natureOf(of.kind, attributesOf(description?.attributes)),
  );
  return natures.find((nature) => nature !== null) ?? null;
}

function WarningBox({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <div class="warnings" role="note">
      <strong>Caution:</strong> this is {of.join("; ")}.
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

function Views({ of, now }: { readonly of: ThingHead; readonly now: View }) {
  const views = VIEWS.filter(([view]) => view !== "audit" || of.kind === "run");
  return (
    <nav class="views" aria-label="Views">
      {views.map(([view, word]) => (
        <To key={view} to={{ id: of.id, view }} aria-current={view === now ? "page" : undefined}>
          {word}
        </To>
      ))}
    </nav>
  );
}

function Body({ of, view }: { readonly of: ThingHead; readonly view: View }) {
  switch (view) {
    case "lineage":
      return (
        <LazyPart
          what="the picture"
          load={async () => (await import("../lineage/view")).LineageView}
          of={of}
        />
      );
    case "map":
      return (
        <LazyPart what="the map" load={async () => (await import("../map/view")).MapView} of={of} />
      );
    case "related":
      return <RelatedToThing id={of.id} />;
    case "audit":
      return <AuditView id={of.id} />;
    default:
      return <FactsView of={of} />;
  }
}
