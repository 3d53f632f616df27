"""Clean text from arXiv for a bundle: NFC, no control characters, TeX accents as letters."""

import re
from typing import Final

from ingest.formats.text import nfc

# Line breaks and tabs stay for the caller; other controls, lone surrogates and noncharacters are removed.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ACCENTS: Final = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "r": "\u030a",
    "c": "\u0327",
    "k": "\u0328",
    "d": "\u0323",
    "b": "\u0331",
}
_LETTERS: Final = {
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "i": "\u0131",
    "j": "\u0237",
    "dh": "ð",
    "DH": "Ð",
    "th": "þ",
    "TH": "Þ",
    "dj": "đ",
    "DJ": "Đ",
}
_DOTLESS: Final = {"i": "i", "j": "j"}
# \'a  \'{a}  {\'a}  \v{c}  \c c  \"\i  \'{\i}: a sign may touch its letter, a letter command may not.
_ACCENT: Final = re.compile(
    r"\{?\\(?:(['`^\"~=.])\s*|([uvHrckdb])(?:\s+|(?=[{\\])))"
    r"(?:\{\\?([A-Za-z])\s*\}|\\([ij])(?![A-Za-z])\s?|([A-Za-z]))(\})?"
)
_LETTER: Final = re.compile(
    r"\{?\\(ss|ae|AE|oe|OE|aa|AA|dh|DH|th|TH|dj|DJ|o|O|l|L|i|j)(?![A-Za-z])(?:\{\}|\s(?!$))?(\})?"
)
_MATH: Final = re.compile(r"(\$[^$]*\$)")
_ASCII_SPACES: Final = " \t\n\r\x0b\x0c"
_ASCII_SPACE: Final = re.compile(f"[{_ASCII_SPACES}]+")
_PARAGRAPH: Final = re.compile(r"\n(?:[ \t]*\n)*[ \t]+|\n(?:[ \t]*\n)+")


def clean(text: str) -> str:
    """Return the text in NFC, without characters that a bundle does not hold; line breaks stay."""
    if text.isascii():
        # Line breaks don't count as printable, though they may stay: most texts need no more than this.
        return text if text.replace("\n", " ").isprintable() else _UNFIT.sub("", text)
    return nfc(_UNFIT.sub("", text))


def line(text: str) -> str | None:
    """Return the text on one line, words one space apart; `None` where it has none."""
    if text.isascii() and text.isprintable() and "  " not in text:  # as most texts are
        return text.strip() or None
    return " ".join(clean(text).split()) or None


def served_line(text: str) -> str:
    """Return a text that arXiv wraps as one line, each run of ASCII space as one space, all else as served.

    For names, which become ids: arXiv's own reader takes them off a line with such spacing, too.
    """
    return " ".join(_ASCII_SPACE.split(text)).strip(" ")


def served_name(text: str) -> str | None:
    """Return a name as served, without the ASCII space around it; `None` where it has nothing to read."""
    return text.strip(_ASCII_SPACES) if line(text) else None


def paragraphs(text: str) -> str | None:
    r"""Return the text with arXiv's line wrapping undone; `None` where it has no words.

    arXiv wraps its abstracts and starts a paragraph by indenting its first line
    (https://info.arxiv.org/help/prep.html#abstracts); here a paragraph is a line.
    """
    if "\n " not in text and "\n\n" not in text and "\t" not in text:
        return line(text)
    parts = (" ".join(part.split()) for part in _PARAGRAPH.split(clean(text)))
    return "\n".join(part for part in parts if part) or None


def readable_text(text: str) -> str:
    r"""Return a name or a title with TeX's accents as letters: `Bal\'azs` is `Balázs`; math stays TeX."""
    if "\\" not in text:
        return text
    parts = _MATH.split(text)
    return "".join(part if k % 2 else _replace_accents(part) for k, part in enumerate(parts))


def _replace_accents(text: str) -> str:
    replaced = _LETTER.sub(_replace_letter, _ACCENT.sub(_compose_accent, text))
    return nfc(replaced)


def _compose_accent(match: re.Match[str]) -> str:
    sign, command, braced, dotless, bare, closing = match.groups()
    letter = braced or _DOTLESS.get(dotless or "", "") or bare
    whole = match[0]
    if whole.startswith("{") and not closing:
        return "{" + letter + _ACCENTS[sign or command]
    tail = "}" if closing and not whole.startswith("{") else ""
    return str(letter + _ACCENTS[sign or command]) + tail


def _replace_letter(match: re.Match[str]) -> str:
    name, closing = match.groups()
    has_brace = match[0].startswith("{")
    before = "{" if has_brace and not closing else ""
    after = "}" if closing and not has_brace else ""
    return before + _LETTERS[name] + after
