import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { judge, judgeForm } from "../../src/log/admission";
import { fromHex, utf8 } from "../../src/log/bytes";
import { compareTexts } from "../../src/log/canonical";
import { browserVerify, keyBytes, type Verify } from "../../src/log/ed25519";
import { kindsOf } from "../../src/log/identifiers";
import { example } from "./examples";
import { sha256 } from "./trees";

const verify = (await browserVerify()) as Verify;
const EXAMPLES = [
  "A record",
  "A run that vouches for it",
  "A statement that mints",
  "A grant",
  "An answer with a reason, under the grant",
  "The end of the grant, which keeps that answer",
];

/** Header, body and signature of an example; `null` where it has none. */
function bundle(heading: string) {
  const text = example(heading);
  const [body, signature] = [text("The body:"), text("The signature (hex):")];
  return {
    header: utf8(text("The header:")),
    body: body === "" ? null : utf8(body),
    signature: signature === "" ? null : fromHex(signature),
  };
}

describe("the admission of a bundle", () => {
  it("takes every example of the format page", async () => {
    for (const heading of EXAMPLES) {
      const { header, body, signature } = bundle(heading);
      const silence = body === null ? "it grants or ends, and has no body" : null;
      const verdict = await judge(header, body, signature, { sha256, verify });
      expect([heading, verdict]).toEqual([heading, { state: "admitted", silence }]);
    }
  });

  it("needs the signature of a statement, and none of a record", async () => {
    const [run, record] = [bundle("A run that vouches for it"), bundle("A record")];
    const tools = { sha256, verify };
    for (const [of, signature] of [
      [run, null],
      [run, new Uint8Array(64)],
      [record, run.signature],
    ] as const) {
      const verdict = await judge(of.header, of.body, signature, tools);
      expect(verdict).toMatchObject({ state: "refused", of: "header" });
    }
    const blind = await judge(run.header, run.body, new Uint8Array(64), { sha256, verify: null });
    expect(blind).toEqual({ state: "admitted", silence: null });
  });

  it("refuses a body alone that is another one", async () => {
    const { header, signature } = bundle("A run that vouches for it");
    const verdict = await judge(header, utf8("{}"), signature, { sha256, verify });
    expect(verdict).toMatchObject({ state: "refused", of: "body" });
    const without = await judge(header, null, signature, { sha256, verify });
    expect(without).toEqual({ state: "admitted", silence: "its body isn't here" });
  });

  it("names the reason for which a body says nothing", () => {
    const { header, body } = bundle("A record");
    const text = new TextDecoder().decode(body ?? undefined);
    for (const [from, to, reason] of [
      ['"words":1', '"words":2', "its words are of a vocabulary that is not known here"],
      ['"kind":"work"', '"kind":"idea"', "nodes[0]: arxiv:2401.01234 is no id of idea"],
      ['"position":1', '"position":-1', "edges[0].position is not an integer from 0 below 2^53"],
      ["Counting Sheep", "", "a text is empty"],
    ] as const) {
      const verdict = judgeForm(header, utf8(text.replace(from, to)));
      expect(verdict).toEqual({ state: "admitted", silence: reason });
    }
  });
});

describe("the parts of the format", () => {
  it("sort texts by code points, not as JavaScript does", () => {
    const texts = ["\u{1f600}", "\uffff", "a", "ab", ""];
    expect([...texts].sort(compareTexts)).toEqual(["", "a", "ab", "\uffff", "\u{1f600}"]);
    expect([...texts].sort()[4]).toBe("\uffff");
  });

  it("know no kind of what every object of JavaScript has", () => {
    for (const scheme of ["toString", "constructor", "__proto__"]) {
      expect(kindsOf(`${scheme}:${"3f".repeat(32)}`)).toEqual([]);
    }
  });

  it("admit one of the hard cases of Ed25519, as the service does", async () => {
    const path = new URL("../../../tests/graph/bundle/ed25519/speccheck.json", import.meta.url);
    const { cases } = JSON.parse(readFileSync(fileURLToPath(path), "utf8"));
    const admitted: number[] = [];
    for (const [number, { message, pub_key, signature }] of cases.entries()) {
      const key = keyBytes(`ed25519:${pub_key}`);
      const [data, sig] = [fromHex(message), fromHex(signature)];
      if (key && data && sig && (await verify(key, data, sig))) admitted.push(number);
    }
    expect(cases).toHaveLength(15);
    expect(admitted).toEqual([6]);
  });
});
