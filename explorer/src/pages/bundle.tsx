/** Page of a bundle: its contents, its attribution, and the proof that it is in the log, verified here. */

import { BehindRows, Hash, Row } from "../parts/attribution";
import { BundleContents } from "../parts/bundle_body";
import { Download } from "../parts/cite";
import { Copy } from "../parts/copy";
import { LazyPart } from "../parts/lazy";
import { PageTitle } from "../parts/title";
import type { OneBundleAnswer } from "../questions.gen";
import { To } from "../router";
import { NOT_RECORDED, number, shortId, speakerWord, timeWord } from "../words";

type Bundle = NonNullable<OneBundleAnswer["bundle"]>;

const KINDS: Readonly<Record<Bundle["kind"], string>> = {
  RECORD: "record",
  STATEMENT: "statement",
  NOT_UNDERSTOOD: "bundle of a version not understood yet",
};

export function BundlePage({ of }: { readonly of: Bundle }) {
  const kind = KINDS[of.kind];
  return (
    <article class="thing bundle">
      <header>
        <p class="above">
          <span class="kind">{kind}</span> <span class="day">{timeWord(of.at)}</span>
        </p>
        <PageTitle window={`${kind} ${shortId(of.id)}`} class="small">
          A {kind} by <bdi>{speakerWord(of.attribution)}</bdi>
        </PageTitle>
        <p class="below">
          <code class="id">{of.id}</code> <Copy text={of.id} what="the id" />
        </p>
        {of.lives ? null : (
          <div class="warnings" role="note">
            <strong>Caution:</strong> what this {kind} says is not in the graph now
            {of.kind === "RECORD"
              ? " (another record replaced it, or no ingest run of an author trusted here vouches for it)."
              : of.counts
                ? " (it was retracted, superseded or erased)."
                : " (its key had no authority to say it, its grant is not here, or it is dated ahead)."}
          </div>
        )}
      </header>
      <div class="facts">
        <div class="main">
          <LazyPart
            what="the verification"
            load={async () => (await import("../parts/verified")).Verification}
            of={of}
          />
          {of.saysNothing === null ? <BundleContents of={of} /> : null}
          <section aria-labelledby="header">
            <h2 id="header">Header</h2>
            <pre tabIndex={0}>{indent(of.header)}</pre>
          </section>
          <section aria-labelledby="body">
            <h2 id="body">Body</h2>
            {of.saysNothing === null ? null : (
              <p class="unknown">It says nothing: {of.saysNothing}.</p>
            )}
            {of.body === null ? null : <Body of={of.body} />}
          </section>
        </div>
        <div class="beside">
          <AttributionSection of={of} />
          <section>
            <h2>Download</h2>
            <p class="actions">
              <Download id={of.id} />
            </p>
          </section>
        </div>
      </div>
    </article>
  );
}

function AttributionSection({ of }: { readonly of: Bundle }) {
  return (
    <section aria-labelledby="who">
      <h2 id="who">Attribution</h2>
      <dl class="described small">
        <BehindRows of={of.attribution} />
        <Fact word="time">{timeWord(of.at)}</Fact>
        {of.source ? (
          <>
            <Fact word="served as">{of.source.uri}</Fact>
            <Fact word="mapping">{of.source.mapping}</Fact>
            <Fact word="licence">{of.source.licence ?? NOT_RECORDED}</Fact>
          </>
        ) : null}
        <Fact word="position in the log">{number(of.position)}</Fact>
        <Fact word="in the graph now">{of.lives ? "yes" : "no"}</Fact>
        <Bundles word="answered by" of={of.answeredBy} />
      </dl>
      <p class="aside">
        <To to={{ view: "keys" }}>All keys of this log</To>
      </p>
    </section>
  );
}

function Fact({ word, children }: { readonly word: string; readonly children: string }) {
  return (
    <Row word={word}>
      <code title={children}>{shortId(children)}</code>
    </Row>
  );
}

function Bundles({ word, of }: { readonly word: string; readonly of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <Row word={word}>
      {of.slice(0, 10).map((id) => (
        <div key={id}>
          <Hash of={id} />
        </div>
      ))}
      {of.length > 10 ? `+${number(of.length - 10)} more` : null}
    </Row>
  );
}

const MAX_CHARACTERS = 20_000;

function Body({ of }: { readonly of: string }) {
  const text = indent(of);
  if (text.length <= MAX_CHARACTERS) return <pre tabIndex={0}>{text}</pre>;
  return (
    <>
      <pre tabIndex={0}>{text.slice(0, MAX_CHARACTERS)}</pre>
      <p class="aside">
        The first {number(MAX_CHARACTERS)} of {number(text.length)} characters; the download has
        all.
      </p>
    </>
  );
}

function indent(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
