"""Embedding model of the service: loaded at its first use, used by one thread at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.single_flight import Turns
from recommend.embed import Embedder, Rows


@dataclass(frozen=True, slots=True)
class _InTurn:
    """Embedder that embeds one query at a time; the first makes it load its library for 12 s.

    A caller that needs only the vectors that are kept reads `model` alone, without waiting.
    """

    model: str
    inner: Embedder
    turns: Turns

    def embed(self, texts: Sequence[str]) -> Rows:
        """Return the vectors of texts, as in `Embedder`."""
        with self.turns.taken():
            return self.inner.embed(texts)


class SharedEmbedder:
    """Embedder of the service, if it has one."""

    def __init__(self, embedder_of: Callable[[], Embedder] | None) -> None:
        self._embedder_of = embedder_of
        self._found: Embedder | None = None
        self._turns = Turns("the embedding model")

    def embedder(self) -> Embedder | None:
        """Return the embedder; `None` where the service has none.

        Raises:
            BusyError: Too many wait for it.
            MissingModelError: The model is missing.
        """
        if self._found is None and self._embedder_of is not None:
            with self._turns.taken():
                if self._found is None:
                    inner = self._embedder_of()
                    self._found = _InTurn(inner.model, inner, self._turns)
        return self._found
