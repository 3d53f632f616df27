import { describe, expect, it } from "vitest";
import { BOX_WIDTH, layOut } from "../src/lineage/layout";
import {
  FIRST_STEPS,
  labelOf,
  MAX_DRAWN,
  mergeWalks,
  rows,
  selectPart,
  type Walk,
} from "../src/lineage/model";
import { isRightToLeft, wrap } from "../src/lineage/wrap";

const measure = (text: string) => Array.from(text).length * 7;

type Arc = readonly [from: string, name: string, to: string, text?: string];

function walk(start: string, arcs: readonly Arc[], more: Record<string, number> = {}): Walk {
  const thing = (id: string) => ({
    id,
    kind: "work",
    title: id,
    warnings: [],
    shown: id.startsWith("bare")
      ? null
      : { author: "source:x", at: null, attributes: { year: 2000 } },
    contributions: { totalCount: 0, edges: [] },
  });
  const ids = new Set(arcs.flatMap(([from, , to]) => [from, to]));
  ids.delete(start);
  return {
    start: thing(start),
    nodes: [...ids].map((id) => ({ depth: 1, node: thing(id) })),
    relations: arcs.map(([from, name, to, text]) => ({
      name,
      subtype: null,
      qualifiers: text === undefined ? {} : ({ text } as Readonly<Record<string, string>>),
      source: { id: from },
      target: { id: to },
      attributions: [
        {
          bundle: "sha256:1",
          kind: "STATEMENT" as const,
          by: "person:1",
          at: null,
          author: null,
          words: "statement by person:1, time not recorded",
        },
      ],
    })),
    more: Object.entries(more).map(([id, count]) => ({ id, count })),
  };
}

const many = (n: number): Arc[] =>
  Array.from({ length: n }, (_, k) => ["a", "cites", `w${k}`] as const);

describe("the lineage graph", () => {
  it("grows by the steps from things that were opened", () => {
    const graph = mergeWalks(
      walk("a", [["a", "cites", "b"]]),
      1,
      new Map([["b", walk("b", [["b", "cites", "c"]], { b: 3 })]]),
    );
    expect([...graph.things.keys()]).toEqual(["a", "b", "c"]);
    expect([...graph.depths]).toEqual([
      ["a", 0],
      ["b", 1],
      ["c", 2],
    ]);
    expect(graph.asked.has("b")).toBe(true);
    expect(graph.more.get("b")).toBe(3);
  });

  it("keeps two statements of one relation apart, and survives a circle", () => {
    const circle = walk("a", [
      ["a", "cites", "b"],
      ["b", "cites", "a"],
      ["a", "cites", "b", "[1]"],
    ]);
    const graph = mergeWalks(circle, 1, new Map());
    expect(graph.links).toHaveLength(3);
    expect(rows(graph).map((row) => row.step)).toEqual([0, 1]);
    expect(selectPart(graph, "up", {}).ids).toEqual(["a", "b"]);
  });

  it("calls a thing that nobody described by the reference to it", () => {
    const graph = mergeWalks(
      walk("a", [["a", "cites", "bare", "Turing. Computing machinery."]]),
      1,
      new Map(),
    );
    expect(labelOf(graph, "bare")).toBe("Turing. Computing machinery.");
    expect(labelOf(graph, "a")).toBe("a");
  });
});

describe("what is drawn", () => {
  it("is a few steps at first, and the rest is counted", () => {
    const graph = mergeWalks(walk("a", many(45)), 1, new Map());
    const first = selectPart(graph, "up", {});
    expect(first.ids).toHaveLength(1 + FIRST_STEPS);
    expect(first.hidden.get("a")).toBe(45 - FIRST_STEPS);
    expect(selectPart(graph, "up", { a: 20 }).hidden.get("a")).toBe(25);
  });

  it("is never more than a picture holds", () => {
    const part = selectPart(mergeWalks(walk("a", many(300)), 1, new Map()), "up", { a: 500 });
    expect(part.ids).toHaveLength(MAX_DRAWN);
    expect(part.hidden.get("a")).toBe(300 - MAX_DRAWN + 1);
    expect(part.full).toBe(true);
  });

  it("hides no single thing, and counts what the store did not follow", () => {
    const graph = mergeWalks(walk("a", many(FIRST_STEPS + 1), { a: 7 }), 1, new Map());
    const part = selectPart(graph, "up", {});
    expect(part.ids).toHaveLength(FIRST_STEPS + 2);
    expect(part.hidden.get("a")).toBe(7);
  });

  it("takes derivations before citations, and described things before bare ids", () => {
    const arcs: Arc[] = [
      ["a", "cites", "bare"],
      ["a", "cites", "w"],
      ["a", "wasDerivedFrom", "origin"],
    ];
    expect(selectPart(mergeWalks(walk("a", arcs), 1, new Map()), "up", {}).ids).toEqual([
      "a",
      "origin",
      "w",
      "bare",
    ]);
  });
});

