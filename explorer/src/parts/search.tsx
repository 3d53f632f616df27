/** The search box. `/` brings the focus to it from everywhere; an identifier goes straight to its page. */

import { useEffect, useRef } from "preact/hooks";
import { useGoing } from "../going";
import { KIND_NAMES } from "../words";

const IDENTIFIER = /^([a-z0-9]+):\S+$/;
const SCHEMES = new Set([
  ...["arxiv", "doi", "orcid", "ror", "swh", "git", "sha256", "openalex", "mlflow", "source"],
  ...KIND_NAMES,
]);

/** The id that a text is, as people write it, or `null` where it is words to search for. */
export function identifierIn(text: string): string | null {
  const found = text
    .trim()
    .replace(/^https?:\/\/(?:dx\.)?doi\.org\//i, "doi:")
    .replace(/^https?:\/\/(?:export\.)?arxiv\.org\/(?:abs|pdf)\//i, "arxiv:")
    .replace(/^https?:\/\/orcid\.org\//i, "orcid:")
    .replace(/^(arxiv|doi|orcid):/i, (scheme) => scheme.toLowerCase());
  if (/^\d{4}\.\d{4,5}(v\d+)?$/.test(found)) return `arxiv:${found}`;
  const scheme = IDENTIFIER.exec(found)?.[1];
  return scheme !== undefined && SCHEMES.has(scheme) ? found : null;
}

export function Search({ large = false }: { readonly large?: boolean }) {
  const { place, go } = useGoing();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const slash = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = event.target;
      if (at instanceof HTMLElement && at.matches("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      box.current?.focus();
      box.current?.select();
    };
    addEventListener("keydown", slash);
    return () => removeEventListener("keydown", slash);
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
