from __future__ import annotations

import dataclasses
import hashlib
import importlib
import subprocess
import sys

import numpy as np
import onnxruntime
import pytest

from lookalike.errors import ChecksumMismatch, ModelError, WeightsMissing
from lookalike.models import store
from lookalike.models.card import WeightsFile, card

NEVER_IMPORTED = ("mtcnn", "face_recognition_models", "tensorflow", "pkg_resources")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("LOOKALIKE_CACHE", str(folder))
    return folder


@pytest.fixture
def fake_package(tmp_path, monkeypatch):
    """Return a package on the path that holds one file, and raises when it is imported."""
    home = tmp_path / "site"
    folder = home / "weights_in_here" / "data"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("raise RuntimeError('imported')")
    (folder / "net.bin").write_bytes(b"the weights")
    monkeypatch.syspath_prepend(home)
    importlib.invalidate_caches()
    return folder


def weights_file(data=b"the weights", path="data/net.bin", package="weights_in_here"):
    digest = hashlib.sha256(data).hexdigest()
    return WeightsFile("net", path, bytes=len(data), sha256=digest, package=package)


def test_weights_are_found_without_importing_their_package(fake_package):
    assert store.locate(weights_file()) == fake_package / "net.bin"
    assert "weights_in_here" not in sys.modules


@pytest.mark.parametrize(
    "file", [weights_file(package="no_such_package"), weights_file(path="data/other.bin")]
)
def test_missing_weights_are_named_with_the_way_to_get_them(fake_package, file):
    with pytest.raises(WeightsMissing, match=f"{file.package}/{file.path} is not") as caught:
        store.locate(file)
    assert caught.value.hint == f"pip install {file.package}"


def test_one_changed_byte_is_noticed(fake_package):
    file = weights_file()
    store.verify(file, store.locate(file))
    (fake_package / "net.bin").write_bytes(b"the weightz")
    with pytest.raises(ChecksumMismatch, match=r"net\.bin is not the file .* expected") as caught:
        store.verify(file, store.locate(file))
    assert "--force-reinstall weights_in_here" in caught.value.hint


def test_altered_weights_are_never_converted(cache, fake_package):
    # The real files are pickles: reading a changed one could run anything.
    real = card("mtcnn")
    data = bytearray(store.locate(real.files[0]).read_bytes())
    data[100] ^= 1
    (fake_package / "net.bin").write_bytes(data)
    pnet = dataclasses.replace(real.files[0], package="weights_in_here", path="data/net.bin")
    with pytest.raises(ChecksumMismatch, match=r"net\.bin"):
        store.ready(dataclasses.replace(real, files=(pnet, *real.files[1:])))
    assert not cache.exists()


def test_graphs_are_made_once_and_made_again_when_gone(cache):
    paths = store.ready(card("mtcnn"))
    assert set(paths) == {"pnet", "rnet", "onet"}
    assert sorted((cache / "graphs").iterdir()) == sorted(paths.values()), "nothing else is left"
    first = {part: (path.read_bytes(), path.stat().st_ino) for part, path in paths.items()}

    assert store.ready(card("mtcnn")) == paths
    assert {part: path.stat().st_ino for part, path in paths.items()} == {
        part: inode for part, (_, inode) in first.items()
    }

    paths["rnet"].unlink()
    store.ready(card("mtcnn"))
    assert {part: path.read_bytes() for part, path in paths.items()} == {
        part: data for part, (data, _) in first.items()
    }


def test_new_weights_or_a_new_converter_never_meet_an_old_graph(cache, monkeypatch):
    mtcnn = card("mtcnn")
    before = store.graph_path(mtcnn, "pnet")
    changed = dataclasses.replace(mtcnn.files[0], sha256="0" * 64)
    others = dataclasses.replace(mtcnn, files=(changed, *mtcnn.files[1:]))
    assert store.graph_path(others, "pnet") != before
    monkeypatch.setattr(store, "CONVERTER_GENERATION", store.CONVERTER_GENERATION + 1)
    assert store.graph_path(mtcnn, "pnet") != before
    assert before.parent == cache / "graphs"


def test_the_cache_is_the_platform_s_unless_told(monkeypatch):
    platformdirs = pytest.importorskip("platformdirs")
    monkeypatch.delenv("LOOKALIKE_CACHE", raising=False)
    usual = platformdirs.user_cache_dir("lookalike", appauthor=False)
    assert str(store.cache_folder()) == usual


def test_a_cache_that_cannot_be_written_says_so(tmp_path, monkeypatch):
    # Below a file nobody can make a folder, not even root.
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LOOKALIKE_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(ModelError, match="cannot write") as caught:
        store.ready(card("mtcnn"))
    assert "LOOKALIKE_CACHE" in caught.value.hint


def test_two_processes_may_convert_at_once(cache):
    code = """if True:
        import sys
        from lookalike.models.card import card
        from lookalike.models.store import ready
        print("ready", flush=True)
        sys.stdin.readline()
        for path in ready(card("mtcnn")).values():
            print(path)
    """
    command = [sys.executable, "-c", code]
    racers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = [racer.communicate(timeout=60)[0] for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0]
    assert answers[0] == answers[1]
    written = sorted(str(path) for path in (cache / "graphs").iterdir())
    assert written == sorted(answers[0].split())
    for path in written:
        onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def test_the_packages_with_the_weights_are_never_imported(cache, hopper):
    code = f"""if True:
        import sys
        from lookalike.pipeline import Analyst
        (analysis,) = Analyst.open().analyze([{str(hopper)!r}])
        assert len(analysis) == 1
        print(*sys.modules)
    """
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(ran.stdout.split())
    assert "lookalike.models.convert.dlib_resnet" in imported, "the cache was not empty"
    assert not imported & set(NEVER_IMPORTED)


def test_a_converted_graph_runs_as_the_cached_one_does(cache):
    fresh = store.ready(card("mtcnn"))["rnet"]
    batch = np.random.default_rng(0).uniform(0, 255, (2, 3, 24, 24)).astype(np.float32)
    session = onnxruntime.InferenceSession(str(fresh), providers=["CPUExecutionProvider"])
    scores, boxes = session.run(None, {"input": batch})
    assert scores.shape == (2, 1)
    assert boxes.shape == (2, 4)
