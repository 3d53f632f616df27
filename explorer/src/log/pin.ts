/**
 * Checks of the log against the checkpoint that this browser last saw at this address: a log may only
 * grow. By remembering, a reader detects a service that takes something back or shows two readers two
 * logs. Pure: fetching and storing are in `evidence.ts`.
 */

import { count, number, timeWord } from "../words";
import type { Tools } from "./admission";
import { CANT_VERIFY, type Check } from "./check";
import { isBeginning, type Moment } from "./merkle";
import { isSignedBy, type Note, parseNote } from "./signed_note";

/** Last checkpoint accepted here; `at` is the time of this browser's clock. */
export interface SeenCheckpoint extends Moment {
  readonly origin: string;
  readonly key: string;
  readonly at: string;
}

/** Evidence that the log of one size is the beginning of a larger log, which is signed. */
export interface Evidence {
  readonly hashes: readonly string[];
  readonly note: string;
  readonly key: string;
}

/** Answer of a service; `why` says in words why it gave no evidence. */
export type Answer =
  | { readonly state: "here"; readonly evidence: Evidence }
  | { readonly state: "none" | "refused" | "silent"; readonly why: string };

/** Ask for evidence that the log of size `first` is the beginning of that of size `second`, or of the current log. */
export type Ask = (first: number, second?: number) => Promise<Answer>;

export interface LogVerdict {
  readonly checks: readonly Check[];
  /** Checkpoint to remember from now on; `null` where the log is refused. */
  readonly seen: SeenCheckpoint | null;
}

const SIGNED = "The log's current checkpoint is signed by its key";
const COVERED = "The proof's log is the signed log, or the beginning of it";
const GREW = "The log has only grown since this browser last saw it";

/**
 * Check the log that is served now: its signature, the proof that came with a bundle, and the
 * checkpoint that this browser saw before. `now` is this browser's time.
 */
export async function logChecks(
  ask: Ask,
  proof: Moment,
  before: SeenCheckpoint | null,
  tools: Tools,
  now: string,
): Promise<LogVerdict> {
  const answer = await ask(proof.size);
  if (answer.state !== "here") return { checks: [checkAbsence(answer, before)], seen: null };
  const note = parseNote(answer.evidence.note);
  if (note === null) {
    return { checks: [result(SIGNED, false, "This is not a checkpoint.")], seen: null };
  }
  const next = { ...note.checkpoint, key: answer.evidence.key, at: now };
  const checks = [
    await checkSignature(note, next.key, tools),
    await checkCoverage(proof, next, answer.evidence.hashes, tools),
    await checkGrowth(before, next, ask, tools),
  ];
  return { checks, seen: checks.some((check) => check.holds === false) ? null : next };
}

function result(what: string, holds: boolean | null, detail: string): Check {
  return { what, holds, detail };
}

/** Check a log without evidence: a service that once signed its log has to go on signing it. */
function checkAbsence(
  answer: Answer & { readonly why: string },
  before: SeenCheckpoint | null,
): Check {
  if (answer.state === "refused") return result(COVERED, false, answer.why);
  if (answer.state === "silent" || before === null) {
    return result(SIGNED, null, `Not checked: ${answer.why}`);
  }
  return result(
    SIGNED,
    false,
    `${answer.why} There was one when this browser last looked, ${dayOf(before)}.`,
  );
}

async function checkSignature(note: Note, key: string, { sha256, verify }: Tools): Promise<Check> {
  if (verify === null) return result(SIGNED, null, CANT_VERIFY);
  const holds = await isSignedBy(note, key, sha256, verify);
  return result(SIGNED, holds, holds ? `${note.checkpoint.origin}, by ${key}` : `Not by ${key}.`);
}

async function checkCoverage(
  proof: Moment,
  now: SeenCheckpoint,
  hashes: readonly string[],
  { sha256 }: Tools,
): Promise<Check> {
  const holds = await isBeginning(proof, now, hashes, sha256);
  const pair = `the log of ${bundles(proof.size)} and the signed one of ${number(now.size)}`;
  if (!holds) return result(COVERED, false, `No proof connects ${pair}.`);
  return result(COVERED, true, proof.size === now.size ? now.root : `A proof connects ${pair}.`);
}

async function checkGrowth(
  before: SeenCheckpoint | null,
  now: SeenCheckpoint,
  ask: Ask,
  { sha256 }: Tools,
): Promise<Check> {
  if (before === null) {
    return result(
      GREW,
      null,
      "The log is seen here for the first time; it is remembered from now on.",
    );
  }
  const then = dayOf(before);
  if (before.origin !== now.origin) {
    return result(
      GREW,
      false,
      `Another log: ${before.origin} was here ${then}; now ${now.origin} is.`,
    );
  }
  if (before.key !== now.key) {
    return result(
      GREW,
      false,
      `Another key: ${before.key} signed it ${then}; now ${now.key} does.`,
    );
  }
  const sizes = `${bundles(before.size)} ${then}, ${number(now.size)} now.`;
  if (now.size < before.size) return result(GREW, false, `Rolled back: ${sizes}`);
  const answer = before.size < now.size ? await ask(before.size, now.size) : null;
  if (answer?.state === "silent") return result(GREW, null, `Not checked: ${answer.why}`);
  const hashes = answer?.state === "here" ? answer.evidence.hashes : [];
  if (await isBeginning(before, now, hashes, sha256)) return result(GREW, true, sizes);
  return result(
    GREW,
    false,
    `Forked: what was here ${then} is not the beginning of this log. ${sizes}`,
  );
}

function bundles(n: number): string {
  return count(n, "bundle", "bundles");
}

function dayOf(seen: SeenCheckpoint): string {
  return `on ${timeWord(seen.at)}`;
}
