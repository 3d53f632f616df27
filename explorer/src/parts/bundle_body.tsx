/** What a bundle says, as links: the things it describes, those it brings into the world too. */

import { useEffect, useState } from "preact/hooks";
import { type Described, describedIn, relationsIn } from "../log/body";
import { browserDigest } from "../log/proof";
import { kindWord, number } from "../words";
import { Title } from "./thing";

const MANY = 12;

interface SaysProps {
  readonly of: { readonly id: string; readonly body: string | null };
}

export function Says({ of }: SaysProps) {
  const [all, setAll] = useState(false);
  const [things, setThings] = useState<readonly Described[]>([]);
  useEffect(() => {
    let here = true;
    describedIn(of.id, of.body ?? "{}", browserDigest()).then((found) => here && setThings(found));
    return () => {
      here = false;
    };
  }, [of.id, of.body]);
  const relations = relationsIn(of.body ?? "{}");
  if (things.length === 0 && relations === 0) return null;
  const shown = all ? things : things.slice(0, MANY);
  return (
    <section aria-labelledby="says">
      <h2 id="says">What it says</h2>
      <p>
        It describes {number(things.length)} {things.length === 1 ? "thing" : "things"} and states{" "}
        {number(relations)} {relations === 1 ? "relation" : "relations"}.
      </p>
      <ul class="versions">
        {shown.map((one) => (
          <li key={one.id}>
            <Title of={one} /> <span class="kind">{kindWord(one.kind)}</span>
            {one.isNew ? <span class="aside"> first said here</span> : null}
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
