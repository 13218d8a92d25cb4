"""Cuts are found; noise, movement and flicker are none."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.video.cuts import Cuts
from lookalike.video.film import Film
from lookalike.video.footage import Picture


def room(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.kron(rng.integers(0, 255, (9, 16)), np.ones((20, 20))).astype(np.float64)


def found(frames) -> list[int]:
    cuts = Cuts()
    return [at for at, frame in enumerate(frames)
            if cuts.begins(np.clip(frame, 0, 255).astype(np.uint8))]  # fmt: skip


def test_a_cut_is_found_and_noise_is_none():
    rng = np.random.default_rng(0)
    frames = [room(1 if at < 30 else 2) + rng.normal(0, 8, (180, 320)) for at in range(60)]
    assert found(frames) == [30]


def test_movement_is_no_cut():
    wide = np.hstack([room(3), room(4), room(5)])
    assert found([wide[:, 6 * at : 6 * at + 320] for at in range(90)]) == []
    still = room(6)

    def passing(at: int) -> np.ndarray:
        frame = still.copy()
        frame[40:140, 8 * at : 8 * at + 90] = 250
        return frame

    assert found([passing(at) for at in range(40)]) == []


def test_growing_light_is_no_cut():
    assert found([room(7) * (0.3 + 0.02 * at) for at in range(40)]) == []


@pytest.mark.shared_data
def test_the_three_cuts_of_a_real_clip(shared_data):
    film = Film(str(shared_data / "video" / "short_hamilton_clip.mp4"))
    events = (one for one in film.events() if isinstance(one, Picture))
    assert [one.number for one in events if one.cut] == [20, 82, 211]
