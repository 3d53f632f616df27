/** A button that copies a text, and says so. */

import { useState } from "preact/hooks";

export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const [said, setSaid] = useState("");
  const copy = () => {
    const done = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    done.then(
      () => setSaid("copied"),
      () => setSaid("select and copy it by hand"),
    );
  };
  return (
    <>
      <button type="button" class="quiet" onClick={copy} aria-label={`Copy ${what}`}>
        Copy
      </button>
      <span role="status" class="said">
        {said}
      </span>
    </>
  );
}
