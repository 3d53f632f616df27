/**
 * Check of a statement's signature by the key that its header names: Ed25519 over DSSE's
 * pre-authentication encoding (https://github.com/secure-systems-lab/dsse/blob/master/protocol.md).
 */

import type { Json } from "../questions.gen";
import { type Bytes, concat, fromBase64, isEqual, utf8 } from "./bytes";
import { CANT_VERIFY, type Check } from "./check";
import { keyBytes, type Verify } from "./ed25519";

const PAYLOAD_TYPE = "application/vnd.colineage.header.v1+json";
const WHAT = "This header is signed by the key that it names";

/** Check the signature; `null` for a record, which has no key. */
export async function signatureCheck(
  header: string,
  envelope: Json,
  verify: Verify | null,
): Promise<Check | null> {
  const result = (holds: boolean | null, detail: string) => ({ what: WHAT, holds, detail });
  const key = keyIn(header);
  if (key === null)
    return envelope === null ? null : result(false, "A record has no key, so nothing can sign it.");
  const bytes = keyBytes(key);
  if (bytes === null) return result(false, `${key} is not a valid signing key.`);
  const signature = signatureIn(envelope, key);
  if (signature === null) return result(false, `There is no signature by ${key}.`);
  if (!isEqual(payloadIn(envelope), utf8(header))) {
    return result(false, "The signature is over another header.");
  }
  if (verify === null) return result(null, CANT_VERIFY);
  const holds = await verify(bytes, preAuthEncoding(utf8(header)), signature);
  return result(holds, holds ? key : `The signature is not valid for ${key}.`);
}

/** Return the bytes that are signed: DSSE's pre-authentication encoding (PAE). */
export function preAuthEncoding(payload: Bytes): Bytes {
  const type = utf8(PAYLOAD_TYPE);
  const before = `DSSEv1 ${type.length} ${PAYLOAD_TYPE} ${payload.length} `;
  return concat(utf8(before), payload);
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

/** Return the signature by this key; as `keyid` is a hint (DSSE, section 1), one without it may be this key's. */
function signatureIn(envelope: Json, key: string): Bytes | null {
  const { payloadType, signatures } = fields(envelope);
  if (payloadType !== PAYLOAD_TYPE || !Array.isArray(signatures)) return null;
  const ours = signatures.map(fields).find(({ keyid }) => keyid === undefined || keyid === key);
  return typeof ours?.sig === "string" ? fromBase64(ours.sig) : null;
}

function payloadIn(envelope: Json): Bytes {
  const { payload } = fields(envelope);
  return (typeof payload === "string" ? fromBase64(payload) : null) ?? new Uint8Array();
}
