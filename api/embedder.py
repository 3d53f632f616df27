"""Embedding model of the service: loaded at its first use, used by one thread at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.single_flight import SingleFlight
from recommend.embed import Embedder, Rows


@dataclass(frozen=True, slots=True)
class _SerialEmbedder:
    """Embedder that embeds one query at a time; the first makes it load its library for 12 s.

    A caller that needs only the vectors that are kept reads `model` alone, without waiting.
    """

    model: str
    inner: Embedder
    single_flight: SingleFlight

    def embed(self, texts: Sequence[str]) -> Rows:
        """Return the vectors of texts, as in `Embedder`."""
        with self.single_flight.turn():
            return self.inner.embed(texts)


class SharedEmbedder:
    """Embedder of the service, if it has one."""

    def __init__(self, embedder_of: Callable[[], Embedder] | None) -> None:
        self._embedder_of = embedder_of
        self._embedder: Embedder | None = None
        self._single_flight = SingleFlight("the embedding model")

    def embedder(self) -> Embedder | None:
        """Return the embedder; `None` where the service has none.

        Raises:
            BusyError: Too many wait for it.
            MissingModelError: The model is missing.
        """
        if self._embedder is None and self._embedder_of is not None:
            with self._single_flight.turn():
                if self._embedder is None:
                    inner = self._embedder_of()
                    self._embedder = _SerialEmbedder(inner.model, inner, self._single_flight)
        return self._embedder
