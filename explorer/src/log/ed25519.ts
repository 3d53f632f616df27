/** Ed25519 (RFC 8032) as this browser has it, and the keys that may sign at all. */

import { type Bytes, fromHex } from "./bytes";

/** Whether a signature of a message holds under a public key (32 bytes). */
export type Verify = (key: Bytes, message: Bytes, signature: Bytes) => Promise<boolean>;

const FIELD = 2n ** 255n - 19n;
/** The y of the points of small order: under those keys, one signature holds for many messages. */
const LOW_ORDER = new Set([
  0n,
  1n,
  FIELD - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

/** The bytes of a key `ed25519:` and 64 hex digits, `null` where it is none that may sign. */
export function keyBytes(key: string): Bytes | null {
  const bytes = /^ed25519:[0-9a-f]{64}$/.test(key) ? fromHex(key.slice(8)) : null;
  if (bytes === null) return null;
  const number = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const y = BigInt.asUintN(255, number);
  return y < FIELD && !LOW_ORDER.has(y) ? bytes : null;
}

/** What verifies signatures here; `null` where this browser can't (an old one, or a page on http). */
export async function browserVerify(): Promise<Verify | null> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  const imported = (key: Bytes) => subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  try {
    await imported(BASE_POINT);
  } catch {
    return null;
  }
  return async (key, message, signature) => {
    try {
      return await subtle.verify("Ed25519", await imported(key), signature, message);
    } catch {
      return false; // no point of the curve, or no signature of 64 bytes
    }
  };
}

const BASE_POINT: Bytes = Uint8Array.from({ length: 32 }, (_, k) => (k === 0 ? 0x58 : 0x66));
