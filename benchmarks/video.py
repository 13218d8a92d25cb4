"""How well and how fast the faces of videos are named.

Parts: ``clip`` (a real clip: one known person among strangers), ``people`` (eight people whose
truth is known, see ``video_data.py``), ``speed`` (three sizes, beside a plain loop of
face_recognition over the same frames), ``memory`` (twenty minutes).

Run: ``python benchmarks/video.py --data ../shared/data [--part NAME] [--peer PYTHON]``. The peer is
the Python of an environment with face_recognition:
``pip install dlib-bin "setuptools<81" face_recognition_models numpy pillow click av`` and
``pip install --no-deps face_recognition``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import cv2
import record
from video_data import RATE, SHOT_FRAMES, SIZE, Presence, Stage, choose, enlarge, write_video

from lookalike.alignment import align
from lookalike.cli.video import label_options
from lookalike.cli.video_heads import HeadChoice, open_head
from lookalike.encoding.quality import quality
from lookalike.models.options import ModelOptions
from lookalike.pipeline import Analyst
from lookalike.types import Image, person_id
from lookalike.video.film import Film
from lookalike.video.footage import Picture
from lookalike.video.labeling import Labeling, label
from lookalike.video.tracking import intersections
from lookalike.video.upright import rgb
from lookalike.video.watching import Labeled
from lookalike.video.writing import Writer

if TYPE_CHECKING:
    import numpy as np

PARTS = ("clip", "people", "speed", "memory")
SINGER = "Lin-Manuel Miranda"
#: What is on the clip, seen by eye on contact sheets of all frames: the first shot shows him at
#: the right and a pianist at the left, the third one him alone, the others strangers.
HIS_SHOTS = ((0, 20, 320.0), (82, 211, 0.0))
HEADS = tuple(
    HeadChoice(*one)
    for one in (("find", None, 1e-2), ("find", None, 1e-1), ("centroid", None, 1e-2))
)
SIZES = {"640x360": (640, 360), "1280x720": (1280, 720), "1920x1080": (1920, 1080)}
PEER = Path(__file__).with_name("video_peer.py")
#: Shots of the videos that speed is measured on, of 120 frames each.
SHOTS = 4
OURS = (sys.executable, Path(__file__), "--once", "ours")
ROUNDS = 2
MINUTES = 20


def gallery_of(data: Path, work: Path, without: set[Path]) -> Path:
    """Build a gallery of PINS, less some photos, and of the singer's one portrait."""
    path = work / "people.gallery"
    folder = work / "people"
    for person in sorted((data / "pins").iterdir()):
        if person.is_dir():
            (folder / person.name).mkdir(parents=True)
            for photo in person.glob("*.jpg"):
                if photo not in without:
                    shutil.copy(photo, folder / person.name)
    (folder / SINGER).mkdir()
    shutil.copy(data / "video" / "lin-manuel-miranda.png", folder / SINGER)
    lookalike = [sys.executable, "-m", "lookalike"]
    subprocess.run([*lookalike, "gallery", "build", str(folder), "-o", str(path)], check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    return path


def watch(video: Path, gallery: Path, choice: HeadChoice) -> tuple[Labeling, list[Labeled]]:
    """Label a video without writing it, and return what is shown on each frame."""
    looker, head = open_head(gallery, choice, ModelOptions())
    frames: list[Labeled] = []

    def keep(one: Labeled) -> None:
        frames.append(Labeled(Picture(one.picture.number, one.picture.time_s, None), one.faces))  # type: ignore[arg-type]

    options = label_options(head, 0, 24, (False, False))
    return label(Film(str(video)), looker, head, [], options, keep), frames


def clip_part(data: Path, gallery: Path) -> dict[str, Any]:
    """Measure how often the singer is named, and who else is."""
    clip = data / "video" / "short_hamilton_clip.mp4"
    analyst = Analyst.open()
    faces = []
    for event in Film(str(clip)).events():
        if isinstance(event, Picture):
            image = Image(rgb(event.frame))
            (found,) = analyst.detector.detect([image])
            yaw = quality(image, found, align(image, found)).yaw
            faces.append((found.boxes, found.sizes_px, yaw))
    return {_title(choice): _clip_figures(clip, gallery, choice, faces) for choice in HEADS}


def _clip_figures(clip: Path, gallery: Path, choice: HeadChoice, faces: Any) -> dict[str, Any]:
    labeling, frames = watch(clip, gallery, choice)
    clear, named, others = set(), set(), Counter()
    for number, (boxes, sizes, yaw) in enumerate(faces):
        shown = frames[number].faces
        for box, size, turned in zip(boxes, sizes, yaw, strict=True):
            his = any(a <= number < b and box[0] >= left for a, b, left in HIS_SHOTS)
            name = _name_at(shown, box)
            if his and size > 60 and abs(turned) < 0.3:
                clear.add(number)
                named |= {number} if name == SINGER else set()
            elif not his and name is not None:
                others[name] += 1
    return {
        "frames": len(frames),
        "frames_where_he_is_clear": len(clear),
        "named_in": len(named),
        "share": round(len(named) / len(clear), 4),
        "strangers_given_his_name": others.pop(SINGER, 0),
        "strangers_given_another_name": sum(others.values()),
        "looks": labeling.looks,
        "faces_encoded": labeling.encoded,
        "names_changed": labeling.revisions,
    }


def _name_at(shown: Any, box: np.ndarray) -> str | None:
    for face in shown:
        if intersections(face.box[None], box[None])[0, 0] > 0.3 and face.verdict.person:
            return str(face.verdict.person.name)
    return None


def people_part(video: Path, there: list[list[Presence]], names: list[str], gallery: Path) -> Any:
    """Measure how often eight people are named rightly."""
    return {
        _title(choice): people_figures(*watch(video, gallery, choice), there, names)
        for choice in HEADS
    }


def people_figures(
    labeling: Labeling, frames: list[Labeled], there: list[list[Presence]], names: list[str]
) -> dict[str, Any]:
    """Compare what is shown with who is there.

    Somebody counts where at least 70 % of the still are to be seen. A frame is right if all who
    count bear their names and nobody bears another one's.
    """
    right_frames = faces = right_faces = wrong_names = 0
    story: dict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)
    for number, (one, present) in enumerate(zip(frames, there, strict=True)):
        fine = True
        for person in present:
            found = [face for face in one.faces if _inside(face.box, person.box)]
            name = next((f.verdict.person.name for f in found if f.verdict.person), "")
            track = next((f.track for f in found), 0)
            is_right = person_id(name) == person_id(names[person.who])
            wrong = bool(name) and not is_right
            # Somebody behind may bear the name of who is in front of them.
            wrong = wrong and (person.shown >= 0.7 or len(present) == 1)
            if person.shown >= 0.7:
                faces += 1
                right_faces += is_right
                fine &= is_right
                story[number // SHOT_FRAMES, person.who].append((track, name))
            fine &= not wrong
            wrong_names += int(wrong)
        right_frames += fine
    return {
        "frames": len(frames),
        "frames_right": round(right_frames / len(frames), 4),
        "faces_right": round(right_faces / faces, 4),
        "wrong_names": wrong_names,
        **_switches(story),
        "looks": labeling.looks,
        "faces_encoded": labeling.encoded,
        "names_changed": labeling.revisions,
    }


def _inside(box: np.ndarray, still: tuple[float, ...]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return bool(still[0] <= x <= still[2] and still[1] <= y <= still[3])


def _switches(story: dict[Any, list[tuple[int, str]]]) -> dict[str, Any]:
    """Count tracks and names that change while somebody is there."""
    tracks = names = 0
    for steps in story.values():
        seen = [track for track, _ in steps if track]
        tracks += sum(a != b for a, b in pairwise(seen))
        shown = [name for _, name in steps]
        names += sum(a != b for a, b in pairwise(shown))
    minutes = sum(map(len, story.values())) / RATE / 60
    return {
        "identity_switches": tracks,
        "flicker_a_minute_on_screen": round(names / minutes, 3),
    }


def _title(choice: HeadChoice) -> str:
    return f"{choice.name}, fmr {choice.fmr:g}" if choice.fmr else choice.name


def once_ours(video: Path, gallery: Path, output: Path) -> dict[str, float]:
    """Label a video and say what it cost."""
    looker, head = open_head(gallery, HEADS[0], ModelOptions())
    options = label_options(head, 0, 24, (False, False))
    footage = Film(str(video))
    peaks: list[int] = []
    began, spent = time.perf_counter(), _cpu_s()

    def step(one: Labeled) -> None:
        if one.picture.number % 1800 == 0:
            peaks.append(_resident_mb())

    labeling = label(footage, looker, head, [Writer(output, footage)], options, step)
    wall, cpu = time.perf_counter() - began, _cpu_s() - spent
    return {"frames": labeling.frames, "wall_s": wall, "cpu_s": cpu, "resident_mb": peaks}  # type: ignore[dict-item]


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _resident_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def looped(clip: Path, path: Path, minutes: int) -> Path:
    """Repeat a video, packet by packet."""
    with av.open(str(clip)) as old, av.open(str(path), "w") as new:
        streams = {one.index: new.add_stream_from_template(one) for one in old.streams}
        kept = [packet for packet in old.demux() if packet.dts is not None]
        length = old.duration / av.time_base + 0.02
        for again in range(round(minutes * 60 / length)):
            for packet in kept:
                copy = av.Packet(bytes(packet))
                shift = round(again * length / packet.time_base)
                copy.pts, copy.dts = packet.pts + shift, packet.dts + shift
                copy.time_base, copy.duration = packet.time_base, packet.duration
                copy.is_keyframe, copy.stream = packet.is_keyframe, streams[packet.stream.index]
                new.mux_one(copy)
    return path


def in_process(python: Path | str, script: Path, *arguments: object) -> dict[str, Any]:
    """Run one measurement in a process of its own."""
    command = [str(python), str(script), *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def speed_videos(stills: list[list[np.ndarray]], sound: Path, work: Path) -> dict[str, Path]:
    """Write the same video in three sizes."""
    videos = {name: work / f"{name}.mp4" for name in SIZES}
    smallest = next(iter(videos.values()))
    write_video(smallest, Stage(stills, SIZE), sound, SHOTS)
    for name, size in list(SIZES.items())[1:]:
        enlarge(smallest, videos[name], size)
    return videos


def speed_part(
    videos: dict[str, Path], gallery: Path, work: Path, peer: Path | None
) -> dict[str, Any]:
    """Measure frames a second from file to file, beside the peer, taking turns."""
    figures: dict[str, Any] = {}
    for name, video in videos.items():
        runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for _ in range(ROUNDS):
            runs["ours"].append(in_process(*OURS, video, gallery, work / "out.mp4"))
            if peer is not None:
                runs["face_recognition"].append(in_process(peer, PEER, video))
        rows = {of: {
            "frames_a_second": record.median([one["frames"] / one["wall_s"] for one in run]),
            "cpu_ms_a_frame": record.median([1000 * one["cpu_s"] / one["frames"] for one in run]),
            "runs": run,
        } for of, run in runs.items()}  # fmt: skip
        if peer is not None:
            theirs = rows["face_recognition"]
            rows["times_faster"] = round(
                rows["ours"]["frames_a_second"] / theirs["frames_a_second"], 1)  # fmt: skip
            rows["times_less_cpu"] = round(
                theirs["cpu_ms_a_frame"] / rows["ours"]["cpu_ms_a_frame"], 1)  # fmt: skip
        figures[name] = {"load": os.getloadavg()[0], **rows}
    return figures


def main() -> None:
    """Measure and write ``results/video.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--peer", type=Path)
    arguments = parser.parse_args()
    data, clip = arguments.data, arguments.data / "video" / "short_hamilton_clip.mp4"
    path = record.RESULTS / "video.json"
    kept = json.loads(path.read_text("utf-8")) if path.exists() and arguments.part else {}
    wanted = [arguments.part] if arguments.part else PARTS
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        names, chosen = choose(data, Analyst.open())
        gallery = gallery_of(data, work, {photo for row in chosen for photo in row})
        stills = [[cv2.imread(str(photo))[..., ::-1] for photo in row] for row in chosen]
        if "clip" in wanted:
            kept["clip"] = clip_part(data, gallery)
        if "people" in wanted:
            video = work / "people.mp4"
            there = write_video(video, Stage(stills, SIZE), clip)
            kept["people"] = people_part(video, there, names, gallery)
        if "speed" in wanted:
            videos = speed_videos(stills, clip, work)
            kept["speed"] = speed_part(videos, gallery, work, arguments.peer)
        if "memory" in wanted:
            video = looped(clip, work / "long.mkv", MINUTES)
            kept["memory"] = in_process(*OURS, video, gallery, work / "out.mkv")
    record.write("video", {part: kept[part] for part in PARTS if part in kept})


ONCE = {
    "ours": lambda video, gallery, output: once_ours(Path(video), Path(gallery), Path(output)),
}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        print(json.dumps(ONCE[sys.argv[2]](*sys.argv[3:])))
    else:
        main()
