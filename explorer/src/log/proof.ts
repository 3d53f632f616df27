/** Checks of a bundle in this browser: its hashes, its signature, and its position in the log. */

import type { Json } from "../questions.gen";
import { concat, type Digest, hex, utf8 } from "./bytes";
import { type Check, checkEqual } from "./check";
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

/** Functions of this browser; `verify` is `null` where it has no Ed25519. */
export interface Tools {
  readonly sha256: Digest;
  readonly verify: Verify | null;
}

/** Return this browser's SHA-256; `null` where it has none (a page that is neither https nor localhost). */
export function browserDigest(): Digest | null {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  return async (data) => new Uint8Array(await subtle.digest("SHA-256", data));
}

/** Check a bundle by its own bytes and its proof. */
export async function bundleChecks(claim: Claim, tools: Tools): Promise<readonly Check[]> {
  const { sha256, verify } = tools;
  const header = utf8(claim.header);
  const id = `sha256:${hex(await sha256(header))}`;
  const leaf = hex(await sha256(concat(Uint8Array.of(0), header)));
  const root = await rootOf(leaf, claim.proof, sha256);
  const signature = await signatureCheck(claim.header, claim.envelope, verify);
  return [
    checkEqual("The id is the hash of the header", id, claim.id),
    await checkBody(claim, sha256),
    ...(signature === null ? [] : [signature]),
    checkEqual("The leaf in the log is the hash of this header", leaf, claim.proof.leaf),
    checkEqual(
      "The proof leads from this leaf to the log's root",
      root ?? "no path",
      claim.proof.root,
    ),
  ];
}

async function checkBody(claim: Claim, sha256: Digest): Promise<Check> {
  const what = "The hash in the header is that of the body";
  if (claim.body === null) return { what, holds: null, detail: "The body is withheld." };
  const stated = bodyHashIn(claim.header);
  if (stated === null) return { what, holds: null, detail: "The header can't be read." };
  return checkEqual(what, `sha256:${hex(await sha256(utf8(claim.body)))}`, stated);
}

function bodyHashIn(header: string): string | null {
  try {
    const value: unknown = JSON.parse(header);
    if (typeof value !== "object" || value === null || !("body" in value)) return null;
    return typeof value.body === "string" ? value.body : null;
  } catch {
    return null;
  }
}
