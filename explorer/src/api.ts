/** Client of the API: its address, its errors in words, and a cache of answers for "back". */

import { useEffect, useState } from "preact/hooks";
import type { Question } from "./questions.gen";

/** A failed request: the reason that there is no answer, and what the reader can do about it. */
export class Problem extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.name = "Problem";
    this.remedy = remedy;
  }
}

/** The state of a question: asked, failed, or answered. */
export type AnswerState<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly problem: Problem; readonly again: () => void }
  | { readonly state: "here"; readonly answer: T };

const MAX_ANSWERS = 200;
const answers = new Map<string, unknown>();
const requests = new Map<string, Promise<unknown>>();

/** Return the answer to a question; concurrent equal questions share one request. Rejects with a `Problem`. */
export function ask<T, V>(question: Question<T, V>, variables: V): Promise<T> {
  const key = keyOf(question, variables);
  if (answers.has(key)) return Promise.resolve(answers.get(key) as T);
  const request = requests.get(key) ?? fetchAnswer(JSON.stringify({ query: question, variables }));
  requests.set(key, request);
  const answer = request.then((data) => {
    answers.set(key, data);
    const oldest = answers.keys().next().value;
    if (answers.size > MAX_ANSWERS && oldest !== undefined) answers.delete(oldest);
    return data as T;
  });
  return answer.finally(() => requests.delete(key));
}

async function fetchAnswer(body: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body,
    });
  } catch {
    throw new Problem(
      "The service does not answer.",
      "Check that it is still running, then try again.",
    );
  }
  const { data, errors } = await readAnswer(response);
  if (errors.length > 0) {
    throw new Problem(errors.join(" "), "If the request is correct, try again later.");
  }
  if (data === undefined) {
    throw new Problem(
      `Expected an answer in JSON, got status ${response.status}.`,
      "Try again; if it keeps failing, look at what the service printed.",
    );
  }
  return data;
}

async function readAnswer(
  response: Response,
): Promise<{ data: unknown; errors: readonly string[] }> {
  try {
    const value = (await response.json()) as { data?: unknown; errors?: { message?: unknown }[] };
    const errors = (value.errors ?? []).map((error) =>
      String(error.message ?? "an error without a message"),
    );
    return { data: value.data ?? undefined, errors };
  } catch {
    return { data: undefined, errors: [] };
  }
}

function keyOf(question: string, variables: unknown): string {
  return `${question} ${JSON.stringify(variables)}`;
}

/** Use the answer to a question, as it comes; with `null` nothing is asked. */
export function useAnswer<T, V>(question: Question<T, V>, variables: V | null): AnswerState<T> {
  const key = variables === null ? "" : keyOf(question, variables);
  const [latest, setLatest] = useState<{ key: string; state: AnswerState<T> } | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for both, and a new round asks again
  useEffect(() => {
    if (variables === null || answers.has(key)) return;
    let isMounted = true;
    ask(question, variables).then(
      (answer) => isMounted && setLatest({ key, state: { state: "here", answer } }),
      (error: unknown) => {
        if (!isMounted) return;
        const problem =
          error instanceof Problem ? error : new Problem(String(error), "Load the page again.");
        const again = () => {
          setLatest(null);
          setRound((n) => n + 1);
        };
        setLatest({ key, state: { state: "failed", problem, again } });
      },
    );
    return () => {
      isMounted = false;
    };
  }, [key, round]);
  if (answers.has(key)) return { state: "here", answer: answers.get(key) as T };
  return latest?.key === key ? latest.state : { state: "loading" };
}
