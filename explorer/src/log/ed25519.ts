/** Ed25519 (RFC 8032) of this browser, and the keys that are valid for signing. */

import { type Bytes, fromHex } from "./bytes";

/** Return whether a signature of a message is valid for a public key (32 bytes). */
export type Verify = (key: Bytes, message: Bytes, signature: Bytes) => Promise<boolean>;

const FIELD = 2n ** 255n - 19n;
/** Coordinates y of the points of small order: for those keys, one signature is valid for many messages. */
const LOW_ORDER = new Set([
  0n,
  1n,
  FIELD - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

/** Order of the base point: the least number that S, the second half of a signature, may not be. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** Return the bytes of a key `ed25519:` and 64 hex digits; `null` where it is not a valid signing key. */
export function keyBytes(key: string): Bytes | null {
  const bytes = /^ed25519:[0-9a-f]{64}$/.test(key) ? fromHex(key.slice(8)) : null;
  return bytes !== null && isFirm(bytes) ? bytes : null;
}

/**
 * Return whether a signature has the one form that all verifiers admit: S below the order, R canonical and not
 * of small order (docs/bundle.md, section 2). Verifiers differ about the others.
 */
export function isStrict(signature: Bytes): boolean {
  if (signature.length !== 64) return false;
  return isFirm(signature.subarray(0, 32)) && littleEndian(signature.subarray(32)) < ORDER;
}

/** Return whether 32 bytes are the canonical form of a y that is of no point of small order. */
function isFirm(point: Uint8Array): boolean {
  const y = BigInt.asUintN(255, littleEndian(point));
  return y < FIELD && !LOW_ORDER.has(y);
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** Return this browser's verifier of signatures; `null` where it has none (an old one, or a page on http). */
export async function browserVerify(): Promise<Verify | null> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  const importKey = (key: Bytes) => subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  try {
    await importKey(BASE_POINT);
  } catch {
    return null;
  }
  return async (key, message, signature) => {
    if (!isStrict(signature)) return false;
    try {
      return await subtle.verify("Ed25519", await importKey(key), signature, message);
    } catch {
      return false; // not a point of the curve
    }
  };
}

const BASE_POINT: Bytes = Uint8Array.from({ length: 32 }, (_, k) => (k === 0 ? 0x58 : 0x66));
