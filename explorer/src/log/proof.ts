/** Checks of a bundle in this browser: its hashes, its signature, and its position in the log. */

import type { Json } from "../questions.gen";
import { judgeForm, type Tools } from "./admission";
import { concat, type Digest, hex, utf8 } from "./bytes";
import { type Check, checkEqual } from "./check";
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
  /** Reason for which the bundle says nothing, as the service states it; `null` where it says what is in its body. */
  readonly saysNothing: string | null;
  readonly envelope: Json;
  readonly proof: Proof;
}

/** Check a bundle by its own bytes and its proof. */
export async function bundleChecks(claim: Claim, tools: Tools): Promise<readonly Check[]> {
  const { sha256, verify } = tools;
  const header = utf8(claim.header);
  const id = `sha256:${hex(await sha256(header))}`;
  const leaf = hex(await sha256(concat(Uint8Array.of(0), header)));
  const root = await rootOf(leaf, claim.proof, sha256);
  const body = await checkBody(claim, sha256);
  const signature = await signatureCheck(claim.header, claim.envelope, verify);
  return [
    checkEqual("The id is the hash of the header", id, claim.id),
    ...(body === null ? [] : [body]),
    checkForm(claim),
    ...(signature === null ? [] : [signature]),
    checkEqual("The leaf in the log is the hash of this header", leaf, claim.proof.leaf),
    checkEqual(
      "The proof leads from this leaf to the log's root",
      root ?? "no path",
      claim.proof.root,
    ),
  ];
}

/** Check the body's hash; `null` where the header has none, as one that grants or ends. */
async function checkBody(claim: Claim, sha256: Digest): Promise<Check | null> {
  const what = "The hash in the header is that of the body";
  const stated = bodyHashIn(claim.header);
  if (claim.body === null) {
    return stated === undefined ? null : { what, holds: null, detail: "The body is withheld." };
  }
  const computed = `sha256:${hex(await sha256(utf8(claim.body)))}`;
  return checkEqual(what, computed, stated ?? "none");
}

/** Check the form of header and body, and that the service shows as said only what is said. */
function checkForm({ header, body, saysNothing }: Claim): Check {
  const what = "Header and body are of the form that bundles have";
  const verdict = judgeForm(utf8(header), body === null ? null : utf8(body));
  if (verdict.state === "refused") {
    return { what, holds: false, detail: `Every program refuses it: ${verdict.reason}.` };
  }
  if (verdict.state === "not understood") {
    const detail = "Its version, or the algorithm of its key, is not known here.";
    return { what, holds: null, detail };
  }
  if (verdict.silence === null)
    return { what, holds: true, detail: "They keep every rule of the format." };
  const holds = saysNothing !== null || body === null;
  const shown = holds ? "" : " The service shows it as if it were said.";
  return { what, holds, detail: `It says nothing: ${verdict.silence}.${shown}` };
}

/** Return the hash of the body that a header states, as a text; `undefined` where it states none. */
function bodyHashIn(header: string): string | undefined {
  try {
    const value: unknown = JSON.parse(header);
    if (typeof value !== "object" || value === null || !("body" in value)) return undefined;
    return String(value.body);
  } catch {
    return undefined;
  }
}
