/** The lineage as a table: the same as the picture, and what the picture leaves out. */

import { useState } from "preact/hooks";
import { Froms, Line, Title } from "../parts/thing";
import { attributesOf, dateOf, NOT_RECORDED, number, relationBack, relationWord } from "../words";
import type { Link, Row } from "./model";

interface StepsProps {
  readonly rows: readonly Row[];
  readonly start: string;
  readonly drawn: ReadonlySet<string>;
}

const FIRST = 60;

export function Steps({ rows, start, drawn }: StepsProps) {
  const [all, setAll] = useState(false);
  const titles = new Map(rows.map((row) => [row.thing.id, row.thing]));
  const others = rows.filter((row) => row.thing.id !== start);
  const shown = all ? others : others.slice(0, FIRST);
  return (
    <div class="steps">
      <table>
        <caption>The same as a table</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Thing</th>
            <th scope="col">From</th>
            <th scope="col">How it is connected</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ step, thing, by }) => (
            <tr key={thing.id}>
              <td>{step}</td>
              <td>
                <Line of={thing} />
                {drawn.has(thing.id) ? null : <span class="aside"> not drawn</span>}
              </td>
              <td>{dateOf(attributesOf(thing.shown?.attributes)) ?? NOT_RECORDED}</td>
              <td>
                {by.map((link) => (
                  <Connection key={JSON.stringify(link)} of={link} thing={thing.id} titles={titles} />
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < others.length ? (
        <button type="button" onClick={() => setAll(true)}>
          Show all {number(others.length)} rows
        </button>
      ) : null}
    </div>
  );
}

interface ConnectionProps {
  readonly of: Link;
  readonly thing: string;
  readonly titles: ReadonlyMap<string, { readonly id: string; readonly title: string }>;
}

function Connection({ of, thing, titles }: ConnectionProps) {
  const forward = of.source === thing;
  const other = titles.get(forward ? of.target : of.source);
  const word = forward ? relationWord(of.name, of.subtype) : relationBack(of.name);
  return (
    <div class="connection">
      <em>{word}</em> {other ? <Title of={other} /> : null} <Froms of={of.bundles} />
    </div>
  );
}
