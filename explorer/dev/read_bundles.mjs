/**
 * Judge bundles by the explorer's reader, for the tests that hold it against the service's.
 *
 *     node dev/read_bundles.mjs < CASES > VERDICTS     # of each line [header, body, signature]: a verdict
 *     node dev/read_bundles.mjs --vocabulary           # the vocabulary that it knows
 *     node dev/read_bundles.mjs --break FILE FROM TO   # judge with one line of src/log/FILE.ts changed
 *
 * Bytes are in base64; `null` stands for a body, or a signature, that there is none of. A reader that is broken on
 * purpose shows that the cases would notice it.
 */

import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const pathOf = (name) => fileURLToPath(new URL(`../src/log/${name}.ts`, import.meta.url));
const [option, file, from, to] = process.argv.slice(2);
const breaker = {
  name: "break-one-line",
  enforce: "pre",
  transform(code, id) {
    if (option !== "--break" || id !== pathOf(file)) return null;
    if (code.split(from).length !== 2) throw new Error(`expected ${from} once in ${file}.ts`);
    return code.replace(from, () => to);
  },
};
const source = async (name) => {
  const config = { configFile: false, plugins: [breaker] };
  return (await runnerImport(pathOf(name), config)).module;
};
const bytes = (text) => (text === null ? null : new Uint8Array(Buffer.from(text, "base64")));
const sha256 = async (data) => new Uint8Array(createHash("sha256").update(data).digest());
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

if (option === "--vocabulary") {
  const words = await source("vocabulary");
  const plain = (value) => (value instanceof Map ? Object.fromEntries(value) : value);
  say(Object.fromEntries(Object.entries(words).map(([name, value]) => [name, plain(value)])));
} else {
  const { judge } = await source("admission");
  const { browserVerify } = await source("ed25519");
  const verify = await browserVerify();
  if (verify === null) throw new Error("expected Ed25519 in this Node, got none");
  for await (const line of createInterface({ input: process.stdin })) {
    const [header, body, signature] = JSON.parse(line).map(bytes);
    say(await judge(header, body, signature, { sha256, verify }));
  }
}
