import { describe, expect, it } from "vitest";
import { thingsIn } from "../../src/log/body";
import { bundleChecks } from "../../src/log/proof";
import { hash, sha256 } from "./trees";

describe("the checks of a bundle", () => {
  const body = '{"edges":[],"nodes":[]}';
  const header = JSON.stringify({ body: `sha256:${hash(body).toString("hex")}` });
  const leaf = hash(Buffer.of(0), header).toString("hex");
  const good = {
    id: `sha256:${hash(header).toString("hex")}`,
    header,
    body,
    envelope: null,
    proof: { position: 0, size: 1, root: leaf, leaf, hashes: [] },
  };
  const verdicts = async (claim: typeof good | (Omit<typeof good, "body"> & { body: null })) =>
    (await bundleChecks(claim, { sha256, verify: null })).map((one) => one.holds);

  it("hold for a bundle that is what it says", async () => {
    expect(await verdicts(good)).toEqual([true, true, true, true]);
  });

  it("fail for one changed byte of body or header, and one other root", async () => {
    expect(await verdicts({ ...good, body: body.replace("[]", "[1]") })).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(await verdicts({ ...good, header: header.replace("{", "{ ") })).toEqual([
      false,
      true,
      false,
      false,
    ]);
    const proof = { ...good.proof, root: "00".repeat(32) };
    expect(await verdicts({ ...good, proof })).toEqual([true, true, true, false]);
  });

  it("call a withheld body unchecked, not good", async () => {
    expect(await verdicts({ ...good, body: null })).toEqual([true, null, true, true]);
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
