/** Description of a thing by one author: a line for each fact, with a link to its origin. */

import type { ComponentChildren } from "preact";
import { isIdentifier } from "../identifier";
import type { Json, Said } from "../questions.gen";
import {
  type Attributes,
  attributesOf,
  attributeWord,
  count,
  missingFacts,
  NOT_RECORDED,
  natureOf,
  timeWord,
} from "../words";
import { Mark } from "./agent_nature";
import { Reference } from "./reference";
import { OriginLink } from "./thing";

/** Attributes that the page shows elsewhere: as its title. */
const ELSEWHERE = new Set(["title"]);
const WIDE = ["abstract", "text", "summary", "message"];
const FOREMOST = [
  ...WIDE,
  ...["name", "status", "date", "announced", "submitted", "updated", "started", "ended"],
  ...["commit", "seed", "params", "metrics", "tags"],
];
const LONG = 2500;

interface DescriptionProps {
  readonly of: Said | null;
  /** Kind whose expected facts are listed as not recorded; `null` lists none. */
  readonly kind: string | null;
}

export function Description({ of, kind }: DescriptionProps) {
  const attributes = attributesOf(of?.attributes);
  const rank = (key: string) => {
    const k = FOREMOST.indexOf(key);
    return k < 0 ? FOREMOST.length : k;
  };
  const keys = Object.keys(attributes)
    .filter((key) => !ELSEWHERE.has(key))
    .sort((a, b) => rank(a) - rank(b));
  const missing = missingFacts(kind, attributes);
  return (
    <dl class="described">
      {keys.map((key) => (
        <div key={key} class={WIDE.includes(key) ? "wide" : ""}>
          <dt>{attributeWord(key)}</dt>
          <dd>
            {key === "agent" ? (
              <Mark nature={natureOf("mention", attributes)} />
            ) : (
              <Value of={attributes[key] ?? null} />
            )}
          </dd>
          <dd class="origin">{of ? <OriginLink of={of.attribution} /> : null}</dd>
        </div>
      ))}
      {of ? <Source of={of} /> : null}
      {missing.map((key) => (
        <div key={key}>
          <dt>{attributeWord(key)}</dt>
          <dd class="unknown">{NOT_RECORDED}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Attribution of the description, in the words of the service; of a record also its address, mapping and licence. */
function Source({ of }: { readonly of: Said }) {
  const { attribution, bundle } = of;
  return (
    <div>
      <dt>stated by</dt>
      <dd>
        {attribution.words}
        {bundle.source ? (
          <>
            ; served as <code>{bundle.source.uri}</code>, mapping {bundle.source.mapping}; licence{" "}
            {bundle.source.licence ?? NOT_RECORDED}
          </>
        ) : null}
      </dd>
      <dd class="origin">
        <OriginLink of={attribution} />
      </dd>
    </div>
  );
}

const TIME = /^\d{4}-\d{2}-\d{2}T[\d:]+Z$/;

function Value({ of }: { readonly of: Json }): ComponentChildren {
  if (of === null) return <span class="unknown">{NOT_RECORDED}</span>;
  if (typeof of === "boolean") return of ? "yes" : "no";
  if (typeof of === "number") return String(of);
  if (typeof of === "string") return <Text of={of} />;
  if (Array.isArray(of)) return <Values of={of as readonly Json[]} />;
  return <Values of={[of]} />;
}

function Text({ of }: { readonly of: string }) {
  if (TIME.test(of)) return <>{timeWord(of)}</>;
  if (isIdentifier(of)) return <Reference id={of} />;
  if (/^https?:\/\/\S+$/.test(of)) {
    return (
      <a href={of} rel="noreferrer noopener">
        {of}
      </a>
    );
  }
  if (of.length > LONG) {
    return (
      <details class="long">
        <summary dir="auto">{of.slice(0, LONG - 500)}…</summary>
        <div class="text" dir="auto">
          {of}
        </div>
      </details>
    );
  }
  return (
    <div class="text" dir="auto">
      {of}
    </div>
  );
}

const MAX_ENTRIES = 12;

/** Reference list as printed, each entry with the identifiers found on it. */
function ReferenceList({ of }: { readonly of: readonly Attributes[] }) {
  const list = (
    <ol>
      {of.map((entry) => (
        <li key={String(entry.position)}>
          <span dir="auto">{String(entry.text)}</span> (page {String(entry.page)})
          {[entry.linked, entry.printed]
            .flatMap((ids) => (Array.isArray(ids) ? ids.map(String) : []))
            .map((id) => (
              <>
                {" "}
                <Reference key={id} id={id} />
              </>
            ))}
        </li>
      ))}
    </ol>
  );
  if (of.length <= MAX_ENTRIES) return list;
  return (
    <details>
      <summary>{count(of.length, "entry", "entries")}</summary>
      {list}
    </details>
  );
}

/** Values in a line; named values (parameters, metrics) as a table. */
function Values({ of }: { readonly of: readonly Json[] }) {
  const objects = of.map(attributesOf);
  if (objects.some((row) => "position" in row)) return <ReferenceList of={objects} />;
  const rows = objects.filter((row) => "name" in row);
  if (rows.length === 0) return <>{of.map((value) => String(value)).join(", ") || NOT_RECORDED}</>;
  const has = (key: string) => rows.some((row) => key in row);
  const columns = ["name", "value", ...["unit", "step"].filter(has)];
  return (
    <table class="values">
      <thead>
        <tr>
          {columns.map((key) => (
            <th key={key} scope="col">
              {key}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={JSON.stringify(row)}>
            {columns.map((key) => (
              <td key={key}>{key in row ? String(row[key]) : NOT_RECORDED}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
