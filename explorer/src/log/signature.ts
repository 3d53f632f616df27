/**
 * Check of a statement's signature by the key that its header names: Ed25519 over DSSE's
 * pre-authentication encoding (https://github.com/secure-systems-lab/dsse/blob/master/protocol.md).
 */

import type { Json } from "../questions.gen";
import { type Bytes, concat, fromBase64, isEqual, utf8 } from "./bytes";
import { CANT_VERIFY, type Check } from "./check";
import { keyBytes, type Verify } from "./ed25519";
import { algorithmOf } from "./identifiers";

const PAYLOAD_TYPE = "application/vnd.colineage.header.v1+json";
const WHAT = "This header is signed by the key that it names";

/** Check the signature; `null` for a record, which has no key, and so none to check. */
export async function signatureCheck(
  header: string,
  envelope: Json,
  verify: Verify | null,
): Promise<Check | null> {
  const result = (holds: boolean | null, detail: string) => ({ what: WHAT, holds, detail });
  const { key, isLater } = signerIn(header);
  if (isLater)
    return result(null, "Not checked: its version, or its algorithm, is not known here.");
  if (key === null)
    return envelope === null ? null : result(false, "A record has no key, so nothing can sign it.");
  const bytes = keyBytes(key);
  if (bytes === null) return result(false, `${key} is not a valid signing key.`);
  const signature = signatureIn(envelope);
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

/** Return the key that a header names, and whether this program can't know how it would sign. */
function signerIn(header: string): { key: string | null; isLater: boolean } {
  try {
    const value: unknown = JSON.parse(header);
    if (typeof value !== "object" || value === null) return { key: null, isLater: false };
    const key = "key" in value ? String(value.key) : null;
    const algorithm = key === null ? null : algorithmOf(key);
    const isOfLaterVersion = "v" in value && typeof value.v === "number" && value.v > 1;
    const isOfLaterKey = algorithm !== null && algorithm !== "ed25519";
    return { key, isLater: isOfLaterVersion || isOfLaterKey };
  } catch {
    return { key: null, isLater: false };
  }
}

type Fields = { readonly [key: string]: Json };

function fields(of: Json | undefined): Fields {
  return typeof of === "object" && of !== null && !Array.isArray(of) ? (of as Fields) : {};
}

/** Return the signature in an envelope of one; `null` where there is none, or several. The header names the key. */
export function signatureIn(envelope: Json): Bytes | null {
  const { payloadType, signatures } = fields(envelope);
  if (payloadType !== PAYLOAD_TYPE || !Array.isArray(signatures) || signatures.length !== 1) {
    return null;
  }
  const { sig } = fields(signatures[0]);
  return typeof sig === "string" ? fromBase64(sig) : null;
}

function payloadIn(envelope: Json): Bytes {
  const { payload } = fields(envelope);
  return (typeof payload === "string" ? fromBase64(payload) : null) ?? new Uint8Array();
}
