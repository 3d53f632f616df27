import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { browserVerify } from "../../src/log/ed25519";
import { type Answer, type Ask, logChecks, type SeenCheckpoint } from "../../src/log/pin";
import { consistency, hash, hexes, leaves, moment, sha256, tree } from "./trees";

const ORIGIN = `colineage/${"0f".repeat(16)}`;
const NOW = "2026-11-23T08:00:00Z";
const tools = { sha256, verify: await browserVerify() };

function signer(seed: number) {
  const der = Buffer.concat([
    Buffer.from("302e020100300506032b657004220420", "hex"),
    Buffer.alloc(32, seed),
  ]);
  const secret = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const raw = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32);
  return {
    key: `ed25519:${raw.toString("hex")}`,
    raw,
    sign: (m: string) => sign(null, Buffer.from(m), secret),
  };
}

const ours = signer(1);
const others = signer(2);

function note(size: number, root: Buffer, by = ours, origin = ORIGIN): string {
  const text = `${origin}\n${size}\n${root.toString("base64")}\n`;
  const name = hash(`${origin}\n`, Buffer.of(1), by.raw).subarray(0, 4);
  const value = Buffer.concat([name, by.sign(text)]).toString("base64");
  return `${text}\n\u2014 ${origin} ${value}\n`;
}

/** A service whose log has these leaves. */
function service(log: Buffer[], by = ours, origin = ORIGIN): Ask {
  return async (first, second = log.length) => {
    if (first > second || second > log.length) return { state: "refused", why: "Too large." };
    const part = log.slice(0, second);
    return {
      state: "here",
      evidence: {
        hashes: hexes(consistency(first, part)),
        note: note(second, tree(part), by, origin),
        key: by.key,
      },
    };
  };
}

const seen = (size: number, change: Partial<SeenCheckpoint> = {}): SeenCheckpoint => ({
  ...moment(size),
  origin: ORIGIN,
  key: ours.key,
  at: "2026-11-20T00:00:00Z",
  ...change,
});

async function judge(ask: Ask, before: SeenCheckpoint | null, proof = moment(5)) {
  const { checks, seen: next } = await logChecks(ask, proof, before, tools, NOW);
  return { holds: checks.map((one) => one.holds), words: checks.at(-1)?.detail ?? "", next };
}

describe("a log that this browser remembers", () => {
  it("is taken at first sight, and said to be seen for the first time", async () => {
    const found = await judge(service(leaves(7)), null);
    expect(found.holds).toEqual([true, true, null]);
    expect(found.next).toEqual({ ...seen(7), at: NOW });
  });

  it("may grow, or stay as it is", async () => {
    for (const size of [1, 4, 6, 7]) {
      expect((await judge(service(leaves(7)), seen(size))).holds).toEqual([true, true, true]);
    }
  });

  it("may not go back", async () => {
    const found = await judge(service(leaves(7)), seen(8));
    expect(found.holds).toEqual([true, true, false]);
    expect(found.words).toBe("Rolled back: 8 bundles on 2026-11-20, 7 now.");
    expect(found.next).toBeNull();
  });

  it("may not become another one: of the same size, larger, under another name or key", async () => {
    const fork = [...leaves(2), ...leaves(7).slice(2).reverse()];
    const proof = { size: 7, root: tree(fork).toString("hex") };
    for (const size of [4, 7]) {
      const found = await judge(service(fork), seen(size), proof);
      expect(found.holds).toEqual([true, true, false]);
      expect(found.words).toMatch(/^Forked: /);
    }
    const renamed = await judge(service(leaves(7), ours, "colineage/new"), seen(6));
    expect(renamed.words).toMatch(/^Another log: colineage\/0f.* now colineage\/new is\.$/);
    const rekeyed = await judge(service(leaves(7), others), seen(6));
    expect(rekeyed.words).toMatch(/^Another key: /);
    for (const { next } of [renamed, rekeyed]) expect(next).toBeNull();
  });

  it("may not stop to sign", async () => {
    const none: Ask = async () => ({ state: "none", why: "It signs nothing." });
    expect((await judge(none, null)).holds).toEqual([null]);
    const found = await judge(none, seen(6));
    expect(found.holds).toEqual([false]);
    expect(found.words).toContain("There was one when this browser last looked, on 2026-11-20.");
  });
});

describe("a checkpoint", () => {
  const altered = (change: (note: string) => string): Ask => {
    const honest = service(leaves(7));
    return async (first, second) => {
      const answer = await honest(first, second);
      if (answer.state !== "here") return answer;
      return { ...answer, evidence: { ...answer.evidence, note: change(answer.evidence.note) } };
    };
  };

  it("that somebody else signed is refused", async () => {
    const forged = altered(() => note(7, tree(leaves(7)), others));
    expect((await judge(forged, null)).holds).toEqual([false, true, null]);
  });

  it("of another log than the proof's is refused", async () => {
    const root = hash("another");
    const found = await judge(
      altered(() => note(7, root)),
      null,
    );
    expect(found.holds).toEqual([true, false, null]);
    expect(found.next).toBeNull();
    expect((await judge(service(leaves(4)), null)).holds).toEqual([false]);
  });

  it("that is none is refused", async () => {
    expect(
      (
        await judge(
          altered(() => "hello"),
          null,
        )
      ).holds,
    ).toEqual([false]);
  });

  it("that nobody serves now is said not to be checked", async () => {
    const silent: Answer = { state: "silent", why: "no answer." };
    expect((await judge(async () => silent, seen(6))).holds).toEqual([null]);
    const halfway: Ask = async (first, second) =>
      second === undefined ? service(leaves(7))(first) : silent;
    expect((await judge(halfway, seen(6))).holds).toEqual([true, true, null]);
  });

  it("is not judged by a browser that can't, but its log still is", async () => {
    const { checks } = await logChecks(
      service(leaves(7)),
      moment(5),
      seen(8),
      { ...tools, verify: null },
      NOW,
    );
    expect(checks.map((one) => one.holds)).toEqual([null, true, false]);
  });
});
