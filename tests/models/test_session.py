from __future__ import annotations

import gc
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest
from onnx import TensorProto, helper

from lookalike.errors import ProviderMissing, WeightsUnreadable
from lookalike.models import session as sessions
from lookalike.models.card import card
from lookalike.models.session import OnnxSession, available_providers, open_sessions
from lookalike.models.store import ready
from lookalike.models.threads import threads_to_use, use_one_core


@pytest.fixture(scope="module")
def graph():
    return ready(card("mtcnn"))["onet"]


@pytest.fixture(scope="module")
def session(graph):
    return OnnxSession(graph, threads=1)


def batch_of(n, seed=0):
    return np.random.default_rng(seed).uniform(0, 255, (n, 3, 48, 48)).astype(np.float32)


def test_cpu_is_always_there_and_the_default(session):
    assert available_providers()[-1] == "cpu"
    assert session.provider == "cpu"


@pytest.mark.parametrize("provider", ["cuda", "directml", "abacus", "CPUExecutionProvider"])
def test_an_absent_provider_is_an_error_that_names_the_present_ones(graph, monkeypatch, provider):
    monkeypatch.setattr(
        sessions.onnxruntime,
        "get_available_providers",
        lambda: ["CPUExecutionProvider", "CoreMLExecutionProvider"],
    )
    with pytest.raises(ProviderMissing, match=f"'{provider}' is not available") as caught:
        OnnxSession(graph, provider=provider)
    assert caught.value.hint.startswith("available: coreml, cpu;")


@pytest.mark.parametrize("content", [b"", b"not a network", None])
def test_a_file_that_is_no_network_is_unreadable(graph, tmp_path, content):
    path = tmp_path / "some.onnx"
    path.write_bytes(graph.read_bytes()[:100_000] if content is None else content)
    with pytest.raises(WeightsUnreadable, match=r"some\.onnx cannot be run"):
        OnnxSession(path)


def network_with_numbers_in(place):
    """Return a network whose numbers lie in another file, as one of a stranger may say."""
    numbers = TensorProto(
        name="numbers", dims=[48], data_type=TensorProto.FLOAT,
        data_location=TensorProto.EXTERNAL,
    )  # fmt: skip
    for key, value in {"location": place, "offset": "0", "length": str(48 * 4)}.items():
        numbers.external_data.add(key=key, value=value)
    shape = ["n", 3, 48, 48]
    graph = helper.make_graph(
        [helper.make_node("Add", ["x", "numbers"], ["y"])],
        "stranger",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
        [numbers],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return model.SerializeToString()


@pytest.mark.parametrize("way", ["above", "absolute", "by a link"])
def test_a_network_reads_no_file_outside_of_its_folder(tmp_path, way):
    secret = tmp_path / "secret"
    secret.write_bytes(np.arange(48, dtype=np.float32).tobytes())
    path = tmp_path / "model" / "net.onnx"
    path.parent.mkdir()
    (path.parent / "link").symlink_to(secret)
    place = {"above": "../secret", "absolute": str(secret), "by a link": "link"}[way]
    path.write_bytes(network_with_numbers_in(place))
    with pytest.raises(WeightsUnreadable, match=r"net\.onnx cannot be run"):
        OnnxSession(path)


def test_threads_follow_the_affinity_of_the_process(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5, 7}, raising=False)
    assert threads_to_use() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert threads_to_use() == 1


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 31, 32, 33, 64, 77])
def test_a_batch_of_any_size_is_each_row_alone(session, size):
    batch = batch_of(size)
    outputs = session.run(batch)
    assert [output.shape for output in outputs] == [(size, 1), (size, 4), (size, 10)]
    for at in range(0, size, 5):
        alone = session.run(batch[at : at + 1])
        for one, many in zip(alone, outputs, strict=True):
            np.testing.assert_allclose(many[at], one[0], atol=1e-5)


def test_the_runtime_sees_a_handful_of_sizes(graph, monkeypatch):
    session, seen = OnnxSession(graph, threads=1), []

    def spy(batch):
        seen.append(len(batch))
        return (batch,)

    monkeypatch.setattr(session, "_run_once", spy)
    for size in range(200):
        seen.clear()
        rows = np.arange(size, dtype=np.float32)[:, None]
        np.testing.assert_array_equal(session.run(rows)[0], rows)
        assert set(seen) <= {1, 2, 4, 8, 16, 32}
        assert sum(seen) == max(size, 1)


