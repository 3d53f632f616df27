/** Search box. `/` focuses it from anywhere; an identifier opens its page. */

import { useEffect, useRef } from "preact/hooks";
import { identifierIn } from "../identifier";
import { useRouter } from "../router";

export function Search({ large = false }: { readonly large?: boolean }) {
  const { place, go } = useRouter();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focusOnSlash = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = event.target;
      if (at instanceof HTMLElement && at.matches("input, textarea, select, [contenteditable]"))
        return;
      event.preventDefault();
      box.current?.focus();
      box.current?.select();
    };
    addEventListener("keydown", focusOnSlash);
    return () => removeEventListener("keydown", focusOnSlash);
  }, []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const text = box.current?.value.trim() ?? "";
    const id = identifierIn(text);
    go(id === null ? { text } : { id });
  };
  return (
    <search class={large ? "large" : ""}>
      <form onSubmit={submit}>
        <label>
          <span class="unseen">Search the graph</span>
          <input
            ref={box}
            type="search"
            name="q"
            key={place.text}
            defaultValue={place.text}
            placeholder="A title, a name, an idea, or an id like arxiv:2512.05356"
            autoComplete="off"
            spellcheck={false}
            aria-keyshortcuts="/"
          />
        </label>
        <button type="submit">Search</button>
      </form>
    </search>
  );
}
