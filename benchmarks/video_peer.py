"""The plain loop of face_recognition over some frames of a video: find, encode, compare.

Runs in an environment that has face_recognition; prints JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import av
import face_recognition
import numpy as np

#: Its time for a frame does not depend on how many there are.
FRAMES = 12
KNOWN = 1400


def cpu_s() -> float:
    """Return the processor time of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(video: str) -> None:
    """Measure."""
    known = list(np.random.default_rng(0).normal(0, 0.1, (KNOWN, 128)))
    with av.open(video) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    frames = frames[:: max(len(frames) // FRAMES, 1)][:FRAMES]
    began, spent = time.perf_counter(), cpu_s()
    faces = 0
    for frame in frames:
        places = face_recognition.face_locations(frame)
        for vector in face_recognition.face_encodings(frame, places):
            faces += int(np.argmin(face_recognition.face_distance(known, vector)) >= 0)
    answer = {"frames": len(frames), "faces": faces, "wall_s": time.perf_counter() - began}
    print(json.dumps({**answer, "cpu_s": cpu_s() - spent}))


if __name__ == "__main__":
    main(sys.argv[1])
