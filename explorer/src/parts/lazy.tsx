/** Part of the page whose code is loaded when it is first shown. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../api";
import { Failure, Loading } from "./states";

interface LazyPartProps<T> {
  readonly what: string;
  readonly load: () => Promise<ComponentType<{ readonly of: T }>>;
  readonly of: T;
}

export function LazyPart<T>({ what, load, of }: LazyPartProps<T>) {
  const [Part, setPart] = useState<ComponentType<{ readonly of: T }> | null>(null);
  const [failed, setFailed] = useState(false);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `what` names the part, `load` is made anew each time
  useEffect(() => {
    let isMounted = true;
    setPart(null);
    setFailed(false);
    load().then(
      (part) => isMounted && setPart(() => part),
      () => isMounted && setFailed(true),
    );
    return () => {
      isMounted = false;
    };
  }, [what, round]);
  if (failed) {
    const problem = new Problem(
      `The code of ${what} could not be loaded.`,
      "Check that the service is running, then try again.",
    );
    return <Failure problem={problem} again={() => setRound((n) => n + 1)} />;
  }
  return Part === null ? <Loading what={what} /> : <Part of={of} />;
}
