"""State dictionaries against files written after torch's formats, and by torch itself."""

from __future__ import annotations

import os
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.errors import WeightsUnreadable
from lookalike.models.convert.torch_state import read_state

from . import torch_files
from .torch_files import a_global, a_tuple, dictionary, tensor, text, write_legacy, write_zip


def arrays():
    rng = np.random.default_rng(0)
    return {
        "conv.weight": rng.normal(size=(4, 3, 2, 5)).astype(np.float32),
        "bn.running_mean": rng.normal(size=7),
        "half": rng.normal(size=(2, 2)).astype(np.float16),
        "bn.num_batches_tracked": np.array(41, np.int64),
    }


@pytest.mark.parametrize("legacy", [False, True])
def test_arrays_arrive_as_they_were(tmp_path, legacy):
    torch_files.save(tmp_path / "net.pt", arrays(), legacy=legacy)
    found = read_state(tmp_path / "net.pt")
    assert list(found) == list(arrays())
    for name, expected in arrays().items():
        np.testing.assert_array_equal(found[name], expected)
        assert found[name].dtype == expected.dtype
        assert found[name].flags.owndata
        assert found[name].flags.c_contiguous


@pytest.mark.parametrize("legacy", [False, True])
def test_views_of_one_storage(tmp_path, legacy):
    numbers = np.arange(24, dtype=np.float32)
    views = {
        "transposed": {"offset": 0, "shape": (4, 6), "strides": (1, 4)},
        "part": {"offset": 5, "shape": (2, 3), "strides": (8, 2)},
        "one": {"offset": 23, "shape": (), "strides": ()},
    }
    path = tmp_path / "net.pt"
    made = {name: tensor(numbers, "k", legacy=legacy, **view) for name, view in views.items()}
    if legacy:
        write_legacy(path, dictionary(made), {"k": numbers.tobytes()}, [24])
    else:
        write_zip(path, dictionary(made), {"k": numbers.tobytes()})
    found = read_state(path)
    np.testing.assert_array_equal(found["transposed"], numbers.reshape(6, 4).T)
    np.testing.assert_array_equal(found["part"], numbers[5:][[[0, 2, 4], [8, 10, 12]]])
    assert found["one"] == 23


@pytest.mark.parametrize("legacy", [False, True])
def test_as_torch_writes_it(tmp_path, legacy):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3), torch.nn.BatchNorm2d(8), torch.nn.Linear(8, 4)
    )
    path = tmp_path / "net.pt"
    torch.save(net.state_dict(), path, _use_new_zipfile_serialization=not legacy)
    found = read_state(path)
    assert list(found) == list(net.state_dict())
    for name, expected in net.state_dict().items():
        np.testing.assert_array_equal(found[name], expected.numpy())


@pytest.mark.parametrize("legacy", [False, True])
def test_a_file_with_code_in_it_is_refused_and_nothing_runs(tmp_path, legacy):
    mark = tmp_path / "mark"
    command = a_tuple(text(f"touch {mark}"))
    evil = a_global(os.system.__module__, "system") + command + b"R"
    path = tmp_path / "net.pt"
    if legacy:
        write_legacy(path, dictionary({"weight": evil}), {}, [])
    else:
        write_zip(path, dictionary({"weight": evil}), {})
    with pytest.raises(WeightsUnreadable, match="not allowed"):
        read_state(path)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [
        (0, (5,), (1,)),
        (1, (4,), (1,)),
        (-1, (2,), (1,)),
        (0, (2,), (-1,)),
        (0, (2, 2), (3, 1)),
        (0, (1000,), (0,)),
        (0, (-1,), (1,)),
        (0, (0,), (1,)),
        (2**30, (1,), (1,)),
        (0, (2, 2), (1,)),
    ],
)
def test_a_view_that_leaves_its_storage_is_refused(tmp_path, offset, shape, strides):
    numbers = np.arange(4, dtype=np.float32)
    made = tensor(numbers, "0", offset=offset, shape=shape, strides=strides)
    write_zip(tmp_path / "net.pt", dictionary({"w": made}), {"0": numbers.tobytes()})
    with pytest.raises(WeightsUnreadable):
        read_state(tmp_path / "net.pt")


