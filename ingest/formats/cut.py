"""Cut titles and names that are longer than a bundle holds: at the last space within the limit."""

from graph.bundle.attribute_values import MAX_SHORT_TEXT_BYTES
from graph.model.canonical import Json


def cut_short(text: str) -> tuple[str, bool]:
    """Return the text in at most 4,096 octets of UTF-8, and whether it was cut.

    A longer one is cut to its first 4,096 octets, less what follows the last space (U+0020) in them and that space;
    where there is none, less an unfinished character.

    Args:
        text: A text that begins with no space, and holds no lone surrogate.
    """
    octets = text.encode()
    if len(octets) <= MAX_SHORT_TEXT_BYTES:
        return text, False
    first = octets[:MAX_SHORT_TEXT_BYTES]
    before, space, _ = first.rpartition(b" ")
    return (before if space else first).decode(errors="ignore"), True


def short_text(key: str, text: str | None) -> dict[str, Json]:
    """Return a title or a name as an attribute of this key, with `cut` where it was cut; nothing for `None`."""
    if text is None:
        return {}
    short, is_cut = cut_short(text)
    return {key: short, "cut": True} if is_cut else {key: short}
