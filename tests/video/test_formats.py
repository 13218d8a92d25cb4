"""Whatever goes in comes out: frames, sound, times, orientation, and all that lies beside."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from lookalike.errors import OptionError, VideoMissing, VideoUnreadable
from lookalike.video.film import Film
from lookalike.video.footage import Span
from lookalike.video.labeling import label
from lookalike.video.writing import Writer

from .clips import Clip, packets, shown
from .conftest import Says

CLIPS = [
    Clip("h264-aac.mp4", "libx264", "aac"),
    Clip("h264-none.mp4", "libx264"),
    Clip("vp9-opus.webm", "libvpx-vp9", "libopus"),
    Clip("av1-opus.mkv", "libsvtav1", "libopus", size=(96, 64)),
    Clip("mpeg4-mp3.mp4", "mpeg4", "libmp3lame"),
    Clip("mpeg4-mp3.avi", "mpeg4", "libmp3lame"),
    Clip("h264-mp3.mkv", "libx264", "libmp3lame", subtitles=True, chapters=True),
    Clip("subtitles.mp4", "libx264", "aac", subtitles=True, chapters=True),
    Clip("variable.mp4", "libx264", "aac",
         times=tuple(np.cumsum([0, *([7, 60, 24, 24, 90] * 5)])[:24].tolist())),
    Clip("late.mp4", "libx264", "aac", start=300),
    Clip("ten-bits.mkv", "libx264", "aac", pix_fmt="yuv420p10le"),
    Clip("full-color.mkv", "libx264", pix_fmt="yuv444p"),
]  # fmt: skip


def labeled(source: Path, output: Path, looker, head, **span: float) -> Writer:
    footage = Film(str(source), Span(**span))
    writer = Writer(output, footage)
    label(footage, looker, head, [writer])
    return writer


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
def test_frames_times_and_sound_are_the_same(clip: Clip, tmp_path: Path, looker, says_ada):
    source = clip.make(tmp_path)
    output = tmp_path / ("out" + (source.suffix if source.suffix != ".avi" else ".mkv"))
    assert labeled(source, output, looker, says_ada).left_out == []
    before, after = shown(source), shown(output)
    assert len(before[0]) == len(after[0]) == clip.frames
    # Matroska and WebM count in thousandths of a second.
    tick = 1e-9 if output.suffix == ".mp4" else 0.001
    assert np.abs(np.subtract(before[0], after[0])).max() <= tick
    for kind in ("audio", "subtitle"):
        old, new = packets(source, kind), packets(output, kind)
        assert [data for _, data in old] == [data for _, data in new]
        gaps = [abs(one[0] - other[0]) for one, other in zip(old, new, strict=True)]
        assert max(gaps, default=0) <= tick
    assert bool(packets(output, "audio")) is bool(clip.audio)
    with av.open(str(source)) as old, av.open(str(output)) as new:
        assert new.metadata["title" if "title" in new.metadata else "TITLE"] == "A tiny clip"
        assert [one["metadata"].get("title") for one in new.chapters()] == ["One"] * clip.chapters
        assert abs(old.duration - new.duration) <= 45_000  # of a frame, in millionths of a second


def test_the_face_is_labeled_and_the_rest_is_not_touched(tmp_path: Path, looker, says_ada):
    source = Clip(audio="aac", size=(320, 240)).make(tmp_path)
    labeled(source, tmp_path / "out.mp4", looker, says_ada)
    before, after = shown(source)[1][12], shown(tmp_path / "out.mp4")[1][12]
    apart = np.abs(before.astype(int) - after).max(axis=2)
    assert apart[50:190, 70:250].max() > 60  # corners of the box
    assert apart[182:215, 90:230].mean() > 30  # the plate below it
    assert apart[:40].mean() < 6  # above, only the encoder was at work


@pytest.mark.parametrize("rotation", [90, 180, -90])
def test_a_rotated_video_stays_upright(rotation: int, tmp_path: Path, looker, says_ada):
    source = Clip(audio="aac", rotation=rotation, size=(128, 64)).make(tmp_path)
    labeled(source, tmp_path / "out.mp4", looker, says_ada)
    before, after = shown(source)[1][0], shown(tmp_path / "out.mp4")[1][0]
    assert before.shape == after.shape == ((64, 128, 3) if rotation == 180 else (128, 64, 3))
    # The red corner is where players show it.
    red = [(picture[..., 0] > 150) & (picture[..., 1] < 90) for picture in (before, after)]
    centers = [np.argwhere(mask).mean(axis=0) for mask in red]
    assert np.abs(centers[0] - centers[1]).max() < 2
    assert red[0].sum() > 200


@pytest.mark.parametrize(("name", "codec"), [("odd.webm", "libvpx-vp9"), ("odd.mp4", "mpeg4")])
def test_an_odd_size_grows_by_a_pixel(name: str, codec: str, tmp_path: Path, looker):
    source = Clip(name, codec, size=(97, 65)).make(tmp_path)
    labeled(source, tmp_path / f"out-{name}", looker, Says(None))
    before, after = shown(source)[1][5], shown(tmp_path / f"out-{name}")[1][5]
    assert before.shape == (65, 97, 3)
    assert after.shape == (66, 98, 3)
    assert np.abs(before[:12, :90].astype(int) - after[:12, :90]).mean() < 6


def test_a_part_begins_at_nought_and_keeps_its_sync(tmp_path: Path, looker):
    source = Clip(audio="aac", frames=75).make(tmp_path)
    labeled(source, tmp_path / "out.mp4", looker, Says(None), start_s=1.0, end_s=2.0)
    times, pictures = shown(tmp_path / "out.mp4")
    assert len(times) == 25
    assert times[0] == pytest.approx(0, abs=0.03)
    first = shown(source)[1][25]
    assert np.abs(first[:14].astype(int) - pictures[0][:14]).mean() < 6
    all_sound = dict.fromkeys(data for _, data in packets(source, "audio"))
    part = packets(tmp_path / "out.mp4", "audio")
    assert {data for _, data in part} <= set(all_sound)
    # Each packet stands as far from the frames as before.
    old = {data: time for time, data in packets(source, "audio")}
    shifts = {round(old[data] - time, 2) for time, data in part}
    assert len(part) > 35
    assert all(shift == pytest.approx(1.0, abs=0.04) for shift in shifts)


def test_attachments_go_along(tmp_path: Path, looker, says_ada):
    source = tmp_path / "with-font.mkv"
    plain = Clip("plain.mkv", audio="libopus").make(tmp_path)
    with av.open(str(plain)) as old, av.open(str(source), "w") as new:
        streams = {one.index: new.add_stream_from_template(one) for one in old.streams}
        new.add_attachment("a font.ttf", "application/x-truetype-font", b"letters")
        for packet in old.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                new.mux_one(packet)
    labeled(source, tmp_path / "out.mkv", looker, says_ada)
    with av.open(str(tmp_path / "out.mkv")) as made:
        (attachment,) = [one for one in made.streams if one.type == "attachment"]
        assert (attachment.name, bytes(attachment.data)) == ("a font.ttf", b"letters")


def test_sound_that_the_format_cannot_hold_is_no_sound_lost(tmp_path: Path, looker, says_ada):
    source = Clip("clip.mp4", audio="aac").make(tmp_path)
    with pytest.raises(OptionError, match="cannot hold the sound, which is aac") as caught:
        labeled(source, tmp_path / "out.webm", looker, says_ada)
    assert ".mkv" in caught.value.hint
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4"]


def test_what_is_no_video_is_said(tmp_path: Path):
    with pytest.raises(VideoMissing, match="No such file"):
        Film(str(tmp_path / "nothing.mp4"))
    (tmp_path / "text.mp4").write_text("this is no video")
    with pytest.raises(VideoUnreadable, match="Invalid data"):
        Film(str(tmp_path / "text.mp4"))
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(VideoUnreadable):
        Film(str(tmp_path / "empty.mp4"))
    with av.open(str(tmp_path / "sound.mp3"), "w") as made:
        stream = made.add_stream("libmp3lame", rate=44_100)
        from .clips import tone

        made.mux(stream.encode(tone(0, 44_100)))
        made.mux(stream.encode(None))
    with pytest.raises(VideoUnreadable, match="no moving pictures"):
        Film(str(tmp_path / "sound.mp3"))
    with pytest.raises(OptionError, match="format"):
        Writer(tmp_path / "out.gif", Film(str(Clip().make(tmp_path))))
