/** How to cite a page, and its facts as a file. */

import { useState } from "preact/hooks";
import { pathOf } from "../address";
import { useAnswer } from "../ask";
import { type Cited, citation } from "../cite";
import { Stats } from "../questions.gen";
import { number, shortId } from "../words";
import { Copy } from "./copy";

export function Cite({ of }: { readonly of: Cited }) {
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

/** The facts as JSON-LD: the same address, asked for in another form. */
export function Download({ id }: { readonly id: string }) {
  const [said, setSaid] = useState("");
  const fetchIt = async (event: MouseEvent) => {
    event.preventDefault();
    setSaid("");
    try {
      const response = await fetch(pathOf(id), { headers: { accept: "application/ld+json" } });
      if (!response.ok) throw new Error(`status ${response.status}`);
      save(await response.blob(), `${id.replace(/[^A-Za-z0-9.-]+/g, "_")}.jsonld`);
    } catch (error) {
      setSaid(`It could not be fetched (${error instanceof Error ? error.message : error}).`);
    }
  };
  return (
    <>
      <a href={pathOf(id)} type="application/ld+json" class="button" onClick={fetchIt}>
        Download JSON-LD
      </a>
      <span role="status" class="said">
        {said}
      </span>
    </>
  );
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
