"""docs/bundle.md says what the code does, and each form that it names holds."""

from graph.bundle.body import MAX_BODY_BYTES
from graph.bundle.bundle import read
from graph.bundle.keys import PAYLOAD_TYPE
from tests.graph.bundle.bundle_page import PAGE, example_bundle, filled

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_holds_what_the_code_holds() -> None:
    """Not so? Run `PYTHONPATH=. python tests/graph/bundle/bundle_page.py` and read what changed."""
    assert filled(TEXT) == TEXT


def test_the_example_can_be_read_back() -> None:
    bundle = example_bundle()
    assert read(bundle.header_bytes, bundle.body_bytes, bundle.signature) == bundle


def test_constants_stand_on_the_page() -> None:
    assert PAYLOAD_TYPE in TEXT
    assert f"{MAX_BODY_BYTES:,} bytes" in TEXT


def test_every_header_key_stands_on_the_page() -> None:
    keys = "v by at source key under prev n answers grants ends vouches body".split()  # noqa: SIM905
    for key in keys:
        assert f"| `{key}` |" in TEXT, key
