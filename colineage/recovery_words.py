"""Recovery words: a person's root key as 24 English words on paper (BIP-39), its 256 bits and 8 of their SHA-256.

https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki; the words are the private key itself, no passphrase is added.
Nothing here repeats a word in an error.
"""

from typing import Final

from mnemonic import Mnemonic

from graph.errors import Fault, InputError

COUNT: Final = 24
"""Number of words."""

_LANGUAGE: Final = "english"


def words_of(seed: bytes) -> tuple[str, ...]:
    """Return the 24 words of a private key of 32 bytes."""
    return tuple(Mnemonic(_LANGUAGE).to_mnemonic(seed).split(" "))


def seed_of(text: str) -> bytes:
    """Return the private key of typed words; case and spaces don't matter.

    Raises:
        InputError: It is not 24 words, one is not on the list, or the checksum is another; no word is repeated.
    """
    coder, words = Mnemonic(_LANGUAGE), text.lower().split()
    if len(words) != COUNT:
        raise _refusal(f"{COUNT} words", f"{len(words)}")
    listed = frozenset(coder.wordlist)
    unknown = [number for number, word in enumerate(words, start=1) if word not in listed]
    if unknown:
        numbers = ", ".join(map(str, unknown))
        raise _refusal("words of the list of BIP-39", f"another as number {numbers}: mistyped?")
    if not coder.check(" ".join(words)):
        expected = "words whose checksum holds (the last one carries it)"
        raise _refusal(expected, "another checksum: one is wrong, or two changed places")
    return bytes(coder.to_entropy(words))


def _refusal(expected: str, got: str) -> InputError:
    return InputError("not the words of a recovery key", [Fault("recovery words", expected, got)])
