/** Contents of a bundle, as links: the things that it describes, new ones included. */

import { useEffect, useState } from "preact/hooks";
import { countRelations, type DescribedThing, thingsIn } from "../log/body";
import { browserDigest } from "../log/sha256";
import { kindWord, number } from "../words";
import { Title } from "./thing";

const MAX_THINGS = 12;

interface BundleContentsProps {
  readonly of: { readonly id: string; readonly body: string | null };
}

export function BundleContents({ of }: BundleContentsProps) {
  const [all, setAll] = useState(false);
  const [things, setThings] = useState<readonly DescribedThing[]>([]);
  useEffect(() => {
    let isMounted = true;
    thingsIn(of.id, of.body ?? "{}", browserDigest()).then(
      (described) => isMounted && setThings(described),
    );
    return () => {
      isMounted = false;
    };
  }, [of.id, of.body]);
  const relations = countRelations(of.body ?? "{}");
  if (things.length === 0 && relations === 0) return null;
  const shown = all ? things : things.slice(0, MAX_THINGS);
  return (
    <section aria-labelledby="says">
      <h2 id="says">What it says</h2>
      <p>
        It describes {number(things.length)} {things.length === 1 ? "thing" : "things"} and states{" "}
        {number(relations)} {relations === 1 ? "relation" : "relations"}.
      </p>
      <ul class="versions">
        {shown.map((thing) => (
          <li key={thing.id}>
            <Title of={thing} /> <span class="kind">{kindWord(thing.kind)}</span>
            {thing.isNew ? <span class="aside"> · created by this bundle</span> : null}
          </li>
        ))}
      </ul>
      {shown.length < things.length ? (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          +{number(things.length - shown.length)} more
        </button>
      ) : null}
    </section>
  );
}
