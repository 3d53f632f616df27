/**
 * Checks that a statement is signed by the key that its header names: Ed25519 over DSSE's
 * pre-authentication encoding (https://github.com/secure-systems-lab/dsse/blob/master/protocol.md).
 */

import type { Json } from "../questions.gen";
import { type Bytes, fromBase64, joined, same, utf8 } from "./bytes";
import { CANT_VERIFY, type Check } from "./check";
import { keyBytes, type Verify } from "./ed25519";

const PAYLOAD_TYPE = "application/vnd.colineage.header.v1+json";
const WHAT = "The signature is the key's, over this header";

/** The check of the signature; `null` where there is none to check, as a record has no key. */
export async function signatureCheck(
  header: string,
  envelope: Json,
  verify: Verify | null,
): Promise<Check | null> {
  const told = (holds: boolean | null, detail: string) => ({ what: WHAT, holds, detail });
  const key = keyIn(header);
  if (key === null)
    return envelope === null ? null : told(false, "A record has no key to sign it.");
  const bytes = keyBytes(key);
  if (bytes === null) return told(false, `${key} is no key that may sign.`);
  const signature = signatureIn(envelope, key);
  if (signature === null) return told(false, `There is no signature by ${key}.`);
  if (!same(payloadIn(envelope), utf8(header))) {
    return told(false, "What is signed is another header.");
  }
  if (verify === null) return told(null, CANT_VERIFY);
  const holds = await verify(bytes, preauthenticated(utf8(header)), signature);
  return told(holds, holds ? key : `It does not hold under ${key}.`);
}

/** DSSE's PAE: the bytes that are signed. */
export function preauthenticated(payload: Bytes): Bytes {
  const type = utf8(PAYLOAD_TYPE);
  const before = `DSSEv1 ${type.length} ${PAYLOAD_TYPE} ${payload.length} `;
  return joined(utf8(before), payload);
}

function keyIn(header: string): string | null {
  try {
    const value: unknown = JSON.parse(header);
    if (typeof value !== "object" || value === null || !("key" in value)) return null;
    return String(value.key);
  } catch {
    return null;
  }
}

type Fields = { readonly [key: string]: Json };

function fields(of: Json | undefined): Fields {
  return typeof of === "object" && of !== null && !Array.isArray(of) ? (of as Fields) : {};
}

/** `keyid` is a hint (DSSE, section 1): a signature without one may be this key's. */
function signatureIn(envelope: Json, key: string): Bytes | null {
  const { payloadType, signatures } = fields(envelope);
  if (payloadType !== PAYLOAD_TYPE || !Array.isArray(signatures)) return null;
  const ours = signatures.map(fields).find((one) => one.keyid === undefined || one.keyid === key);
  return typeof ours?.sig === "string" ? fromBase64(ours.sig) : null;
}

function payloadIn(envelope: Json): Bytes {
  const { payload } = fields(envelope);
  return (typeof payload === "string" ? fromBase64(payload) : null) ?? new Uint8Array();
}
