"""Text embedding: the port, sentence-transformers behind it, and the vectors a store keeps."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from graph.errors import MissingModelError
from graph.store import GraphReader, GraphStore, Vector
from recommend.embedding_text import EMBEDDED_KINDS, text_hash, text_of
from recommend.weights import Weights, find_weights

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Rows: TypeAlias = NDArray[np.float32]
"""`(n, d) float32`, rows of length 1."""

Progress: TypeAlias = Callable[[int], None]
"""Callback that gets the number of texts embedded so far."""

_PAGE: Final = 500
_WINDOW: Final = 4096
_BATCH: Final = 128
_MODEL_BATCH: Final = 32  # 64 gained nothing on 2 cores
_MAX_THREADS: Final = 8


class Embedder(Protocol):
    """Port: turns texts into vectors whose inner product measures how close the texts are."""

    @property
    def model(self) -> str:
        """Name and hash of what makes the vectors; those of two models never mix."""
        ...

    def embed(self, texts: Sequence[str]) -> Rows:
        """Return the vectors of texts, `(n, d) float32`, rows of length 1, in the order of the texts."""
        ...


class SentenceModel:
    """Model of sentence-transformers; it is read into memory when the first text comes.

    Importing the library takes some 12 s of CPU, so nothing here imports it before that.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._loading = threading.Lock()
        self._loaded: SentenceTransformer | None = None

    @property
    def model(self) -> str:
        """Identity as in `Weights.model`."""
        return self._weights.model

    @property
    def origin(self) -> str:
        """Origin of the model, in words."""
        return self._weights.origin

    def embed(self, texts: Sequence[str]) -> Rows:
        """Return vectors as `Embedder` does; of a text longer than the model reads (256 tokens), of its start."""
        if not texts:
            return np.empty((0, 0), dtype=np.float32)
        with self._loading:
            if self._loaded is None:
                self._loaded = _load_model(self._weights)
        vectors = self._loaded.encode(
            list(texts),
            batch_size=_MODEL_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def load_embedder(source: str) -> SentenceModel:
    """Return the embedder behind a setting; its files are checked now, the library is imported later.

    Args:
        source: As in `recommend.weights.find_weights`: `package`, the path of a folder, a name on
            the hub, or `all-MiniLM-L6-v2`. Only a name on the hub that is not in its cache is
            fetched; nothing else touches the network.

    Raises:
        MissingModelError: The model is not there, or is not the requested one.
    """
    return SentenceModel(find_weights(source))


def _load_model(weights: Weights) -> "SentenceTransformer":
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import torch  # seconds of CPU
        from sentence_transformers import SentenceTransformer  # 12 s of CPU
        from transformers.utils import logging
    except ImportError as error:
        raise MissingModelError(
            f"sentence-transformers can't be imported ({error}): install colineage again, or go on "
            "without an embedding model"
        ) from error
    if "OMP_NUM_THREADS" not in os.environ and hasattr(os, "sched_getaffinity"):
        # torch counts the machine's processors, not those that this process may use.
        torch.set_num_threads(min(len(os.sched_getaffinity(0)), _MAX_THREADS))
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers has no types here
    try:
        return SentenceTransformer(
            str(weights.folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise MissingModelError(
            f"{weights.origin} can't be read as a model ({type(error).__name__}: {error}): get its "
            "files again, or give another source"
        ) from error


def embed_store(store: GraphStore, embedder: Embedder, *, progress: Progress | None = None) -> int:
    """Embed every text in the store that has no vector yet or has changed since, and keep the vectors.

    Vectors are kept batch by batch, so a stopped run resumes where it was.

    Args:
        store: Holds the things and gets the vectors.
        embedder: Makes the vectors.
        progress: Called after each batch with the number embedded so far.

    Returns:
        How many were embedded; 0 where nothing had changed.
    """
    text_hashes = {vector.node: vector.text for vector in store.vectors(embedder.model)}
    pending = _texts_to_embed(store, text_hashes)
    done = 0
    while window := list(islice(pending, _WINDOW)):
        # A batch is as long as its longest text, so texts of one length go together.
        window.sort(key=lambda item: (len(item[1]), item[0]))
        for start in range(0, len(window), _BATCH):
            batch = window[start : start + _BATCH]
            rows = embedder.embed([text for _, text in batch])
            store.keep_vectors(embedder.model, _vectors(batch, rows))
            done += len(batch)
            if progress is not None:
                progress(done)
    return done


def _texts_to_embed(
    store: GraphReader, text_hashes: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for kind in EMBEDDED_KINDS:
        after = ""
        while page := store.list_ids(kind, after=after, limit=_PAGE):
            things = store.things(page)
            for name in page:
                text = text_of(things[name]) if name in things else None
                if text is not None and text_hashes.get(name) != text_hash(text):
                    yield name, text
            after = page[-1]


def _vectors(batch: Sequence[tuple[str, str]], rows: Rows) -> Iterator[Vector]:
    lengths = np.linalg.norm(rows, axis=1)
    if len(rows) != len(batch) or not np.allclose(lengths, 1, atol=1e-3):
        measured_lengths = ", ".join(sorted({f"{length:.3f}" for length in lengths})[:3])
        raise ValueError(
            f"the embedder broke its promise: expected {len(batch)} rows of length 1, got "
            f"{len(rows)} of length {measured_lengths}"
        )
    for (name, text), row in zip(batch, rows, strict=True):
        yield Vector(name, text_hash(text), row.astype("<f4").tobytes())