describe("the picture", () => {
  const graph = mergeWalks(
    walk(
      "a",
      [
        ["a", "cites", "b"],
        ["b", "cites", "c"],
        ["a", "cites", "c"],
      ],
      { c: 4 },
    ),
    2,
    new Map(),
  );
  const seen = layOut(graph, selectPart(graph, "up", {}), "up", measure);
  const box = (id: string) => seen.boxes.find((one) => one.id === id) ?? { x: Number.NaN, y: 0 };

  it("has time from left to right, and arrows to the past", () => {
    expect(box("c").x).toBeLessThan(box("b").x);
    expect(box("b").x).toBeLessThan(box("a").x);
    for (const { link, path } of seen.arrows) {
      const [start, end] = [
        /^M([\d.-]+)/.exec(path)?.[1],
        /([\d.-]+) [\d.-]+$/.exec(path)?.[1],
      ].map(Number);
      expect(start).toBe(box(link.source).x);
      expect(end).toBe(box(link.target).x + BOX_WIDTH);
    }
  });

  it("puts what waits on the far side, and holds everything inside", () => {
    expect(seen.stubs).toEqual([expect.objectContaining({ of: "c", count: 4 })]);
    expect(seen.stubs[0]?.x).toBeLessThan(box("c").x);
    for (const one of seen.boxes) {
      expect(one.x).toBeGreaterThanOrEqual(0);
      expect(one.x + BOX_WIDTH).toBeLessThanOrEqual(seen.width);
      expect(one.y + one.height).toBeLessThanOrEqual(seen.height);
    }
  });

  it("has no two boxes on each other", () => {
    const wide = mergeWalks(walk("a", many(40)), 1, new Map());
    const { boxes } = layOut(wide, selectPart(wide, "up", { a: 40 }), "up", measure);
    for (const one of boxes) {
      const over = boxes.filter(
        (b) => b.x === one.x && b.y < one.y + one.height && one.y < b.y + b.height,
      );
      expect(over).toEqual([one]);
    }
  });

  it("turns round for what it led to", () => {
    const after = mergeWalks(walk("a", [["b", "cites", "a"]]), 1, new Map());
    const { boxes } = layOut(after, selectPart(after, "down", {}), "down", measure);
    const [a, b] = ["a", "b"].map((id) => boxes.find((one) => one.id === id)?.x ?? Number.NaN);
    expect(a).toBeLessThan(Number(b));
  });
});

describe("a text in a box", () => {
  it("breaks between words and is shortened where it is too long", () => {
    expect(wrap("one two three", 56, 3, measure)).toEqual(["one two", "three"]);
    expect(wrap("one two three four five six", 56, 2, measure)).toEqual(["one two", "three…"]);
  });

  it("breaks a word without an end, by letters and not inside one", () => {
    const lines = wrap(`${"𝕏".repeat(30)}`, 70, 2, measure);
    expect(lines).toEqual(["𝕏".repeat(10), `${"𝕏".repeat(9)}…`]);
    expect(wrap("", 70, 2, measure)).toEqual([]);
  });

  it("runs as its first letter does", () => {
    expect(isRightToLeft("«שלום» world")).toBe(true);
    expect(isRightToLeft("12 world שלום")).toBe(false);
    expect(isRightToLeft("$E=mc^2$")).toBe(false);
    expect(isRightToLeft("123")).toBe(false);
  });
});
