"""Losses and what they look at, against the formulas, by hand and by numeric gradients."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")

from lookalike.training.batch_figures import batch_figures  # noqa: E402
from lookalike.training.config import LossConfig  # noqa: E402
from lookalike.training.losses import Objective  # noqa: E402

PEOPLE = torch.tensor([0, 0, 1, 1, 2, 2])


def unit(degrees):
    """Return points on the circle: distances by hand are 2 - 2 cos."""
    angles = torch.tensor(degrees, dtype=torch.float64) * math.pi / 180
    return torch.stack([angles.cos(), angles.sin()], dim=1)


def apart(a, b):
    return 2 - 2 * math.cos((a - b) * math.pi / 180)


DEGREES = [0.0, 20.0, 30.0, 70.0, 180.0, 185.0]


def triplets():
    people = PEOPLE.tolist()
    for a, who in enumerate(people):
        for p, same in enumerate(people):
            for n, other in enumerate(people):
                if p != a and same == who and other != who:
                    yield a, apart(DEGREES[a], DEGREES[p]), apart(DEGREES[a], DEGREES[n])


def mean(values):
    values = [value for value in values if value > 0]
    return sum(values) / len(values)


def loss_of(**fields):
    config = LossConfig(margin=0.5, **fields)
    return Objective(config, 2, 3)(unit(DEGREES) * 3.0, PEOPLE).item()


def test_batch_all_is_the_mean_over_the_triplets_that_cost_something():
    assert loss_of(mining="batch-all") == pytest.approx(
        mean(near - far + 0.5 for _, near, far in triplets())
    )


def test_batch_hard_takes_the_farthest_own_and_the_nearest_other():
    hardest = {}
    for a, near, far in triplets():
        own, other = hardest.get(a, (0.0, 9.0))
        hardest[a] = (max(own, near), min(other, far))
    assert loss_of(mining="batch-hard") == pytest.approx(
        mean(near - far + 0.5 for near, far in hardest.values())
    )


def test_semi_hard_takes_those_that_are_right_by_less_than_the_margin():
    chosen = [near - far + 0.5 for _, near, far in triplets() if near < far < near + 0.5]
    assert chosen
    assert loss_of(mining="semi-hard") == pytest.approx(mean(chosen))


def test_contrastive_pulls_pairs_and_pushes_strangers_to_the_margin():
    own, others = [], []
    for one in range(6):
        for two in range(6):
            if one != two:
                between = apart(DEGREES[one], DEGREES[two])
                (own if PEOPLE[one] == PEOPLE[two] else others).append(between)
    wanted = mean(own) + mean(0.5 - between for between in others)
    assert loss_of(kind="contrastive") == pytest.approx(wanted)


@pytest.mark.parametrize("kind", ["arcface", "sub-center-arcface"])
def test_arcface_is_a_cross_entropy_with_an_angle_more(kind):
    config = LossConfig(kind=kind, margin=0.3, scale=8.0, centers=2)
    objective = Objective(config, 2, 3).double()
    centers = torch.nn.functional.normalize(objective.loss.W.double(), dim=0)
    cosines = unit(DEGREES) @ centers
    if kind == "sub-center-arcface":
        cosines = cosines.reshape(6, 3, 2).amax(dim=2)
    angles = cosines.clamp(-1, 1).acos()
    own = torch.nn.functional.one_hot(PEOPLE, 3).bool()
    # Where the angle with its margin would go beyond 180 degrees, nobody can tell.
    assert (angles[own] + 0.3 < math.pi).all()
    logits = 8.0 * torch.where(own, (angles + 0.3).cos(), cosines)
    wanted = torch.nn.functional.cross_entropy(logits, PEOPLE)
    assert objective(unit(DEGREES), PEOPLE).item() == pytest.approx(wanted.item(), abs=1e-6)


@pytest.mark.parametrize(
    "fields",
    [
        {"mining": "batch-all"},
        {"mining": "batch-hard"},
        {"mining": "semi-hard"},
        {"kind": "contrastive"},
        {"kind": "arcface"},
    ],
    ids=str,
)
def test_gradients_are_those_of_the_formula(fields):
    torch.manual_seed(1)
    vectors = torch.randn(6, 4, dtype=torch.float64, requires_grad=True)
    objective = Objective(LossConfig(margin=0.5, **fields), 4, 3).double()
    assert objective(vectors, PEOPLE).item() > 0
    assert torch.autograd.gradcheck(lambda rows: objective(rows, PEOPLE), (vectors,))


def test_figures_of_a_batch_are_means_over_all_pairs_and_triplets():
    figures = batch_figures(unit(DEGREES) * 2.0, PEOPLE, 0.5)
    every = list(triplets())
    assert figures.active == pytest.approx(
        sum(near - far + 0.5 > 0 for _, near, far in every) / len(every)
    )
    own = [apart(0, 20), apart(30, 70), apart(180, 185)]
    assert figures.same == pytest.approx(sum(own) / 3, rel=1e-5)
    others = [
        apart(one, two)
        for at, one in enumerate(DEGREES)
        for to, two in enumerate(DEGREES)
        if at // 2 != to // 2
    ]
    assert figures.different == pytest.approx(sum(others) / len(others), rel=1e-5)
