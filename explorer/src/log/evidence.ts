/** Evidence of the log: fetched from the service; the last checkpoint seen is kept in this browser. */

import type { Answer, Ask, Evidence, SeenCheckpoint } from "./pin";

const KEY = "seen";

/** Ask the service of this page. */
export const askLog: Ask = async (first, second) => {
  const parameters = new URLSearchParams({ first: String(first) });
  if (second !== undefined) parameters.set("second", String(second));
  try {
    const response = await fetch(`/log/consistency?${parameters}`, {
      headers: { accept: "application/json" },
      cache: "no-store",
    });
    return answerOf(response.status, await response.json());
  } catch {
    return { state: "silent", why: "the service does not answer requests about its log." };
  }
};

function answerOf(status: number, value: unknown): Answer {
  const evidence = status === 200 ? evidenceIn(value) : null;
  if (evidence !== null) return { state: "here", evidence };
  if (status === 404) return { state: "none", why: "this service signs no checkpoint of its log." };
  const what = status === 200 ? "no evidence" : `status ${status}`;
  const why = `Asked to prove this, the service answered with ${what}.`;
  return status < 500 ? { state: "refused", why } : { state: "silent", why };
}

function evidenceIn(value: unknown): Evidence | null {
  const { hashes, second } = fields(value);
  const { note, key } = fields(second);
  if (typeof note !== "string" || typeof key !== "string" || !Array.isArray(hashes)) return null;
  return { hashes: hashes.map(String), note, key };
}

/** Return the checkpoint that this browser last saw here; `null` where it saw or kept none. */
export function lastCheckpoint(): SeenCheckpoint | null {
  try {
    const { origin, key, size, root, at } = fields(JSON.parse(localStorage.getItem(KEY) ?? "null"));
    const texts = [origin, key, root, at];
    if (typeof size !== "number" || texts.some((text) => typeof text !== "string")) return null;
    return { origin, key, size, root, at } as SeenCheckpoint;
  } catch {
    return null;
  }
}

/** Remember a checkpoint, unless another page of this browser has seen a later one; return whether it is kept. */
export function remember(seen: SeenCheckpoint): boolean {
  const latest = lastCheckpoint();
  if (latest?.origin === seen.origin && latest.size > seen.size) return true;
  try {
    localStorage.setItem(KEY, JSON.stringify(seen));
    return true;
  } catch {
    return false;
  }
}

/** Forget the checkpoint seen here, as after the log at this address was replaced on purpose. */
export function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // No storage here: there is nothing to forget.
  }
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
