"""All attacks, by their name."""

from typing import Final

from tests.graph.rules import attacks_on_speech, attacks_on_view
from tests.graph.rules.attack import Attack

ATTACKS: Final[dict[str, Attack]] = (
    attacks_on_speech.ATTACKS.by_name | attacks_on_view.ATTACKS.by_name
)
