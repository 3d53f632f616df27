"""Grammar of RFC 5234 and RFC 7405 as regular expressions: as much of it as docs/bundle.md, section 4, uses.

The grammar has no recursion, so each rule is one regular expression.
"""

import re

_CORE = {"ALPHA": "[A-Za-z]", "DIGIT": "[0-9]", "VCHAR": r"[\x21-\x7e]"}
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>(?:%s)?"[^"]*")|(?P<range>%x[0-9A-F]{2}(?:-[0-9A-F]{2})?)"""
    r"""|(?P<count>[0-9]*\*[0-9]*|[0-9]+)|(?P<name>[A-Za-z][A-Za-z0-9-]*)"""
    r"""|(?P<sign>[/()\[\]]))"""
)


class Grammar:
    """Rules of a grammar in ABNF, by name."""

    def __init__(self, text: str) -> None:
        self._rules = dict(_rules(text))

    @property
    def names(self) -> frozenset[str]:
        """Names of the rules."""
        return frozenset(self._rules)

    def pattern(self, name: str) -> str:
        """Return the regular expression of a rule."""
        if name in _CORE:
            return _CORE[name]
        tokens = _tokens(self._rules[name])
        pattern = self._alternatives(tokens)
        assert not tokens, f"{name}: {tokens} is left"
        return pattern

    def _alternatives(self, tokens: list[tuple[str, str]]) -> str:
        """Read to the end, or to a closing bracket, which stays."""
        branches = [""]
        while tokens and tokens[0][1] not in {")", "]"}:
            if tokens[0][1] == "/":
                tokens.pop(0)
                branches.append("")
            else:
                branches[-1] += self._element(tokens)
        return f"(?:{'|'.join(branches)})"

    def _element(self, tokens: list[tuple[str, str]]) -> str:
        kind, part = tokens.pop(0)
        if kind == "count":
            least, star, most = part.partition("*")
            times = f"{{{least or 0},{most}}}" if star else f"{{{part}}}"
            return self._element(tokens) + times
        if kind == "text":
            literal = part.removeprefix("%s").strip('"')
            assert part.startswith("%s") or not re.search("[A-Za-z]", literal), part
            return f"(?:{re.escape(literal)})"
        if kind == "range":
            first, _, last = part.removeprefix("%x").partition("-")
            return f"[\\x{first}-\\x{last or first}]"
        if kind == "name":
            return self.pattern(part)
        inner = self._alternatives(tokens)
        closing = tokens.pop(0)[1]
        assert (part, closing) in {("(", ")"), ("[", "]")}
        return inner + ("?" if part == "[" else "")


def _rules(text: str) -> list[tuple[str, str]]:
    """Return the rules, each with what stands behind its `=`; comments end a line, and an indented line goes on."""
    rules: list[tuple[str, str]] = []
    for line in text.splitlines():
        rest = _without_comment(line)
        if not rest.strip():
            continue
        if rest[0] == " ":
            name, before = rules.pop()
            rules.append((name, before + rest))
        else:
            name, _, elements = rest.partition("=")
            rules.append((name.strip(), elements))
    return rules


def _without_comment(line: str) -> str:
    match = re.match(r'(?:[^";]|"[^"]*")*', line)
    return match[0] if match else ""


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, place = [], 0
    text = text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        assert match, text[place:]
        tokens.append((str(match.lastgroup), match[0].strip()))
        place = match.end()
    return tokens
