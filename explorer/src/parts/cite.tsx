/** Citation of a page, and its facts as a file. */

import { pathOf } from "../address";
import { useAnswer } from "../api";
import { type CitedThing, citation } from "../cite";
import { Stats } from "../questions.gen";
import { number, shortId } from "../words";
import { Copy } from "./copy";

export function Cite({ of }: { readonly of: CitedThing }) {
  const stats = useAnswer(Stats, {});
  const text = citation(of, location.origin);
  return (
    <section class="cite" aria-labelledby="cite">
      <h2 id="cite">Cite and download</h2>
      <p dir="auto">{text}</p>
      {stats.state === "here" ? (
        <p class="aside">
          As of log size {number(stats.answer.stats.log.size)}, root{" "}
          <code title={stats.answer.stats.log.root}>{shortId(stats.answer.stats.log.root)}</code>
        </p>
      ) : null}
      <p class="actions">
        <Copy text={text} what="the citation" />
        <Download id={of.id} />
      </p>
    </section>
  );
}

/** Link to the facts as JSON-LD: the same address in another format. */
export function Download({ id }: { readonly id: string }) {
  return (
    <a href={`${pathOf(id)}?format=jsonld`} class="button" download={fileName(id)}>
      Download JSON-LD
    </a>
  );
}

function fileName(id: string): string {
  return `${id.replace(/[^A-Za-z0-9.-]+/g, "_").slice(0, 80)}.jsonld`;
}
