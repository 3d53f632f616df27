/**
 * Checks that a bundle is in the log, in this browser: RFC 6962 (section 2.1) over SHA-256 by WebCrypto.
 */

export interface Proof {
  readonly position: number;
  readonly size: number;
  readonly root: string;
  readonly leaf: string;
  readonly hashes: readonly string[];
}

export interface Claim {
  readonly id: string;
  readonly header: string;
  readonly body: string | null;
  readonly proof: Proof;
}

/** One thing that was checked; `holds` is `null` where it can't be checked here. */
export interface Check {
  readonly what: string;
  readonly holds: boolean | null;
  readonly detail: string;
}

export type Digest = (data: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;

/** SHA-256 of this browser; `null` where it gives none (a page that is neither https nor localhost). */
export function browserDigest(): Digest | null {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  return async (data) => new Uint8Array(await subtle.digest("SHA-256", data));
}

/** Everything about a bundle that can be checked from its own bytes and its proof. */
export async function checks(claim: Claim, sha256: Digest): Promise<readonly Check[]> {
  const header = new TextEncoder().encode(claim.header);
  const id = `sha256:${hex(await sha256(header))}`;
  const leaf = hex(await sha256(joined(Uint8Array.of(0), header)));
  const root = await rootOf(leaf, claim.proof, sha256);
  return [
    equal("The id is the hash of the header", id, claim.id),
    await bodyCheck(claim, sha256),
    equal("The leaf in the log is this header", leaf, claim.proof.leaf),
    equal("The proof leads from this leaf to the log's root", root ?? "no path", claim.proof.root),
  ];
}

/**
 * The root that a proof leads to, `null` where the proof is too short, too long or about a leaf
 * outside the log (RFC 9162, section 2.1.3.2, gives this way of walking an RFC 6962 proof).
 */
export async function rootOf(leaf: string, proof: Proof, sha256: Digest): Promise<string | null> {
  let place = proof.position;
  let last = proof.size - 1;
  if (!Number.isSafeInteger(place) || place < 0 || place > last) return null;
  let found = bytes(leaf);
  for (const text of proof.hashes) {
    if (last === 0) return null;
    const beside = bytes(text);
    if (place % 2 === 1 || place === last) {
      found = await sha256(joined(Uint8Array.of(1), beside, found));
      while (place % 2 === 0 && place !== 0) {
        place = Math.floor(place / 2);
        last = Math.floor(last / 2);
      }
    } else {
      found = await sha256(joined(Uint8Array.of(1), found, beside));
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hex(found) : null;
}

async function bodyCheck(claim: Claim, sha256: Digest): Promise<Check> {
  const what = "The body is the one that the header names";
  if (claim.body === null) return { what, holds: null, detail: "The body is not here." };
  const wanted = bodyOf(claim.header);
  if (wanted === null) return { what, holds: null, detail: "The header can't be read." };
  return equal(what, `sha256:${hex(await sha256(new TextEncoder().encode(claim.body)))}`, wanted);
}

function bodyOf(header: string): string | null {
  try {
    const value: unknown = JSON.parse(header);
    if (typeof value !== "object" || value === null || !("body" in value)) return null;
    return typeof value.body === "string" ? value.body : null;
  } catch {
    return null;
  }
}

function equal(what: string, computed: string, said: string): Check {
  const holds = bare(computed) === bare(said);
  const detail = holds ? computed : `computed here ${computed}, stated ${said}`;
  return { what, holds, detail };
}

function bare(hash: string): string {
  return hash.replace(/^sha256:/, "");
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const pairs = bare(text).match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
