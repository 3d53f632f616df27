/** Fetches evidence of the log, and keeps in this browser what was last seen of it. */

import type { Answer, Ask, Evidence, Seen } from "./pin";

const KEY = "seen";

/** Asks the service of this page. */
export const askLog: Ask = async (first, second) => {
  const asked = new URLSearchParams({ first: String(first) });
  if (second !== undefined) asked.set("second", String(second));
  try {
    const response = await fetch(`/log/consistency?${asked}`, {
      headers: { accept: "application/json" },
      cache: "no-store",
    });
    return answerOf(response.status, await response.json());
  } catch {
    return { state: "silent", why: "the service does not answer for its log now." };
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

/** What this browser last saw here; `null` where it saw nothing, or keeps nothing. */
export function lastSeen(): Seen | null {
  try {
    const { origin, key, size, root, at } = fields(JSON.parse(localStorage.getItem(KEY) ?? "null"));
    const texts = [origin, key, root, at];
    if (typeof size !== "number" || texts.some((one) => typeof one !== "string")) return null;
    return { origin, key, size, root, at } as Seen;
  } catch {
    return null;
  }
}

/** Remembers a log, unless another page of this browser saw more of it meanwhile. */
export function remember(seen: Seen): boolean {
  const known = lastSeen();
  if (known?.origin === seen.origin && known.size > seen.size) return true;
  try {
    localStorage.setItem(KEY, JSON.stringify(seen));
    return true;
  } catch {
    return false;
  }
}

/** Forgets what was seen here, as where another log was put here on purpose. */
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
