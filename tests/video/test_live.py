"""Footage that comes over the wire, and a preview that goes out over it."""

from __future__ import annotations

import socket
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import av
import pytest

from lookalike.errors import VideoMissing, VideoUnreadable
from lookalike.video.labeling import label
from lookalike.video.opening import open_live
from lookalike.video.options import LabelOptions
from lookalike.video.preview import Preview
from lookalike.video.watching import WatchOptions
from lookalike.video.writing import Writer

from .clips import Clip, packets, shown
from .conftest import Says

NOW = LabelOptions(watching=WatchOptions(look_ahead_s=0.2))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def send(source: Path, address: str) -> None:
    """Send a file to an address as soon as somebody listens there."""
    with av.open(str(source)) as old:
        packets = [packet for packet in old.demux() if packet.dts is not None]
        for _ in range(200):
            try:
                new = av.open(address, "w", format="mpegts")
                streams = {one.index: new.add_stream_from_template(one) for one in old.streams}
                new.start_encoding()
            except ConnectionRefusedError:
                time.sleep(0.05)
                continue
            break
        with new:
            for packet in packets:
                packet.stream = streams[packet.stream.index]
                new.mux_one(packet)


def test_a_stream_over_the_network_is_labeled_and_kept(tmp_path, looker):
    source = Clip("clip.ts", audio="aac", frames=75, size=(320, 240)).make(tmp_path)
    address = f"tcp://127.0.0.1:{free_port()}"
    sender = threading.Thread(target=send, args=(source, address))
    sender.start()
    footage = open_live(f"{address}?listen=1&listen_timeout=8000")
    writer = Writer(tmp_path / "out.mkv", footage, live=True)
    labeling = label(footage, looker, Says(), [writer], NOW)
    sender.join(10)
    times, _ = shown(tmp_path / "out.mkv")
    assert labeling.frames == len(times) > 60
    assert [one.name for one in labeling.segments] == ["Ada Lovelace"]
    kept = [data for _, data in packets(tmp_path / "out.mkv", "audio")]
    assert len(kept) > 100


def test_nobody_there_is_said():
    with pytest.raises(VideoUnreadable, match="refused"):
        open_live(f"tcp://127.0.0.1:{free_port()}")
    with pytest.raises(VideoMissing, match="/dev/video97"):
        open_live("97")


def test_a_preview_shows_frames_to_who_knows_the_address(tmp_path, looker):
    from lookalike.video.film import Film

    preview = Preview()
    root = preview.address.rsplit("/", 2)[0]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{root}/frames")  # noqa: S310 - an address of our own
    with urllib.request.urlopen(preview.address) as page:  # noqa: S310
        assert b'src="frames"' in page.read()
    seen: list[bytes] = []
    watching = threading.Event()

    def watch() -> None:
        with urllib.request.urlopen(f"{preview.address}frames") as stream:  # noqa: S310
            watching.set()
            seen.append(stream.read())

    viewer = threading.Thread(target=watch)
    viewer.start()
    watching.wait(5)
    film = Film(str(Clip(frames=150).make(tmp_path)))
    label(film, looker, Says(), [preview], NOW)
    viewer.join(5)
    assert not viewer.is_alive()
    assert seen[0].count(b"\xff\xd8\xff") >= 1  # JPEG pictures
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(preview.address)  # noqa: S310
