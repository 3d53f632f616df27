/** What stands where an answer is not (yet) there. */

import type { ComponentChildren } from "preact";
import type { Answered, Problem } from "../api";

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
        <strong>This did not work.</strong> {problem.message}
      </p>
      <p>{problem.way}</p>
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
  readonly of: Answered<T>;
  readonly what: string;
  readonly children: (answer: T) => ComponentChildren;
}

/** Shows an answer when it is here, and until then what it waits for. */
export function When<T>({ of, what, children }: WhenProps<T>) {
  if (of.state === "loading") return <Loading what={what} />;
  if (of.state === "failed") return <Failure problem={of.problem} again={of.again} />;
  return <>{children(of.answer)}</>;
}
