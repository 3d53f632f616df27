/** Who is behind what is said: the runs that vouch for a record, the key and grants of a statement. */

import type { ComponentChildren } from "preact";
import type { Behind } from "../questions.gen";
import { To } from "../router";
import { NOT_RECORDED, number, shortId, timeWord } from "../words";

type Run = Behind["vouchedBy"][number];
type Granted = Behind["grants"][number];
const FEW = 3;

/** A long id in short, as a link to its page. */
export function Hash({ of }: { readonly of: string }) {
  return (
    <To to={{ id: of }} title={of}>
      <code>{shortId(of)}</code>
    </To>
  );
}

/** A key in short; the whole of it on hovering, and for who copies it. */
export function Key({ of }: { readonly of: string | null }) {
  if (of === null) return <span class="unknown">{NOT_RECORDED}</span>;
  return <code title={of}>{shortId(of)}</code>;
}

/** In a line: through which runs, or of which author through which key and grants. */
export function Through({ of }: { readonly of: Behind }) {
  return of.kind === "RECORD" ? <Runs of={of.vouchedBy} /> : <Authority of={of} />;
}

function Runs({ of }: { readonly of: readonly Run[] }) {
  if (of.length === 0) return <>no living run vouches for it</>;
  return (
    <>
      through{" "}
      {of.slice(0, FEW).map((one, k) => (
        <span key={one.run}>
          {k === 0 ? "the run " : ", the run "}
          <OneRun of={one} />
        </span>
      ))}
      {of.length > FEW ? ` and ${number(of.length - FEW)} more` : ""}
    </>
  );
}

/** A run, whose it is and when; whether this store trusts its author. */
export function OneRun({ of }: { readonly of: Run }) {
  return (
    <>
      <Hash of={of.run} /> of <Key of={of.author} /> (
      {of.isTrusted ? "trusted here" : "not trusted here"}), {timeWord(of.at)}
    </>
  );
}

function Authority({ of }: { readonly of: Behind }) {
  if (of.kind === "NOT_UNDERSTOOD") return <>of a version not understood yet</>;
  if (of.pending !== null) {
    return (
      <>
        through the key <Key of={of.key} />; author {NOT_RECORDED}: {shortId(of.pending)}
      </>
    );
  }
  if (of.grants.length === 0) {
    return (
      <>
        with the key <Key of={of.key} /> of its own
      </>
    );
  }
  return (
    <>
      of the author <Key of={of.author} /> through the key <Key of={of.key} /> under{" "}
      {of.grants.map((one, k) => (
        <span key={one.id}>
          {k === 0 ? "the grant " : ", itself under the grant "}
          <Hash of={one.id} /> ({scopeWord(one)})
        </span>
      ))}
    </>
  );
}

export function scopeWord(of: Pick<Granted, "scope">): string {
  return of.scope === "SAY" ? "to speak" : "to speak and retract";
}

/** Rows of a list: everything that is known of who is behind a bundle. */
export function BehindRows({ of }: { readonly of: Behind }) {
  return (
    <>
      <Row word="by">{of.by === null ? <Unknown /> : <Hash of={of.by} />}</Row>
      <Row word="author">
        {of.author === null && of.pending !== null ? (
          <span class="unknown">
            {NOT_RECORDED}: {shortId(of.pending)}
          </span>
        ) : (
          <Key of={of.author} />
        )}
      </Row>
      {of.kind === "STATEMENT" ? (
        <>
          <Row word="key">
            <Key of={of.key} />
            {of.grants.length === 0 && of.pending === null ? " (the author’s own)" : ""}
          </Row>
          {of.grants.map((one) => (
            <Row word="under the grant" key={one.id}>
              <Hash of={one.id} />: <Key of={one.grantedBy} /> allows <Key of={one.key} />{" "}
              {scopeWord(one)}
            </Row>
          ))}
        </>
      ) : null}
      {of.kind === "RECORD" ? <Vouched of={of.vouchedBy} /> : null}
    </>
  );
}

const MANY = 10;

function Vouched({ of }: { readonly of: readonly Run[] }) {
  return (
    <Row word="vouched for by">
      {of.length === 0 ? "no living run" : null}
      {of.slice(0, MANY).map((one) => (
        <div key={one.run}>
          the run <OneRun of={one} />
        </div>
      ))}
      {of.length > MANY ? `and ${number(of.length - MANY)} more` : null}
    </Row>
  );
}

export function Row({
  word,
  children,
}: {
  readonly word: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Unknown() {
  return <span class="unknown">{NOT_RECORDED}</span>;
}
