"""Sound from one file, frames from another, packet by packet."""

from __future__ import annotations

import pytest

from lookalike.errors import OptionError, VideoMissing, VideoUnreadable
from lookalike.video.muxing import mux

from .clips import Clip, packets


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_frames_and_sound_are_the_same_bytes(suffix, tmp_path):
    frames = Clip(f"frames{suffix}", audio="aac", subtitles=True, chapters=True).make(tmp_path)
    sound = Clip("sound.mkv", audio="libmp3lame", frames=30).make(tmp_path)
    length_s = mux(frames, sound, tmp_path / f"out{suffix}")
    assert length_s == pytest.approx(30 / 25, abs=0.06)
    for source, kind in ((frames, "video"), (frames, "subtitle"), (sound, "audio")):
        before, after = packets(source, kind), packets(tmp_path / f"out{suffix}", kind)
        assert [data for _, data in after] == [data for _, data in before]
        assert len(after) > 0
        gaps = [abs(one[0] - other[0]) for one, other in zip(before, after, strict=True)]
        assert max(gaps) < 0.03  # Matroska counts in thousandths; MP3 begins before it is heard
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"frames{suffix}", f"out{suffix}", "sound.mkv"]  # fmt: skip


def test_what_does_not_go_together_is_said_and_leaves_nothing(tmp_path):
    frames = Clip("frames.mp4").make(tmp_path)
    sound = Clip("sound.mp4", audio="aac").make(tmp_path)
    with pytest.raises(OptionError, match=r"webm cannot hold h264"):
        mux(frames, sound, tmp_path / "out.webm")
    with pytest.raises(VideoUnreadable, match="no sound"):
        mux(sound, frames, tmp_path / "out.mp4")
    with pytest.raises(VideoMissing):
        mux(frames, tmp_path / "nothing.mp3", tmp_path / "out.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["frames.mp4", "sound.mp4"]
