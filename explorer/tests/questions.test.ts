import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { generate, questions, SCHEMA, TARGET } from "../dev/answers.mjs";

const schema = readFileSync(SCHEMA, "utf8");

describe("the questions to the API", () => {
  it("fit its schema, and their types are made from it (else: npm run types)", () => {
    expect(readFileSync(TARGET, "utf8")).toBe(generate(schema, questions()));
  });

  it("are refused where they ask for what is not there", () => {
    expect(() => generate(schema, "query Wrong { nothing }")).toThrow(
      /Cannot query field "nothing"/,
    );
    expect(() => generate(schema, "fragment F on Node { id }")).toThrow(/found none|never used/);
  });
});
