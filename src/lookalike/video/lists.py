"""The lists beside a labeled video: JSON, CSV, WebVTT, SRT, a timeline, everybody's best face."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, Final

from lookalike.errors import VideoUnwritable
from lookalike.figures import save
from lookalike.figures.timeline import Presence, timeline
from lookalike.images.write import encode_jpeg
from lookalike.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lookalike.video.heads import Head
    from lookalike.video.labeling import Labeling
    from lookalike.video.roll import Segment

COLUMNS: Final = ("name", "person", "start_s", "end_s", "confidence", "measure")
_HINT: Final = "choose a folder that exists, may be written to and has room"
#: What a file may be called everywhere.
_UNSAFE: Final = re.compile(r"[^\w\-]+")
_LONGEST: Final = 80


def fields(labeling: Labeling, head: Head) -> dict[str, Any]:
    """Return what became of a video, for machines.

    Parameters
    ----------
    labeling : Labeling
        What became of it.
    head : Head
        What said whom faces show.

    Returns
    -------
    dict
        JSON values.
    """
    faults = labeling.faults
    return {
        "head": head.name,
        "frames": labeling.frames,
        "length_s": round(labeling.length_s, 3),
        "people": [
            {"name": name, "person": person, "on_screen_s": round(total, 3)}
            for person, name, total in _totals(labeling)
        ],
        "segments": [_segment_fields(one, head) for one in labeling.segments],
        "frames_looked_at": labeling.looks,
        "faces_found": labeling.found,
        "faces_encoded": labeling.encoded,
        "names_changed": labeling.revisions,
        "damaged_packets": faults.damaged,
        "stopped_s": None if faults.stopped_s is None else round(faults.stopped_s, 3),
        "stopped_because": faults.reason,
    }


def _segment_fields(one: Segment, head: Head) -> dict[str, Any]:
    return {
        "name": one.person.name if one.person else None,
        "person": one.person.id if one.person else None,
        "start_s": round(one.start_s, 3),
        "end_s": round(one.end_s, 3),
        "confidence": round(one.confidence, 3),
        head.measure: None if one.measure is None else round(one.measure, 4),
        "tracks": list(one.tracks),
    }


def _totals(labeling: Labeling) -> list[tuple[str, str, float]]:
    """Return id, name and time on screen of everybody who was named, the longest first."""
    rows = presences(labeling)
    found = [(row.person.id, row.person.name, row.total_s) for row in rows if row.person]
    return sorted(found, key=lambda one: -one[2])


def presences(labeling: Labeling) -> list[Presence]:
    """Return when everybody is on screen.

    Parameters
    ----------
    labeling : Labeling
        What became of a video.

    Returns
    -------
    list of Presence
        In the order of coming; all unknown faces together at the end.
    """
    people = {one.person.id: one.person for one in labeling.segments if one.person}
    rows = []
    for key, person in people.items():
        spans = [(s.start_s, s.end_s) for s in labeling.segments if s.person and s.person.id == key]
        rows.append(Presence(person, tuple(spans), labeling.portraits.get(key)))
    strangers = [(one.start_s, one.end_s) for one in labeling.segments if one.person is None]
    return [*rows, Presence(None, tuple(strangers))] if strangers else rows


def csv_text(segments: Iterable[Segment]) -> str:
    """Write segments as a table for spreadsheets.

    Parameters
    ----------
    segments : iterable of Segment
        Who is on screen when.

    Returns
    -------
    str
        With a heading.
    """
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in segments:
        measure = "" if one.measure is None else f"{one.measure:.4f}"
        person = one.person.id if one.person else ""
        times = f"{one.start_s:.3f}", f"{one.end_s:.3f}"
        table.writerow([one.name, person, *times, f"{one.confidence:.3f}", measure])
    return stream.getvalue()


def vtt_text(segments: Iterable[Segment]) -> str:
    """Write the named segments as WebVTT, which players show as chapters or subtitles.

    Parameters
    ----------
    segments : iterable of Segment
        Who is on screen when.

    Returns
    -------
    str
        One cue for each.
    """
    cues = ["WEBVTT"]
    for number, one in enumerate(_named(segments), 1):
        name = one.name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        cues.append(f"{number}\n{_stamp(one.start_s, '.')} --> {_stamp(one.end_s, '.')}\n"
                    f"{name} ({one.confidence:.0%} of the votes)")  # fmt: skip
    return "\n\n".join(cues) + "\n"


def srt_text(segments: Iterable[Segment]) -> str:
    """Write the named segments as SubRip.

    Parameters
    ----------
    segments : iterable of Segment
        Who is on screen when.

    Returns
    -------
    str
        One cue for each.
    """
    cues = [f"{number}\n{_stamp(one.start_s, ',')} --> {_stamp(one.end_s, ',')}\n"
            f"{one.name} ({one.confidence:.0%} of the votes)\n"
            for number, one in enumerate(_named(segments), 1)]  # fmt: skip
    return "\n".join(cues)


def _named(segments: Iterable[Segment]) -> list[Segment]:
    return [one for one in segments if one.person is not None]


def _stamp(time_s: float, point: str) -> str:
    thousandths = round(time_s * 1000)
    seconds, rest = divmod(max(thousandths, 0), 1000)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours:02}:{minutes:02}:{seconds % 60:02}{point}{rest:03}"


def write_lists(folder: Path, labeling: Labeling, head: Head, title: str) -> None:
    """Write all lists of a video.

    Parameters
    ----------
    folder : Path
        Where; it is made, and files of an earlier run are replaced.
    labeling : Labeling
        What became of the video.
    head : Head
        What said whom faces show.
    title : str
        What stands above the timeline.

    Raises
    ------
    VideoUnwritable
        If the folder cannot be written.
    """
    answer = json.dumps(fields(labeling, head), ensure_ascii=False, indent=2) + "\n"
    texts = {
        "people.json": answer,
        "people.csv": csv_text(labeling.segments),
        "people.vtt": vtt_text(labeling.segments),
        "people.srt": srt_text(labeling.segments),
    }
    for name, text in texts.items():
        write_whole(folder / name, text.encode(), VideoUnwritable, _HINT)
    for person, picture in labeling.portraits.items():
        face = folder / "faces" / f"{_file_name(person)}.jpg"
        write_whole(face, encode_jpeg(picture, 92), VideoUnwritable, _HINT)
    save(timeline(presences(labeling), labeling.length_s, title), folder / "timeline.png")


def _file_name(person: str) -> str:
    return _UNSAFE.sub("_", person)[:_LONGEST] or "_"
