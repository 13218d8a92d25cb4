from __future__ import annotations

import inspect

import pytest

from lookalike import protocols, testing

SEAMS = {
    name: seam
    for name, seam in vars(protocols).items()
    if inspect.isclass(seam) and getattr(seam, "_is_protocol", False) and name != "Protocol"
}


def test_the_seams_are_these():
    assert set(SEAMS) == {
        "Source",
        "Detector",
        "Encoder",
        "Analyzer",
        "Metric",
        "Index",
        "Head",
        "Session",
    }


@pytest.mark.parametrize("name", SEAMS)
def test_every_seam_has_a_fake_and_a_contract(name):
    assert f"Fake{name}" in testing.__all__
    contract = getattr(testing, f"{name}Contract")
    assert f"Fake{name}" in dir(testing)
    assert [test for test in dir(contract) if test.startswith("test_")]


@pytest.mark.parametrize("name", SEAMS)
def test_something_else_is_not_taken_for_it(name):
    assert not isinstance(object(), SEAMS[name])


def test_the_name_alone_is_not_enough():
    class Nameless:
        def detect(self, images):
            return [None for _ in images]

    class Named(Nameless):
        name = "x"

    assert not isinstance(Nameless(), protocols.Detector)
    assert isinstance(Named(), protocols.Detector)
