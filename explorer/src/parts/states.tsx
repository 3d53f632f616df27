/** States of an answer: loading, failed, empty. */

import type { ComponentChildren } from "preact";
import type { AnswerState, Problem } from "../api";

export function Loading({ what }: { readonly what: string }) {
  return (
    <div class="loading" role="status">
      <span class="bars" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      Loading {what}…
    </div>
  );
}

export function Failure({
  problem,
  again,
}: {
  readonly problem: Problem;
  readonly again: () => void;
}) {
  return (
    <div class="failure" role="alert">
      <p>
        <strong>Something went wrong.</strong> {problem.message}
      </p>
      <p>{problem.remedy}</p>
      <button type="button" onClick={again}>
        Try again
      </button>
    </div>
  );
}

export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}

interface WhenProps<T> {
  readonly of: AnswerState<T>;
  readonly what: string;
  readonly children: (answer: T) => ComponentChildren;
}

/** Show an answer once it is here; until then, what is being loaded. */
export function When<T>({ of, what, children }: WhenProps<T>) {
  if (of.state === "loading") return <Loading what={what} />;
  if (of.state === "failed") return <Failure problem={of.problem} again={of.again} />;
  return <>{children(of.answer)}</>;
}
