/**
 * Signed checkpoint of a log: a note (https://c2sp.org/signed-note) of origin, size and root
 * (https://c2sp.org/tlog-checkpoint). Signatures that others added are ignored.
 */

import { type Bytes, concat, type Digest, fromBase64, hex, isEqual, utf8 } from "./bytes";
import { keyBytes, type Verify } from "./ed25519";

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
}

export interface Signature {
  readonly name: string;
  readonly keyHash: Bytes;
  readonly value: Bytes;
}

export interface Note {
  readonly text: string;
  readonly checkpoint: Checkpoint;
  readonly signatures: readonly Signature[];
}

const MAX_NOTE = 1_000_000;
const ED25519 = Uint8Array.of(1);

/** Parse a signed checkpoint without verifying it; `null` where the text is not one. */
export function parseNote(note: string): Note | null {
  const end = note.lastIndexOf("\n\n");
  if (note.length > MAX_NOTE || end < 1 || !note.endsWith("\n")) return null;
  const text = note.slice(0, end + 1);
  const signatures = note
    .slice(end + 2, -1)
    .split("\n")
    .map(signatureOf);
  const checkpoint = checkpointOf(text);
  if (checkpoint === null || signatures.includes(null)) return null;
  return { text, checkpoint, signatures: signatures as Signature[] };
}

/** Return whether a note is signed by this key in the log's own name. */
export async function isSignedBy(
  note: Note,
  key: string,
  sha256: Digest,
  verify: Verify,
): Promise<boolean> {
  const bytes = keyBytes(key);
  if (bytes === null) return false;
  const { origin } = note.checkpoint;
  const hash = (await sha256(concat(utf8(`${origin}\n`), ED25519, bytes))).slice(0, 4);
  const ours = note.signatures.filter(
    ({ name, keyHash }) => name === origin && isEqual(keyHash, hash),
  );
  const verdicts = ours.map(({ value }) => verify(bytes, utf8(note.text), value));
  return ours.length > 0 && (await Promise.all(verdicts)).every((isValid) => isValid);
}

function signatureOf(line: string): Signature | null {
  const match = /^\u2014 ([^\s+]+) (\S+)$/.exec(line);
  const value = match?.[2] ? fromBase64(match[2]) : null;
  if (!match?.[1] || value === null || value.length < 5) return null;
  return { name: match[1], keyHash: value.slice(0, 4), value: value.slice(4) };
}

function checkpointOf(text: string): Checkpoint | null {
  const [origin = "", size = "", root = ""] = text.split("\n");
  const bytes = fromBase64(root);
  if (origin === "" || /[\s+]/.test(origin) || bytes?.length !== 32) return null;
  if (!/^(?:0|[1-9]\d{0,14})$/.test(size)) return null;
  return { origin, size: Number(size), root: hex(bytes) };
}
