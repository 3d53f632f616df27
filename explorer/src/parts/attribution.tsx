/** Keys, grants and runs of an attribution, as links; the service says it in a line (`words`). */

import { type ComponentChildren, Fragment } from "preact";
import type { Behind } from "../questions.gen";
import { To } from "../router";
import { NOT_RECORDED, number, shortId, timeWord } from "../words";

type Run = Behind["vouchedBy"][number];
type Granted = Behind["grants"][number];

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

/** A run, whose it is and when; whether this store trusts its author. */
function OneRun({ of }: { readonly of: Run }) {
  return (
    <>
      <Hash of={of.run} /> of <Key of={of.author} /> (
      {of.isTrusted ? "trusted here" : "not trusted here"}), {timeWord(of.at)}
    </>
  );
}

const SCOPES: ReadonlyMap<string, string> = new Map([
  ["say", "to speak"],
  ["harvest", "to vouch for records"],
  ["act", "to speak, vouch and retract"],
]);

export function scopeWord(of: Pick<Granted, "scope">): string {
  return SCOPES.get(of.scope) ?? `for “${of.scope}”, which gives no right here`;
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
            <Fragment key={one.id}>
              <Row word="under the grant">
                <Hash of={one.id} /> ({scopeWord(one)})
              </Row>
              <Row word="granted by">
                <Key of={one.grantedBy} />
              </Row>
            </Fragment>
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
