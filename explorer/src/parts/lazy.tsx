/** A part of the page whose code is fetched when it is looked at. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../api";
import { Failure, Loading } from "./states";

interface LaterProps<T> {
  readonly what: string;
  readonly load: () => Promise<ComponentType<{ readonly of: T }>>;
  readonly of: T;
}

export function Later<T>({ what, load, of }: LaterProps<T>) {
  const [Loaded, setLoaded] = useState<ComponentType<{ readonly of: T }> | null>(null);
  const [failed, setFailed] = useState(false);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `what` names the part, `load` is made anew each time
  useEffect(() => {
    let here = true;
    setLoaded(null);
    setFailed(false);
    load().then(
      (part) => here && setLoaded(() => part),
      () => here && setFailed(true),
    );
    return () => {
      here = false;
    };
  }, [what, round]);
  if (failed) {
    const problem = new Problem(
      `The code of ${what} could not be loaded.`,
      "Is the service there?",
    );
    return <Failure problem={problem} again={() => setRound((n) => n + 1)} />;
  }
  return Loaded === null ? <Loading what={what} /> : <Loaded of={of} />;
}
