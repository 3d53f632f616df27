import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { citation } from "../src/cite";
import { identifierIn } from "../src/identifier";
import {
  dateOf,
  dateOfThing,
  KIND_NAMES,
  missingFacts,
  natureOf,
  number,
  RELATION_NAMES,
  relationBack,
  relationWord,
  shortenTitle,
  shortId,
  speakerWord,
  timeWord,
} from "../src/words";

/** The words of the closed sets, as the graph's own vocabulary has them. */
function members(name: string): string[] {
  const text = readFileSync(new URL("../../graph/model/vocabulary.py", import.meta.url), "utf8");
  const block = new RegExp(`class ${name}\\(StrEnum\\):[\\s\\S]*?\\n\\n\\n`).exec(text)?.[0] ?? "";
  return [...block.matchAll(/^ {4}[A-Z_]+ = "([^"]+)"/gm)].map((match) => String(match[1]));
}

describe("the words", () => {
  it("know every kind and every relation of the graph", () => {
    expect(members("Kind").length).toBeGreaterThan(20);
    expect(KIND_NAMES).toEqual(expect.arrayContaining(members("Kind")));
    expect([...RELATION_NAMES].sort()).toEqual(members("Relation").sort());
  });

  it("read a relation from both its ends, and say how it was derived", () => {
    expect(relationWord("cites")).toBe("cites");
    expect(relationBack("cites")).toBe("is cited by");
    expect(relationWord("wasDerivedFrom", "inspiration")).toBe("was inspired by");
    expect(relationWord("somethingNew")).toBe("somethingNew");
  });

  it("name a speaker that is not the author's own key together with the author", () => {
    const [ada, zed] = [`ed25519:${"a".repeat(64)}`, `ed25519:${"b".repeat(64)}`];
    const said = (by: string, author: string | null) =>
      speakerWord({ kind: "STATEMENT", by, author });
    expect(said(`person:${ada}`, ada)).toBe("person:ed25519:aaaaaaaa…aaaa");
    expect(said(`person:${ada}`, zed)).toBe(
      "person:ed25519:aaaaaaaa…aaaa according to ed25519:bbbbbbbb…bbbb",
    );
    expect(said("orcid:0000-0002-1825-0097", null)).toBe(
      "orcid:0000-0002-1825-0097 according to an author not known here",
    );
    expect(speakerWord({ kind: "RECORD", by: "source:arxiv", author: "source:arxiv" })).toBe(
      "arxiv",
    );
    expect(speakerWord({ kind: "NOT_UNDERSTOOD", by: null, author: null })).toBe(
      "an unknown speaker",
    );
  });

  it("show times and numbers the same everywhere", () => {
    expect(timeWord("2026-11-20T00:00:00Z")).toBe("2026-11-20");
    expect(timeWord("2026-11-20T14:03:59Z")).toBe("2026-11-20 14:03 UTC");
    expect(timeWord(null)).toBe("not recorded");
    expect([number(7), number(1234567)]).toEqual(["7", "1\u202f234\u202f567"]);
    expect(shortId(`idea:${"ab".repeat(32)}`)).toBe("idea:abababab…abab");
  });

  it("tell when a thing is from, by its facts or by its arXiv id", () => {
    expect(dateOf({ updated: "2026-01-02T03:04:05Z" })).toBe("2026-01-02");
    expect(dateOf({ year: 2014 })).toBe("2014");
    expect(dateOfThing("arxiv:1312.5602", {})).toBe("2013-12");
    expect(dateOfThing("arxiv:1399.5602", {})).toBeNull();
    expect(dateOfThing("hep-th/9901001", {})).toBeNull();
  });

  it("tell a person from an AI only where it is recorded", () => {
    expect(natureOf("person", {})).toBe("PERSON");
    expect(natureOf("mention", { agent: "ai" })).toBe("AI");
    expect(natureOf("mention", {})).toBeNull();
    expect(natureOf("work", { agent: "ai" })).toBeNull();
  });

  it("miss what is expected of a kind", () => {
    expect(missingFacts("run", { status: "FINISHED", params: [] })).toContain("seed");
    expect(missingFacts("work", { announced: "2026-01-01" })).toEqual(["abstract", "licence"]);
    expect(missingFacts(null, {})).toEqual([]);
  });
});

describe("what is written in the search box", () => {
  it.each([
    ["2512.05356", "arxiv:2512.05356"],
    ["https://arxiv.org/abs/2512.05356v2", "arxiv:2512.05356v2"],
    ["https://doi.org/10.1000/xyz", "doi:10.1000/xyz"],
    ["ARXIV:2512.05356", "arxiv:2512.05356"],
    ["idea:ab", "idea:ab"],
    ["co-improvement: an idea", null],
    ["title:words", null],
    ["human AI", null],
  ])("%s is the id %s", (text, id) => {
    expect(identifierIn(text)).toBe(id);
  });
});

describe("a citation", () => {
  const thing = {
    id: "arxiv:2512.05356",
    title: "Why?",
    kind: "work",
    attributes: { announced: "2025-12-08" },
    author: "source:arxiv",
    at: "2025-12-08T00:00:00Z",
    people: ["A", "B", "C", "D"],
    peopleInAll: 5000,
  };

  it("names who, what, when and the record it follows", () => {
    expect(citation(thing, "http://here")).toBe(
      "A, B, C et al. Why? 2025-12-08. arxiv:2512.05356. " +
        "As described by arxiv, 2025-12-08. http://here/id/arxiv:2512.05356",
    );
  });

  it("says so where nobody described it", () => {
    const bare = { ...thing, people: [], attributes: {}, author: null, peopleInAll: 0 };
    expect(citation(bare, "")).toMatch(/^Why\? arxiv:2512\.05356\. Nobody has described it yet\./);
  });
});

describe("a title in a sentence", () => {
  it("is whole where it is short", () => {
    expect(shortenTitle("x".repeat(80))).toBe("x".repeat(80));
  });

  it("is cut between characters, not in the middle of one, and says so", () => {
    expect(shortenTitle(`${"x".repeat(78)} 🐑🐑`)).toBe(`${"x".repeat(78)} 🐑…`);
  });
});
