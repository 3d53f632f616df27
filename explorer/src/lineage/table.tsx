/** Lineage as a table: the same as the picture, and the things that the picture leaves out. */

import { useState } from "preact/hooks";
import { OriginLinks, Title, Warnings } from "../parts/thing";
import { attributesOf, dateOfThing, kindWord, number, relationBack, relationWord } from "../words";
import type { Link, Row } from "./model";

interface StepsProps {
  readonly rows: readonly Row[];
  readonly start: string;
  readonly drawn: ReadonlySet<string>;
}

const MAX_ROWS = 25;

export function Steps({ rows, start, drawn }: StepsProps) {
  const [all, setAll] = useState(false);
  const titles = new Map(rows.map((row) => [row.thing.id, row.thing]));
  const undrawn = (row: Row) => (drawn.has(row.thing.id) ? 0 : 1);
  const others = rows
    .filter((row) => row.thing.id !== start)
    .sort((a, b) => a.step - b.step || undrawn(a) - undrawn(b));
  const shown = all ? others : others.slice(0, MAX_ROWS);
  return (
    <div class="steps">
      <table>
        <caption>The same as a table</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Thing</th>
            <th scope="col">How it is connected</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ step, thing, by }) => (
            <tr key={thing.id}>
              <td>{step}</td>
              <td>
                <Title of={thing} /> <Warnings of={thing.warnings} />
                <span class="aside">
                  {kindWord(thing.kind)} ·{" "}
                  <span class="nowrap">
                    {dateOfThing(thing.id, attributesOf(thing.shown?.attributes)) ??
                      "date not recorded"}
                  </span>
                  {drawn.has(thing.id) ? "" : " · not drawn"}
                </span>
              </td>
              <td>
                {by.map((link) => (
                  <Connection
                    key={JSON.stringify(link)}
                    of={link}
                    thing={thing.id}
                    start={start}
                    titles={titles}
                  />
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
  readonly start: string;
  readonly titles: ReadonlyMap<string, { readonly id: string; readonly title: string }>;
}

function Connection({ of, thing, start, titles }: ConnectionProps) {
  const forward = of.source === thing;
  const other = titles.get(forward ? of.target : of.source);
  const word = forward ? relationWord(of.name, of.subtype) : relationBack(of.name);
  return (
    <div class="connection">
      <em>{word}</em> {other?.id === start ? "this" : other ? <Title of={other} /> : null}{" "}
      <OriginLinks of={of.origins} />
      {of.text === null ? null : (
        <div class="aside clamped" dir="auto" title={of.text}>
          {of.text}
        </div>
      )}
    </div>
  );
}
