/** Result of a check, in words. Pure. */

/** Result of one check: `holds` is `null` where the check can't be made here. */
export interface Check {
  readonly what: string;
  readonly holds: boolean | null;
  readonly detail: string;
}

/** Check that two hashes are equal; the detail shows both where they are not. */
export function checkEqual(what: string, computed: string, stated: string): Check {
  const holds = digitsOf(computed) === digitsOf(stated);
  return { what, holds, detail: holds ? computed : `computed here ${computed}, stated ${stated}` };
}

export const CANT_VERIFY =
  "Not checked here: this browser can't verify Ed25519. `colineage verify` can.";

function digitsOf(hash: string): string {
  return hash.replace(/^sha256:/, "");
}
