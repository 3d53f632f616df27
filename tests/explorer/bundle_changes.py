"""Good bundles with changes that a seed chooses: any number of them, the same for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from graph.model.vocabulary import ATTRIBUTES, QUALIFIERS, Kind, Relation
from tests.explorer.bundle_bytes import with_body
from tests.explorer.bundle_drafts import ANSWER, GOOD, SALT, Case, Draft, case, signed
from tests.explorer.edge_texts import HEX40, HEX64, IDS, OTHERS, SHORT, TEXTS

_TEXTS: Final = [text for texts in (*IDS.values(), *TEXTS.values()) for text in texts]
_LETTERS: Final = "0123456789abcdefghvzAFZ#:/.-_%@+ \n\x00\x1f\x7fé\u0660\u212a\ud800\U0001f600"
_KEYS: Final = (
    *("id", "kind", "from", "rel", "to", "words", "nodes", "edges", "reason", "salt", "v", "by", "at"),
    *("body", "source", "key", "under", "prev", "n", "answers", "grants", "ends", "vouches", "mints"),
    *(*ATTRIBUTES, *QUALIFIERS, "weather", "é", "", "value", "unit", "step", "linked", "printed", "doubt"),
)  # fmt: skip
_ENDS: Final = (
    *("arxiv:2401.01234", "arxiv:2401.01234v2", "doi:10.1000/x", "orcid:0000-0002-1825-0097"),
    *("ror:02mhbdp94", f"git:{HEX40}", f"sha256:{HEX64}", "mlflow:0/a", "mlflow:0/models/m"),
    *(f"openalex:{letter}1" for letter in "WACTSIPF"),
    *(f"swh:1:{kind}:{HEX40}" for kind in ("cnt", "dir", "rev", "rel", "snp")),
    *("concept:arxiv/cs.AI", f"mention:arxiv:2401.01234/{HEX64}", "source:arxiv", "model:a/b@c"),
    *(f"repository:git/{HEX40}", f"person:ed25519:{HEX64}", f"software:ed25519:{HEX64}", "arxiv:x"),
    *(f"{kind.value}:{HEX64}" for kind in Kind),
)  # fmt: skip


def changes(seed: int) -> Iterator[Case]:
    """Cases without end."""
    dice = random.Random(seed)  # noqa: S311 - cases, not secrets
    drafts = list(GOOD.values())
    while True:
        chance = dice.random()
        if chance < 0.15:
            yield _relation(dice)
        elif chance < 0.3:
            yield _kind(dice)
        elif chance < 0.45:
            yield _bytes_of(dice, dice.choice(drafts))
        else:
            yield _value(dice, dice.choice(drafts))


def _relation(dice: random.Random) -> Case:
    """A relation of any two things."""
    ends = {"from": dice.choice(_ENDS), "rel": dice.choice(list(Relation)).value}
    edge = {**ends, "to": dice.choice(_ENDS)}
    return case("any ends", replace(ANSWER, body={"words": 1, "salt": SALT, "edges": [edge]}))


def _kind(dice: random.Random) -> Case:
    """An id with any kind."""
    node = {"id": dice.choice(_ENDS), "kind": dice.choice(list(Kind)).value}
    return case("any kind", replace(ANSWER, body={"words": 1, "salt": SALT, "nodes": [node]}))


def _bytes_of(dice: random.Random, draft: Draft) -> Case:
    """A bundle with a byte or two changed in its header or its body, and its hash and signature right."""
    good = case("any byte", draft)
    if good.body is None or dice.random() < 0.6:
        return signed("any byte", _spoilt(dice, good.header), good.body, draft.signer)
    return with_body("any byte of a body", draft, _spoilt(dice, good.body))


def _spoilt(dice: random.Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    for _ in range(dice.randint(1, 2)):
        place = dice.randrange(len(spoilt))
        match dice.randrange(4):
            case 0:
                del spoilt[place]
            case 1:
                spoilt.insert(place, dice.choice(b'0123459afz"\\{}[],: ._-#\x00\xc3'))
            case 2:
                spoilt[place] = dice.choice(b'0123459afz"\\{}[],: ._-#\x00\xc3')
            case _:
                spoilt[place] ^= 1 << dice.randrange(8)
    return bytes(spoilt)


def _value(dice: random.Random, draft: Draft) -> Case:
    """A bundle with a value or two changed."""
    changed = draft.changed()
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        whole = changed.header if changed.body is None or dice.random() < 0.5 else changed.body
        _change(dice, dice.choice(list(_containers(whole))))
    return case("any value", changed)


def _containers(value: Any) -> Iterator[Any]:
    """The objects and arrays in a value."""
    if isinstance(value, dict | list):
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _containers(item)


def _change(dice: random.Random, container: Any) -> None:
    places = list(container) if isinstance(container, dict) else list(range(len(container)))
    if not places:
        return
    place = dice.choice(places)
    match dice.randrange(6):
        case 0:
            del container[place]
        case 1 if isinstance(container, dict):
            container[dice.choice(_KEYS)] = _any(dice)
        case 1:
            container.insert(place, dice.choice([*container, _any(dice)]))
        case 2:
            other = dice.choice(places)
            container[place], container[other] = container[other], container[place]
        case 3 if isinstance(container, list):
            dice.shuffle(container)
        case 4 if isinstance(container[place], str):
            container[place] = _misspelt(dice, container[place])
        case _:
            container[place] = _any(dice)


def _any(dice: random.Random) -> Any:
    chance = dice.random()
    if chance < 0.2:
        return dice.choice(OTHERS)
    if chance < 0.3:
        return dice.choice(SHORT)
    if chance < 0.4:
        return sorted(dice.sample(_TEXTS, dice.randint(1, 3)))
    return dice.choice(_TEXTS)


def _misspelt(dice: random.Random, text: str) -> str:
    place = dice.randint(0, len(text))
    letter = dice.choice(_LETTERS)
    return text[:place] + dice.choice((letter, "")) + text[place + dice.randint(0, 1) :]
