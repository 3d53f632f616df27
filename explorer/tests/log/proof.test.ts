import { describe, expect, it } from "vitest";
import { thingsIn } from "../../src/log/body";
import { bundleChecks, type Claim } from "../../src/log/proof";
import { example } from "./examples";
import { hash, sha256 } from "./trees";

describe("the checks of a bundle", () => {
  const record = example("A record");
  const [header, body] = [record("The header:"), record("The body:")];
  const claimOf = (header: string, body: string | null, saysNothing: string | null = null) => {
    const leaf = hash(Buffer.of(0), header).toString("hex");
    const id = `sha256:${hash(header).toString("hex")}`;
    const proof = { position: 0, size: 1, root: leaf, leaf, hashes: [] };
    return { id, header, body, saysNothing, envelope: null, proof };
  };
  const good = claimOf(header, body);
  const verdicts = async (claim: Claim) =>
    (await bundleChecks(claim, { sha256, verify: null })).map((one) => one.holds);
  /** The claim of a record with another body. */
  const withBody = (text: string, saysNothing: string | null) => {
    const stated = `sha256:${hash(text).toString("hex")}`;
    return claimOf(header.replace(/(?<="body":")[^"]+/, stated), text, saysNothing);
  };

  it("hold for a bundle that is what it says", async () => {
    expect(await verdicts(good)).toEqual([true, true, true, true, true]);
  });

  it("fail for one changed byte of body or header, and one other root", async () => {
    const other = { ...good, body: body.replace("Counting", "Mounting") };
    expect(await verdicts(other)).toEqual([true, false, true, true, true]);
    const spaced = { ...good, header: header.replace("{", "{ ") };
    expect(await verdicts(spaced)).toEqual([false, true, false, false, false]);
    const proof = { ...good.proof, root: "00".repeat(32) };
    expect(await verdicts({ ...good, proof })).toEqual([true, true, true, true, false]);
  });

  it("call a withheld body unchecked, not good", async () => {
    expect(await verdicts({ ...good, body: null })).toEqual([true, null, true, true, true]);
  });

  it("ask a grant for no body", async () => {
    const grant = example("A grant")("The header:");
    const checks = await bundleChecks(claimOf(grant, null, "it grants"), { sha256, verify: null });
    expect(checks.map(({ holds }) => holds)).toEqual([true, true, false, true, true]);
    expect(checks[1]?.detail).toContain("it grants or ends, and has no body");
    expect(checks[2]?.what).toContain("signed by the key");
    expect(await verdicts(claimOf(grant, "{}"))).toContain(false);
  });

  it("know a header of a later version from one that every program refuses", async () => {
    const later = claimOf(header.replace('"v":1', '"v":2'), body);
    expect(await verdicts(later)).toEqual([true, true, null, null, true, true]);
    const refused = claimOf(header.replace('"v":1', '"v":0'), body);
    expect(await verdicts(refused)).toEqual([true, true, false, true, true]);
  });

  it("fail where the service shows what a body doesn't say", async () => {
    const unfit = '{"weather":"fair","words":1}';
    const silent = await bundleChecks(withBody(unfit, "it doesn't fit"), { sha256, verify: null });
    expect(silent[2]).toMatchObject({ holds: true, detail: expect.stringContaining("weather") });
    expect(await verdicts(withBody(unfit, null))).toEqual([true, true, false, true, true]);
  });
});

describe("what a bundle says", () => {
  it("names the things it brings by the ids that it mints", async () => {
    const body = JSON.stringify({ nodes: [{ id: "#1", kind: "idea", title: "T" }] });
    const bundle = `sha256:${"ab".repeat(32)}`;
    const id = `idea:${hash(`${bundle}#1`).toString("hex")}`;
    expect(await thingsIn(bundle, body, sha256)).toEqual([
      { id, title: "T", kind: "idea", isNew: true },
    ]);
    expect(await thingsIn(bundle, "no JSON", sha256)).toEqual([]);
  });
});
