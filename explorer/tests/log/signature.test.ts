import { describe, expect, it } from "vitest";
import { utf8 } from "../../src/log/bytes";
import { browserVerify, keyBytes, type Verify } from "../../src/log/ed25519";
import { preAuthEncoding, signatureCheck } from "../../src/log/signature";
import { isSignedBy, parseNote } from "../../src/log/signed_note";
import { example } from "./examples";
import { sha256 } from "./trees";

const RUN = example("A run that vouches for it");
const HEADER = RUN("The header:");
const SIGNED = RUN("The bytes that are signed:");
const SIGNATURE = Buffer.from(RUN("The signature (hex):"), "hex");
const KEY: string = JSON.parse(HEADER).key;
const ENVELOPE = {
  payload: Buffer.from(HEADER).toString("base64"),
  payloadType: "application/vnd.colineage.header.v1+json",
  signatures: [{ sig: SIGNATURE.toString("base64") }],
};
const RECORD = '{"by":"source:arxiv"}';

const verify = (await browserVerify()) as Verify;
const verdict = async (header: string, envelope: object | null, by: Verify | null = verify) =>
  (await signatureCheck(header, envelope as never, by))?.holds;

describe("the signature of a statement", () => {
  it("is over the bytes that the format page states", () => {
    expect(new TextDecoder().decode(preAuthEncoding(utf8(HEADER)))).toBe(SIGNED);
  });

  it("holds as it was made, whatever name its key goes by in the envelope", async () => {
    expect(await verdict(HEADER, ENVELOPE)).toBe(true);
    const sig = SIGNATURE.toString("base64");
    for (const keyid of [KEY, "another", ""]) {
      expect(await verdict(HEADER, { ...ENVELOPE, signatures: [{ keyid, sig }] })).toBe(true);
    }
  });

  it("fails with any one bit of it, of the header or of the key changed", async () => {
    const with_ = (sig: Buffer) => ({
      ...ENVELOPE,
      signatures: [{ sig: sig.toString("base64") }],
    });
    for (let bit = 0; bit < 512; bit += 7) {
      const other = Buffer.from(SIGNATURE);
      other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(await verdict(HEADER, with_(other))).toBe(false);
    }
    const header = HEADER.replace('"n":0', '"n":1');
    const payload = Buffer.from(header).toString("base64");
    expect(await verdict(header, { ...ENVELOPE, payload })).toBe(false);
    expect(await verdict(header, ENVELOPE)).toBe(false);
    const stolen = HEADER.replaceAll(KEY, `ed25519:${"58".padEnd(64, "6")}`);
    expect(await verdict(stolen, ENVELOPE)).toBe(false);
  });

  it("fails where there is none, or one too many", async () => {
    expect(await verdict(HEADER, null)).toBe(false);
    const [signature] = ENVELOPE.signatures;
    for (const signatures of [[], [signature, signature], [{}], [null], "AA=="]) {
      expect(await verdict(HEADER, { ...ENVELOPE, signatures })).toBe(false);
    }
    expect(await verdict(HEADER, { ...ENVELOPE, payloadType: "text/plain" })).toBe(false);
    expect(await verdict(RECORD, ENVELOPE)).toBe(false);
    expect(await verdict(RECORD, null)).toBeUndefined();
  });

  it("is not checked under a header of another version or another algorithm", async () => {
    for (const header of [
      HEADER.replace('"v":1', '"v":2'),
      HEADER.replaceAll(KEY, "p256:abcd"),
      '{"v":2}',
    ]) {
      expect(await verdict(header, ENVELOPE)).toBeNull();
      expect(await verdict(header, null)).toBeNull();
    }
  });

  it("is said not to be checked where this browser can't", async () => {
    const found = await signatureCheck(HEADER, ENVELOPE, null);
    expect(found?.holds).toBeNull();
    expect(found?.detail).toContain("Not checked here: this browser can't");
  });
});

describe("a key that may sign", () => {
  it("is no point of small order, in no encoding, and no other text", () => {
    const key = (first: string) => `ed25519:${first.padEnd(64, "0")}`;
    expect(keyBytes(KEY)).toHaveLength(32);
    expect(keyBytes(key("00"))).toBeNull();
    expect(keyBytes(key("01"))).toBeNull();
    expect(keyBytes(`ed25519:01${"0".repeat(60)}80`)).toBeNull();
    expect(keyBytes(`ed25519:ec${"f".repeat(60)}7f`)).toBeNull();
    expect(keyBytes(`ed25519:ed${"f".repeat(60)}7f`)).toBeNull();
    expect(
      keyBytes("ed25519:26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    ).toBeNull();
    expect(keyBytes(KEY.toUpperCase())).toBeNull();
    expect(keyBytes(KEY.slice(0, -2))).toBeNull();
  });
});

/** Written by `graph.log.signed_note.sign_checkpoint`, which is checked against Go's signatures in tests/graph/log/test_signed_note.py. */
const NOTE = `colineage/0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
3
cl1SMNto9VdHDcNfHYhlgTrNfrsHrRUndBQd7LrnEyc=

— colineage/0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f IZpEHbkPSFCZ9rshmzqeNXXuIL6saKSbGWj9jlH7WFq6BSmAWGk216/Z+eBAcoDNtPiRLp+VVxYtVsJxxPnIMYaaggA=
`;
const NOTE_KEY = "ed25519:014e4d922c596a380adfc9eed722e835822f1236761693e4babb61e1afbb04f1";

describe("a signed checkpoint", () => {
  it("is read and holds under the log's key alone", async () => {
    const note = parseNote(NOTE);
    if (note === null) throw new Error("expected a note");
    expect(note.checkpoint.origin).toBe(`colineage/${"0f".repeat(16)}`);
    expect(note.checkpoint.size).toBe(3);
    expect(await isSignedBy(note, NOTE_KEY, sha256, verify)).toBe(true);
    expect(await isSignedBy(note, KEY, sha256, verify)).toBe(false);
  });

  it("does not hold with another size, root or name", async () => {
    for (const [from, to] of [
      ["\n3\n", "\n2\n"],
      ["0f0f\n", "0f0e\n"],
      ["\n\n", "\nand more\n\n"],
    ] as const) {
      const note = parseNote(NOTE.replace(from, to));
      expect(note !== null && (await isSignedBy(note, NOTE_KEY, sha256, verify))).toBe(false);
    }
  });

  it("may hold the signatures of others, which are passed over", async () => {
    const note = parseNote(`${NOTE}\u2014 witness.example.com/w1 ${btoa("1234 of whoever")}\n`);
    expect(note !== null && (await isSignedBy(note, NOTE_KEY, sha256, verify))).toBe(true);
  });

  it("is none in any other form", () => {
    for (const wrong of [
      "",
      NOTE.trimEnd(),
      NOTE.replace("\u2014", "-"),
      NOTE.replace("\n3\n", "\n03\n"),
      NOTE.replace("\n3\n", "\n-3\n"),
      NOTE.replace("\n\n", "\n"),
      NOTE.replace(/\n[^\n]+\n\n/, "\nnoroot\n\n"),
    ]) {
      expect(parseNote(wrong)).toBeNull();
    }
  });
});
