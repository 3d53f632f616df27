"""What a bundle says is decided by its bytes: in the code that decides, nothing asks a table of Unicode."""

import ast
from pathlib import Path
from typing import Final

import pytest

from tests.house.structure import Module, modules

DECIDING: Final = ("graph/model/", "graph/bundle/", "graph/rules/", "graph/log/", "graph/view/")
BY_TABLE: Final = frozenset(
    {
        *("lower", "upper", "casefold", "title", "capitalize", "swapcase", "splitlines", "zfill"),
        *("isalnum", "isalpha", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric"),
        *("isprintable", "isspace", "istitle", "isupper"),
    }
)
"""Methods of texts that ask one."""
WITHOUT_CHARACTERS: Final = frozenset({"strip", "lstrip", "rstrip", "split", "rsplit"})
"""Methods of texts that ask one where no characters are named."""
ALLOWED: Final = {
    "graph/bundle/keys.py:strip": "what somebody typed, before it is judged",
    "graph/bundle/keys.py:lower": "whether hex digits are in lower case: what isn't ASCII is no hex digit",
    "graph/model/identifiers.py:lower": "of an octet below 0x7F",
    "graph/bundle/body.py:isprintable": "how an error shows a value",
    "graph/bundle/grants_file.py:splitlines": "a file at this place, which no bundle is",
    "graph/bundle/signed_ids.py:splitlines": "a file at this place, in ASCII",
    "graph/log/signed_note.py:re": "no white space in a log's name, as C2SP words it: of a checkpoint, not of a bundle",
}


def _asking(module: Module) -> list[str]:
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import) and any(one.name == "unicodedata" for one in node.names):
            found.append("unicodedata")
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, is_regex = node.func.attr, _is_regex(node)
        if name in BY_TABLE or (name in WITHOUT_CHARACTERS and not node.args):
            found.append(name)
        if is_regex and not _is_ascii(node):
            found.append("re")
    return found


def _is_regex(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "re"
        and call.func.attr not in {"escape"}
    )


def _is_ascii(call: ast.Call) -> bool:
    """Whether it has the flag, or a pattern without a class of characters that the table decides."""
    if any(isinstance(one, ast.Attribute) and one.attr == "ASCII" for one in ast.walk(call)):
        return True
    texts = [one.value for one in ast.walk(call) if isinstance(one, ast.Constant)]
    return not any(c in str(text) for text in texts for c in (r"\d", r"\w", r"\s", r"\b", "(?i"))


def test_no_table_of_unicode_is_asked(root: Path) -> None:
    """Two programs with tables of different ages would make two graphs of one log."""
    found = {
        f"{module.path}:{name}"
        for module in modules(root)
        if module.path.startswith(DECIDING)
        for name in _asking(module)
    }
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    "planted",
    ["text.isdigit()", "text.strip()", "import unicodedata", r"re.compile(r'\d+')"],
)
def test_a_planted_question_is_found(planted: str) -> None:
    """The check is only as good as what it finds."""
    assert _asking(Module("graph/model/x.py", 1, ast.parse(planted)))
