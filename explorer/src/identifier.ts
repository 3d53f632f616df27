/** Identifiers as people write them. Pure. */

import { KIND_NAMES } from "./words";

const IDENTIFIER = /^([a-z0-9]+):\S+$/;
const SCHEMES = new Set([
  ...["arxiv", "doi", "orcid", "ror", "swh", "git", "sha256", "openalex", "mlflow", "source"],
  ...KIND_NAMES,
]);

/** Return whether a text is an id and nothing else. */
export function isIdentifier(text: string): boolean {
  const scheme = IDENTIFIER.exec(text)?.[1];
  return scheme !== undefined && SCHEMES.has(scheme);
}

/** Return the id that a text stands for, or `null` where it is words to search for. */
export function identifierIn(text: string): string | null {
  const id = text
    .trim()
    .replace(/^https?:\/\/(?:dx\.)?doi\.org\//i, "doi:")
    .replace(/^https?:\/\/(?:export\.)?arxiv\.org\/(?:abs|pdf)\//i, "arxiv:")
    .replace(/^https?:\/\/orcid\.org\//i, "orcid:")
    .replace(/^(arxiv|doi|orcid):/i, (scheme) => scheme.toLowerCase());
  if (/^\d{4}\.\d{4,5}(v\d+)?$/.test(id)) return `arxiv:${id}`;
  return isIdentifier(id) ? id : null;
}
