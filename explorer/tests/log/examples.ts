/** The worked examples of docs/bundle.md, section 7: what another program made, to the byte. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PAGE = readFileSync(
  fileURLToPath(new URL("../../../docs/bundle.md", import.meta.url)),
  "utf8",
);

/** Return what gives the block after some words, in the example of a heading; "" where there is none. */
export function example(heading: string): (words: string) => string {
  const part = PAGE.split(`\n### ${heading}\n`)[1]?.split("\n### ")[0];
  if (part === undefined) throw new Error(`expected an example ${heading}, found none`);
  return (words) => part.split(`\n${words}\n\n\`\`\`text\n`)[1]?.split("\n```")[0] ?? "";
}
