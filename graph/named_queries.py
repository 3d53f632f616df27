"""Named queries: the texts in the query files of a store, looked up by name.

A query file stands beside the module that its queries belong to. It holds one query after another, each under
a line with its name, which is the only one in its store:

    -- name: adjacent_out
    SELECT …

The line is a comment of the query language (`-- name:` in SQL, `// name:` in Cypher). All that follows, up to the
next such line, is the query, with its own comments.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class NamedQueries:
    """Queries of a store: name → text, without the white space around it.

    What is wrong with them is a mistake in our sources and nobody's input: a `RuntimeError`, as a `ValueError` or
    a `LookupError` would pass for damaged rows where the stores guard what they read.
    """

    texts: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return the text of a query.

        Raises:
            RuntimeError: No query has this name.
        """
        try:
            return self.texts[name]
        except KeyError:
            names = ", ".join(sorted(self.texts))
            raise RuntimeError(
                f"expected the name of a query, got {name!r}: there are {names}"
            ) from None


def parse_queries(sources: Mapping[str, str], *, comment: str) -> NamedQueries:
    """Parse the query files of a store.

    Args:
        sources: File name → text.
        comment: Beginning of a comment in the query language, `--` or `//`.

    Raises:
        RuntimeError: A file, or the whole store, is not of the form above; the message lists every fault.
    """
    mark = re.escape(comment)
    name_line = re.compile(rf"^{mark} name: ([a-z][a-z0-9_]*)$", re.MULTILINE)
    similar_line = re.compile(rf"^[ \t]*{mark}[ \t]*name\b.*$", re.MULTILINE | re.IGNORECASE)
    texts: dict[str, str] = {}
    files_by_name: dict[str, str] = {}
    faults: list[str] = [] if sources else ["expected query files, got none"]
    for file, source in sources.items():
        before, *parts = name_line.split(source)
        if before.strip() or not parts:
            faults.append(
                f"{file}: expected `{comment} name: …` first, got {before.strip()[:60]!r}"
            )
        faults += (
            f"{file}: expected `{comment} name: lower_case`, got {line.strip()!r}"
            for line in similar_line.findall("\n".join([before, *parts[1::2]]))
        )
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            if name in texts:
                faults.append(
                    f"{file}: expected a new name, got {name}, which stands in {files_by_name[name]}"
                )
            if not _has_code(text, comment):
                faults.append(f"{file}: expected a query under {name}, got none")
            texts[name], files_by_name[name] = text.strip(), file
    if faults:
        raise RuntimeError("\n  ".join(["the queries of a store are wrong:", *faults]))
    return NamedQueries(MappingProxyType(texts))


def _has_code(text: str, comment: str) -> bool:
    """Return whether a text has a line that is neither blank nor a comment."""
    lines = (line.strip() for line in text.splitlines())
    return any(line and not line.startswith(comment) for line in lines)


def read_queries(package: str, *, suffix: str, comment: str) -> NamedQueries:
    """Read the query files in the folder of a package: those whose name ends in `suffix`."""
    entries = [entry for entry in files(package).iterdir() if entry.name.endswith(suffix)]
    sources = {entry.name: entry.read_text("utf-8") for entry in entries}
    return parse_queries(dict(sorted(sources.items())), comment=comment)