def test_a_storage_of_another_length_is_refused(tmp_path):
    numbers = np.arange(4, dtype=np.float32)
    description = dictionary({"w": tensor(numbers, "0")})
    write_zip(tmp_path / "a.pt", description, {"0": numbers.tobytes()[:-1]})
    write_zip(tmp_path / "b.pt", description, {"1": numbers.tobytes()})
    legacy = dictionary({"w": tensor(numbers, "0", legacy=True)})
    write_legacy(tmp_path / "c.pt", legacy, {"0": numbers.tobytes()}, [2**40])
    write_legacy(tmp_path / "d.pt", legacy, {"0": numbers.tobytes()[:-1]}, [4])
    write_legacy(tmp_path / "e.pt", legacy, {"9": numbers.tobytes()}, [4])
    for name in "abcde":
        with pytest.raises(WeightsUnreadable):
            read_state(tmp_path / f"{name}.pt")


def test_a_storage_that_would_unfold_is_refused(tmp_path):
    numbers = np.zeros(1_000_000, np.float32)
    with zipfile.ZipFile(tmp_path / "net.pt", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("net/data.pkl", dictionary({"w": tensor(numbers, "0")}))
        archive.writestr("net/data/0", numbers.tobytes())
    with pytest.raises(WeightsUnreadable, match="storage 0 is damaged"):
        read_state(tmp_path / "net.pt")


def test_big_endian_numbers_are_refused(tmp_path):
    torch_files.write_zip(tmp_path / "net.pt", dictionary({}), {}, byteorder=b"big")
    with pytest.raises(WeightsUnreadable, match="big-endian"):
        read_state(tmp_path / "net.pt")


@pytest.mark.parametrize(
    ("description", "message"),
    [
        (b"\x80\x02N.", "does not hold a state dictionary"),
        (dictionary({}), "does not hold a state dictionary"),
        (dictionary({"epoch": b"K\x07"}), "holds more than arrays: 'epoch'"),
        (b"\x80\x02}(K\x01NuN.", "damaged"),
    ],
)
def test_what_is_no_state_dictionary_is_refused(tmp_path, description, message):
    write_zip(tmp_path / "net.pt", description, {})
    with pytest.raises(WeightsUnreadable, match=message):
        read_state(tmp_path / "net.pt")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x80\x02K\x01.", b"PK\x03\x04 no archive"])
def test_other_files_are_refused(tmp_path, content):
    (tmp_path / "net.pt").write_bytes(content)
    with pytest.raises(WeightsUnreadable):
        read_state(tmp_path / "net.pt")


@pytest.mark.parametrize("legacy", [False, True])
@settings(max_examples=60)
@given(kept=st.floats(0, 0.999))
def test_a_file_cut_anywhere_is_refused(tmp_path_factory, legacy, kept):
    path = tmp_path_factory.mktemp("cut") / "net.pt"
    torch_files.save(path, arrays(), legacy=legacy)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(WeightsUnreadable):
        read_state(path)


@pytest.mark.parametrize("legacy", [False, True])
def test_many_views_of_one_storage_do_not_fill_the_memory(tmp_path, legacy):
    numbers = np.arange(1000, dtype=np.float32)
    path = tmp_path / "net.pt"

    def save(count):
        made = {str(at): tensor(numbers, "k", legacy=legacy) for at in range(count)}
        if legacy:
            write_legacy(path, dictionary(made), {"k": numbers.tobytes()}, [1000])
        else:
            write_zip(path, dictionary(made), {"k": numbers.tobytes()})

    save(4)
    assert len(read_state(path)) == 4
    save(5)
    with pytest.raises(WeightsUnreadable, match="many times as large"):
        read_state(path)


@pytest.mark.parametrize("name", ["byteorder", "data.pkl"])
@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_what_unfolds_is_refused_unopened(tmp_path, name, kind):
    parts = {"byteorder": b"little", "data.pkl": dictionary({"w": tensor(np.zeros(1), "0")})}
    parts[name] = bytes(1 << 25)
    with zipfile.ZipFile(tmp_path / "net.pt", "w") as archive:
        for entry, content in parts.items():
            archive.writestr(f"net/{entry}", content, kind if entry == name else None)
        archive.writestr("net/data/0", bytes(8))
    assert (tmp_path / "net.pt").stat().st_size < 1 << 17
    tracemalloc.start()
    with pytest.raises(WeightsUnreadable):
        read_state(tmp_path / "net.pt")
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()
