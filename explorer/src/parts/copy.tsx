/** Button that copies a text. */

import { useState } from "preact/hooks";

export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const [status, setStatus] = useState("");
  const copy = () => {
    const copying =
      navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    copying.then(
      () => setStatus("copied"),
      () => setStatus("select and copy it by hand"),
    );
  };
  return (
    <>
      <button type="button" class="quiet" onClick={copy} aria-label={`Copy ${what}`}>
        Copy
      </button>
      <span role="status" class="said">
        {status}
      </span>
    </>
  );
}
