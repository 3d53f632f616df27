/** Checks in this browser what a bundle says of itself: hashes, signature, and its place in the log. */

import type { Json } from "../questions.gen";
import { type Digest, hex, joined, utf8 } from "./bytes";
import { type Check, equal } from "./check";
import type { Verify } from "./ed25519";
import { rootOf } from "./merkle";
import { signatureCheck } from "./signature";

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
  readonly envelope: Json;
  readonly proof: Proof;
}

/** What this browser can compute; `verify` is `null` where it has no Ed25519. */
export interface Tools {
  readonly sha256: Digest;
  readonly verify: Verify | null;
}

/** SHA-256 of this browser; `null` where it gives none (a page that is neither https nor localhost). */
export function browserDigest(): Digest | null {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  return async (data) => new Uint8Array(await subtle.digest("SHA-256", data));
}

/** Everything about a bundle that can be checked from its own bytes and its proof. */
export async function bundleChecks(claim: Claim, tools: Tools): Promise<readonly Check[]> {
  const { sha256, verify } = tools;
  const header = utf8(claim.header);
  const id = `sha256:${hex(await sha256(header))}`;
  const leaf = hex(await sha256(joined(Uint8Array.of(0), header)));
  const root = await rootOf(leaf, claim.proof, sha256);
  const signature = await signatureCheck(claim.header, claim.envelope, verify);
  return [
    equal("The id is the hash of the header", id, claim.id),
    await bodyCheck(claim, sha256),
    ...(signature === null ? [] : [signature]),
    equal("The leaf in the log is this header", leaf, claim.proof.leaf),
    equal("The proof leads from this leaf to the log's root", root ?? "no path", claim.proof.root),
  ];
}

async function bodyCheck(claim: Claim, sha256: Digest): Promise<Check> {
  const what = "The body is the one that the header names";
  if (claim.body === null) return { what, holds: null, detail: "The body is not here." };
  const wanted = bodyOf(claim.header);
  if (wanted === null) return { what, holds: null, detail: "The header can't be read." };
  return equal(what, `sha256:${hex(await sha256(utf8(claim.body)))}`, wanted);
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
