/** SHA-256 of this browser. */

import type { Digest } from "./bytes";

/** Return this browser's SHA-256; `null` where it has none (a page that is neither https nor localhost). */
export function browserDigest(): Digest | null {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  return async (data) => new Uint8Array(await subtle.digest("SHA-256", data));
}
