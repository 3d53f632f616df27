"""HTML page of a thing or a bundle: the explorer's page with title and plain facts, for readers without scripts.

Text from papers is foreign: all of it is escaped, also inside the JSON-LD of the page.
"""

import json
import re
from html import escape
from typing import Any, Final
from urllib.parse import quote

from api.http.entity_jsonld import BundleFacts, ThingFacts, descriptions_of, document
from graph.model.canonical import Json
from graph.queries.attribution import Attribution
from graph.queries.attribution_text import attribution_rows, describe_attribution
from graph.store import AssertedEdge, AuthoredDescription

MAX_FACTS: Final = 100

_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_IN_SCRIPT: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def address_of(identifier: str) -> str:
    """Return the address of a thing's page on this service."""
    return "/id/" + quote(identifier, safe=":/")


def json_in_script(value: Any) -> str:
    """Return JSON that can stand in a script element: nothing in it can end the element."""
    return json.dumps(value, ensure_ascii=False).translate(_IN_SCRIPT)


def plain_page(title: str, words: str) -> str:
    """Return a page of a few words, for a service without a built explorer."""
    return _whole_page(title, f"<main><h1>{escape(title)}</h1><p>{escape(words)}</p></main>", "")


def page_of(facts: ThingFacts | BundleFacts, shell: str | None) -> str:
    """Return the page of a thing or a bundle, in the explorer's shell where that is built."""
    title, main = _thing(facts) if isinstance(facts, ThingFacts) else _bundle(facts)
    data = f'<script type="application/ld+json">{json_in_script(document(facts))}</script>'
    head = f'<link rel="alternate" type="application/ld+json" href="?format=jsonld">{data}'
    return page_in_shell(title, main, head, shell)


def not_found_page(identifier: str, reason: str, shell: str | None) -> str:
    """Return the page for an id under which the graph holds nothing."""
    main = (
        f"<main><h1>Nothing here by this id</h1><p><code>{escape(identifier)}</code></p>"
        f"<p>{escape(reason)}</p><p><a href='/'>Search the graph</a></p></main>"
    )
    return page_in_shell("Not found", main, "", shell)


def page_in_shell(title: str, main: str, head: str, shell: str | None) -> str:
    """Return a page: the shell with a title, words for readers without scripts, and additions to its head.

    Args:
        title: Plain text.
        main: HTML, escaped.
        head: HTML, escaped.
        shell: The explorer's `index.html`; where it is `None`, the page has the words alone.
    """
    if shell is None:
        hint = "<p>The explorer is not built here: <code>make explorer</code> builds it.</p>"
        return _whole_page(title, main + hint, head)
    words = f"<noscript>{main}</noscript>"
    page = _TITLE.sub(
        lambda _: f"<title>{escape(_page_title(title))}</title>{head}", shell, count=1
    )
    if _NOSCRIPT.search(page):
        return _NOSCRIPT.sub(lambda _: words, page, count=1)
    return page.replace("</body>", f"{words}</body>", 1)


def _page_title(title: str) -> str:
    return title if title == "Colineage" else f"{title} · Colineage"


def _whole_page(title: str, main: str, head: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(_page_title(title))}</title>{head}</head><body>{main}</body></html>"
    )


def _thing(facts: ThingFacts) -> tuple[str, str]:
    thing = facts.thing
    kind = thing.kind.value if thing.kind else "kind not recorded"
    descriptions = descriptions_of(thing)
    parts = [
        f"<h1>{escape(thing.title)}</h1><p>{escape(kind)} · <code>{escape(thing.id)}</code></p>",
        *(
            _description_section(authored, facts.attributions.get(authored.bundle))
            for authored in descriptions
        ),
        "" if descriptions else "<p>Nobody describes it; others refer to it.</p>",
        _relations(facts),
    ]
    return thing.title, f"<main>{''.join(parts)}</main>"


def _description_section(authored: AuthoredDescription, attribution: Attribution | None) -> str:
    rows = "".join(
        f"<dt>{escape(key)}</dt><dd>{escape(_text(value))}</dd>"
        for key, value in authored.description.attributes.items()
    )
    return (
        f"<section><h2>As {escape(authored.author)} says</h2><dl>{rows}</dl>"
        f"<p>{_bundle_link(authored.bundle, attribution)}</p></section>"
    )


def _relations(facts: ThingFacts) -> str:
    rows = "".join(_row(assertion, facts) for assertion in (*facts.leaving, *facts.reaching))
    number = f"{facts.left_out:,}" if facts.all_counted else f"at least {facts.left_out:,}"
    more = f"<p>And {number} more.</p>" if facts.left_out else ""
    return f"<section><h2>Relations</h2><ul>{rows}</ul>{more}</section>" if rows else ""


def _row(assertion: AssertedEdge, facts: ThingFacts) -> str:
    ends = [
        escape(facts.titles.get(end, end))
        if end == facts.thing.id
        else _link(end, facts.titles.get(end, end))
        for end in (assertion.edge.source, assertion.edge.target)
    ]
    links = ", ".join(
        _bundle_link(bundle, facts.attributions.get(bundle)) for bundle in assertion.bundles[:3]
    )
    return f"<li>{ends[0]} {escape(assertion.edge.relation.value)} {ends[1]} ({links})</li>"


def _bundle_link(bundle: str, attribution: Attribution | None) -> str:
    """Return the link to a bundle, in the words of its attribution."""
    return _link(bundle, describe_attribution(attribution) if attribution else bundle)


def _bundle(facts: BundleFacts) -> tuple[str, str]:
    stored = facts.stored
    body, silence = stored.bundle.body_text, facts.silence
    rows = [
        ("who is behind it", describe_attribution(facts.attribution)),
        *attribution_rows(facts.attribution),
        ("lives", "yes" if stored.lives else "no"),
        ("position in the log", f"{stored.position} of {facts.proof.checkpoint.size}"),
        ("root of the log", facts.proof.checkpoint.root),
        ("header", stored.bundle.header_bytes.decode()),
        *([] if body is None else [("body", body[:20_000])]),
        *([("says nothing", silence)] if silence else []),
    ]
    entries = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows)
    title = f"Bundle {stored.bundle.id}"
    return title, f"<main><h1>{escape(title)}</h1><dl>{entries}</dl></main>"


def _link(identifier: str, text: str) -> str:
    return f'<a href="{escape(address_of(identifier))}">{escape(text)}</a>'


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
