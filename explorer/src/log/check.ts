/** What came out of a check, and the words for it. Pure. */

/** One thing that was checked; `holds` is `null` where it can't be checked here. */
export interface Check {
  readonly what: string;
  readonly holds: boolean | null;
  readonly detail: string;
}

/** Whether two values are the same, and both of them where they are not. */
export function equal(what: string, computed: string, said: string): Check {
  const holds = bare(computed) === bare(said);
  return { what, holds, detail: holds ? computed : `computed here ${computed}, stated ${said}` };
}

export const CANT_VERIFY =
  "Not checked here: this browser can't verify Ed25519. `colineage verify` can.";

function bare(hash: string): string {
  return hash.replace(/^sha256:/, "");
}
