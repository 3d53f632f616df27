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

/** Return the bytes of a key `ed25519:` and 64 hex digits; `null` where it is not a valid signing key. */
export function keyBytes(key: string): Bytes | null {
  const bytes = /^ed25519:[0-9a-f]{64}$/.test(key) ? fromHex(key.slice(8)) : null;
  if (bytes === null) return null;
  const number = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const y = BigInt.asUintN(255, number);
  return y < FIELD && !LOW_ORDER.has(y) ? bytes : null;
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
    try {
      return await subtle.verify("Ed25519", await importKey(key), signature, message);
    } catch {
      return false; // not a point of the curve, or not a signature of 64 bytes
    }
  };
}

const BASE_POINT: Bytes = Uint8Array.from({ length: 32 }, (_, k) => (k === 0 ? 0x58 : 0x66));
