"""Decoding apart: the same pixels, and what a photo can do to it."""

from __future__ import annotations

import io
import os
import signal
import struct
import threading
import zlib

import numpy as np
import pytest
from PIL import Image as PillowImage

from lookalike.errors import ImageError, ImageTooLarge, ImageUnreadable, ServiceBusy
from lookalike.images import Limits, read
from lookalike.web.guard import decoder as decoder_module
from lookalike.web.guard.decoder import Decoder
from lookalike.web.guard.decoders import Decoders


@pytest.fixture(scope="module")
def decoders():
    made = opened(Limits(max_pixels=30_000_000), 1, 20)
    yield made
    made.close()


def opened(*arguments: object) -> Decoders:
    made = Decoders(*arguments)
    made.start()
    return made


def saved(picture: PillowImage.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF", "BMP", "TIFF"])
def test_the_same_pixels_as_here(decoders, hopper, kind):
    import pillow_heif

    pillow_heif.register_heif_opener()
    data = saved(PillowImage.open(hopper).resize((256, 300)), kind)
    apart, here = decoders.read(data), read(data)
    assert np.array_equal(apart.pixels, here.pixels)
    assert apart.reduction == here.reduction


def test_large_photos_are_reduced_as_here(decoders, hopper):
    data = saved(PillowImage.open(hopper).resize((3584, 4200)), "JPEG")
    apart, here = decoders.read(data, 1600), read(data, longest_px=1600)
    assert apart.reduction == here.reduction == 2
    assert np.array_equal(apart.pixels, here.pixels)


@pytest.mark.parametrize("data", [b"", b"junk", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"x" * 5000])
def test_the_same_errors_as_here(decoders, data):
    with pytest.raises(ImageError) as here:
        read(data)
    with pytest.raises(type(here.value)) as apart:
        decoders.read(data)
    assert (apart.value.message, apart.value.hint) == (here.value.message, here.value.hint)


def test_limits_hold_apart(decoders):
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    bomb += struct.pack(">I", zlib.crc32(chunk)) + b"\0\0\0\0IDAT"
    with pytest.raises(ImageTooLarge):
        decoders.read(bomb)


def test_without_any_photos_are_decoded_here(hopper, monkeypatch):
    monkeypatch.setattr(decoder_module.subprocess, "Popen", None)
    here = opened(Limits(max_pixels=400_000), 0, 20)
    assert here.read(hopper.read_bytes()).width == 512
    with pytest.raises(ImageTooLarge):
        opened(Limits(max_pixels=100_000), 0, 20).read(hopper.read_bytes())


def test_pixels_need_no_decoding(decoders, hopper_image):
    assert decoders.read(hopper_image) is hopper_image


def test_a_process_that_dies_costs_one_photo(hopper):
    broken = []
    decoders = opened(Limits(), 1, 20, lambda: broken.append(1))
    data = hopper.read_bytes()
    decoders.read(data)
    (one,) = (decoders._idle.get(),)
    os.kill(one._process.pid, signal.SIGSEGV)
    one._process.wait()
    decoders._idle.put(one)
    with pytest.raises(ImageUnreadable):
        decoders.read(data)
    assert broken == [1]
    assert decoders.read(data).width == 512
    decoders.close()


def test_a_photo_that_takes_too_long_is_given_up(hopper):
    with Decoder(Limits(), 30) as one:
        one.read(hopper.read_bytes(), None)
        os.kill(one._process.pid, signal.SIGSTOP)  # it hangs
        one._time_s = 0.2
        with pytest.raises(ImageUnreadable):
            one.read(hopper.read_bytes(), None)
        assert one.broken


def test_what_is_not_free_in_time(hopper):
    decoders = opened(Limits(), 1, 0.1)
    taken = decoders._idle.get()
    with pytest.raises(ServiceBusy):
        decoders.read(hopper.read_bytes())
    taken.close()
    decoders.close()


def test_closing_waits_for_nobody_and_leaves_nobody(hopper):
    decoders = opened(Limits(), 2, 20)
    processes = []
    for _ in range(2):
        one = decoders._idle.get()
        processes.append(one._process)
        decoders._idle.put(one)
    threads = [
        threading.Thread(target=decoders.read, args=(hopper.read_bytes(),)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    decoders.close()
    assert [process.poll() is not None for process in processes] == [True, True]


PROBE = """
import json, resource, sys
from lookalike.images import Limits
from lookalike.web.guard.process import _shut_in
_shut_in(Limits(max_pixels=1_000_000))
found = {}
try:
    with open(sys.argv[1], "wb") as file:
        file.write(b"x")
except OSError as error:
    found["write"] = error.errno
try:
    bytearray(2 * 1024**3)
except MemoryError:
    found["memory"] = True
found["core"] = resource.getrlimit(resource.RLIMIT_CORE)
print(json.dumps(found))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such limits")
def test_it_can_neither_write_nor_grow(tmp_path):
    import errno
    import json
    import subprocess
    import sys

    # The signal that comes with it ends a process that does not ignore it; Python does.
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path / "written")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found == {"write": errno.EFBIG, "memory": True, "core": [0, 0]}
    assert (tmp_path / "written").stat().st_size == 0


def test_it_knows_nothing_of_the_service(monkeypatch):
    monkeypatch.setenv("LOOKALIKE_SERVE_FIND_TOKENS", "s" * 40)
    seen = {}

    class Process:
        def __init__(self, *_: object, env: dict[str, str], **__: object) -> None:
            seen.update(env)

    monkeypatch.setattr(decoder_module.subprocess, "Popen", Process)
    Decoder(Limits(), 1)
    assert seen
    assert not [name for name in seen if name.startswith("LOOKALIKE")]
