/** Asks the API: one place for the address, the errors in words, and the answers kept for "back". */

import { useEffect, useState } from "preact/hooks";
import type { Question } from "./questions.gen";

/** Why there is no answer, and what could be done. */
export class Problem extends Error {
  readonly way: string;

  constructor(message: string, way: string) {
    super(message);
    this.name = "Problem";
    this.way = way;
  }
}

export type Answered<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly problem: Problem; readonly again: () => void }
  | { readonly state: "here"; readonly answer: T };

const KEPT = 200;
const kept = new Map<string, unknown>();
const asked = new Map<string, Promise<unknown>>();

/** The answer to a question; what is asked twice at once is fetched once. Rejects with a `Problem`. */
export function ask<T, V>(question: Question<T, V>, variables: V): Promise<T> {
  const key = keyOf(question, variables);
  if (kept.has(key)) return Promise.resolve(kept.get(key) as T);
  const running = asked.get(key) ?? fetched(JSON.stringify({ query: question, variables }));
  asked.set(key, running);
  const done = running.then((answer) => {
    kept.set(key, answer);
    const oldest = kept.keys().next().value;
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return answer as T;
  });
  return done.finally(() => asked.delete(key));
}

async function fetched(body: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body,
    });
  } catch {
    throw new Problem("The service does not answer.", "Is it still running? Then try again.");
  }
  const told = await answerIn(response);
  if (told.errors.length > 0) {
    throw new Problem(told.errors.join(" "), "If the request was right, try again later.");
  }
  if (told.data === undefined) {
    throw new Problem(
      `Expected an answer in JSON, got status ${response.status}.`,
      "Try again; if it stays so, look into the log of the service.",
    );
  }
  return told.data;
}

async function answerIn(response: Response): Promise<{ data: unknown; errors: readonly string[] }> {
  try {
    const value = (await response.json()) as { data?: unknown; errors?: { message?: unknown }[] };
    const errors = (value.errors ?? []).map((one) =>
      String(one.message ?? "an error without words"),
    );
    return { data: value.data ?? undefined, errors };
  } catch {
    return { data: undefined, errors: [] };
  }
}

function keyOf(question: string, variables: unknown): string {
  return `${question} ${JSON.stringify(variables)}`;
}

/** The answer to a question as it comes; `null` asks nothing. */
export function useAnswer<T, V>(question: Question<T, V>, variables: V | null): Answered<T> {
  const key = variables === null ? "" : keyOf(question, variables);
  const [found, setFound] = useState<{ key: string; answered: Answered<T> } | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for both, and a new round asks again
  useEffect(() => {
    if (variables === null || kept.has(key)) return;
    let here = true;
    ask(question, variables).then(
      (answer) => here && setFound({ key, answered: { state: "here", answer } }),
      (error: unknown) => {
        if (!here) return;
        const problem =
          error instanceof Problem ? error : new Problem(String(error), "Load the page again.");
        const again = () => {
          setFound(null);
          setRound((n) => n + 1);
        };
        setFound({ key, answered: { state: "failed", problem, again } });
      },
    );
    return () => {
      here = false;
    };
  }, [key, round]);
  if (kept.has(key)) return { state: "here", answer: kept.get(key) as T };
  return found?.key === key ? found.answered : { state: "loading" };
}