def test_memory_stays_flat_over_batches_of_all_sizes():
    session = OnnxSession(ready(card("mtcnn"))["rnet"], threads=1)
    random = np.random.default_rng(0)
    process = psutil.Process()
    most = random.uniform(0, 255, (80, 3, 24, 24)).astype(np.float32)

    def run(times):
        for _ in range(times):
            session.run(most[: random.integers(1, 81)])
        gc.collect()
        return process.memory_info().rss

    before = run(30)
    assert run(200) - before < 30e6


def test_eight_threads_share_a_session(session):
    batches = [batch_of(size, seed=size) for size in range(1, 33)]
    expected = [session.run(batch) for batch in batches]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(session.run, batches))
    for one, other in zip(expected, found, strict=True):
        for left, right in zip(one, other, strict=True):
            np.testing.assert_array_equal(left, right)


def opened(monkeypatch):
    """Return a list of the numbers of threads of networks that are opened from now on."""
    asked, real = [], sessions.onnxruntime.InferenceSession

    def spy(path, options, **rest):
        asked.append(options.intra_op_num_threads)
        assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
        return real(path, options, **rest)

    monkeypatch.setattr(sessions.onnxruntime, "InferenceSession", spy)
    return asked


def in_workers(count, run, *batches):
    with ThreadPoolExecutor(count, initializer=use_one_core) as pool:
        return list(pool.map(run, *batches))


def test_workers_run_a_network_on_one_core_and_get_the_same_numbers(graph, monkeypatch):
    asked = opened(monkeypatch)
    session = OnnxSession(graph, threads=4)
    batches = [batch_of(size, seed=size) for size in range(1, 33)]
    expected = [session.run(batch) for batch in batches]
    assert asked == [4]
    found = in_workers(8, session.run, batches)
    assert asked == [4, 1]
    for one, other in zip(expected, found, strict=True):
        for left, right in zip(one, other, strict=True):
            np.testing.assert_array_equal(left, right)


def test_a_network_on_one_thread_is_opened_once(graph, monkeypatch):
    asked = opened(monkeypatch)
    session = OnnxSession(graph, threads=1)
    in_workers(2, session.run, [batch_of(2)])
    assert asked == [1]


def test_a_network_whose_file_is_gone_still_runs_in_workers(graph, tmp_path):
    copy = tmp_path / "copy.onnx"
    copy.write_bytes(graph.read_bytes())
    session = OnnxSession(copy, threads=2)
    copy.unlink()
    (found,) = in_workers(1, session.run, [batch_of(3)])
    np.testing.assert_array_equal(found[1], session.run(batch_of(3))[1])


def test_a_model_opens_with_all_its_parts():
    opened = open_sessions(card("mtcnn"), threads=1)
    assert list(opened) == ["pnet", "rnet", "onet"]
    (scores, boxes) = opened["pnet"].run(np.zeros((1, 3, 30, 40), np.float32))
    assert scores.shape == (1, 1, 10, 15)
    assert boxes.shape == (1, 4, 10, 15)


WORD = "import lookalike.models.session, os; print(os.environ['ORT_DISABLE_TELEMETRY'])"


def test_the_runtime_leaves_no_file_and_reports_nothing(tmp_path):
    assert said({"TMPDIR": str(tmp_path)}) == "1"
    assert list(tmp_path.iterdir()) == []


def test_whoever_wants_the_runtime_to_report_can_say_so():
    # Nothing is sent from here all the same: it takes this for a build server.
    assert said({"ORT_DISABLE_TELEMETRY": "0", "CI": "1"}) == "0"


def said(settings: dict[str, str]) -> str:
    """Return whether the runtime is told to keep still, in a fresh process."""
    names = ("ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "CI")
    others = {name: value for name, value in os.environ.items() if name not in names}
    done = subprocess.run(
        [sys.executable, "-c", WORD],
        env={**others, **settings}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()
