/**
 * What this browser last saw of the log at this address, and whether what is served now follows it:
 * a log may only grow. A service that takes something back, or shows two readers two logs, is told
 * from an honest one by whoever remembers. Pure: fetching and keeping are `log.ts`.
 */

import { count, number, timeWord } from "../words";
import { CANT_VERIFY, type Check } from "./check";
import { isBeginning, type Moment } from "./merkle";
import type { Tools } from "./proof";
import { isSignedBy, type Note, noteOf } from "./signed_note";

/** The last checkpoint that was taken here; `at` is when, by this browser's clock. */
export interface Seen extends Moment {
  readonly origin: string;
  readonly key: string;
  readonly at: string;
}

/** That the log of one size is the beginning of that of another, which is signed. */
export interface Evidence {
  readonly hashes: readonly string[];
  readonly note: string;
  readonly key: string;
}

/** What a service answers; `why` is in words where it gives no evidence. */
export type Answer =
  | { readonly state: "here"; readonly evidence: Evidence }
  | { readonly state: "none" | "refused" | "silent"; readonly why: string };

/** Asks for evidence that the log of `first` is the beginning of that of `second`, or of the present. */
export type Ask = (first: number, second?: number) => Promise<Answer>;

export interface Judged {
  readonly checks: readonly Check[];
  /** What to remember from now on, `null` where what was served is not to be taken. */
  readonly seen: Seen | null;
}

const SIGNED = "The log's present checkpoint is signed by its key";
const COVERED = "The log that the proof leads to is the signed one, or its beginning";
const GREW = "The log has only grown since this browser last saw it";

/**
 * Judges the log that is served now: by its signature, by the proof that came with a bundle, and by
 * what this browser saw before. `now` is this browser's time.
 */
export async function logChecks(
  ask: Ask,
  proof: Moment,
  before: Seen | null,
  tools: Tools,
  now: string,
): Promise<Judged> {
  const answer = await ask(proof.size);
  if (answer.state !== "here") return { checks: [unserved(answer, before)], seen: null };
  const note = noteOf(answer.evidence.note);
  if (note === null) return { checks: [told(SIGNED, false, "This is no checkpoint.")], seen: null };
  const next = { ...note.checkpoint, key: answer.evidence.key, at: now };
  const checks = [
    await signed(note, next.key, tools),
    await covered(proof, next, answer.evidence.hashes, tools),
    await grew(before, next, ask, tools),
  ];
  return { checks, seen: checks.some((one) => one.holds === false) ? null : next };
}

function told(what: string, holds: boolean | null, detail: string): Check {
  return { what, holds, detail };
}

/** A log that was signed is signed always: that a service stops to is no excuse. */
function unserved(answer: Answer & { readonly why: string }, before: Seen | null): Check {
  if (answer.state === "refused") return told(COVERED, false, answer.why);
  if (answer.state === "silent" || before === null) {
    return told(SIGNED, null, `Not checked: ${answer.why}`);
  }
  return told(
    SIGNED,
    false,
    `${answer.why} There was one when this browser looked, ${when(before)}.`,
  );
}

async function signed(note: Note, key: string, { sha256, verify }: Tools): Promise<Check> {
  if (verify === null) return told(SIGNED, null, CANT_VERIFY);
  const holds = await isSignedBy(note, key, sha256, verify);
  return told(SIGNED, holds, holds ? `${note.checkpoint.origin}, by ${key}` : `Not by ${key}.`);
}

async function covered(
  proof: Moment,
  now: Seen,
  hashes: readonly string[],
  { sha256 }: Tools,
): Promise<Check> {
  const holds = await isBeginning(proof, now, hashes, sha256);
  const pair = `the log of ${bundles(proof.size)} and the signed one of ${number(now.size)}`;
  if (!holds) return told(COVERED, false, `Nothing joins ${pair}.`);
  return told(COVERED, true, proof.size === now.size ? now.root : `A proof joins ${pair}.`);
}

async function grew(before: Seen | null, now: Seen, ask: Ask, { sha256 }: Tools): Promise<Check> {
  if (before === null) {
    return told(GREW, null, "It is seen here for the first time, and remembered from now on.");
  }
  const then = when(before);
  if (before.origin !== now.origin) {
    return told(
      GREW,
      false,
      `Another log: ${before.origin} was here ${then}; now ${now.origin} is.`,
    );
  }
  if (before.key !== now.key) {
    return told(GREW, false, `Another key: ${before.key} signed it ${then}; now ${now.key} does.`);
  }
  const sizes = `${bundles(before.size)} ${then}, ${number(now.size)} now.`;
  if (now.size < before.size) return told(GREW, false, `Rolled back: ${sizes}`);
  const answer = before.size < now.size ? await ask(before.size, now.size) : null;
  if (answer?.state === "silent") return told(GREW, null, `Not checked: ${answer.why}`);
  const hashes = answer?.state === "here" ? answer.evidence.hashes : [];
  if (await isBeginning(before, now, hashes, sha256)) return told(GREW, true, sizes);
  return told(
    GREW,
    false,
    `Forked: what was here ${then} is not the beginning of this log. ${sizes}`,
  );
}

function bundles(n: number): string {
  return count(n, "bundle", "bundles");
}

function when(seen: Seen): string {
  return `on ${timeWord(seen.at)}`;
}
