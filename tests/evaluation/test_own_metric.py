"""Encoders are measured by the metric of their makers when nobody asks for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from lookalike.evaluation.own_metric import own_metric
from lookalike.evaluation.scores import Scores
from lookalike.models.card import built_in

STORED = sorted((Path(__file__).parents[2] / "benchmarks" / "results" / "lfw").glob("*.json"))


def test_it_is_what_the_card_says():
    assert own_metric("dlib-resnet-v1") == "euclidean"
    assert own_metric("mobilefacenet") == "cosine"
    # Of a gallery that was made with somebody else's card.
    assert own_metric("unheard-of") == "euclidean"


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_the_figures_of_the_models_are_those_of_the_plain_command(path: Path):
    setting = Scores.load(path).setting
    assert setting.encoder in built_in()
    assert setting.metric == own_metric(setting.encoder)
