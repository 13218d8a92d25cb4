from __future__ import annotations

import importlib
import sys

import pytest

from lookalike import registry
from lookalike.errors import MissingExtra, UnknownName
from lookalike.models.card import built_in

EVERY_NAME = [(kind, name) for kind, table in registry.IMPLEMENTATIONS.items() for name in table]


@pytest.mark.parametrize(("kind", "name"), EVERY_NAME)
def test_every_name_leads_to_something_callable(kind, name):
    assert callable(registry.load(kind, name))


@pytest.mark.parametrize("metric", registry.names("metric"))
def test_a_metric_goes_by_its_own_name(metric):
    assert registry.load("metric", metric).name == metric


def test_names_come_in_the_order_of_the_table():
    assert registry.names("metric")[0] == "euclidean"
    assert registry.names("detector")[0] == "mtcnn"


@pytest.mark.parametrize("card", built_in().values(), ids=lambda card: card.name)
def test_every_card_names_what_there_is(card):
    kind = {"detect": "detector", "encode": "encoder"}[card.task]
    assert card.architecture in registry.names(kind)
    assert card.converter in ("", *registry.names("converter"))


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [("cosin", "did you mean cosine"), ("euclid", "euclidean"), ("zzz", "known: cosine, euclid")],
)
def test_an_unknown_name_brings_the_near_ones_or_all(wrong, hint):
    with pytest.raises(UnknownName, match=f"no metric named '{wrong}'") as caught:
        registry.load("metric", wrong)
    assert hint in caught.value.hint


def test_an_empty_table_is_said_to_be_empty():
    assert registry.unknown("person", "x", {}).hint == "known: none"


@pytest.fixture
def with_an_implementation(monkeypatch, tmp_path):
    """Return a function that registers a metric made of one line of code."""

    def register(code: str) -> str:
        (tmp_path / "outside_of_lookalike.py").write_text(code)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "outside_of_lookalike", raising=False)
        importlib.invalidate_caches()
        table = {"outside": "outside_of_lookalike:thing"}
        monkeypatch.setitem(registry.IMPLEMENTATIONS, "metric", table)
        return "outside"

    return register


def test_a_missing_package_is_named_with_the_way_to_get_it(with_an_implementation):
    name = with_an_implementation("import no_such_package")
    with pytest.raises(MissingExtra, match="'outside' needs the package 'no_such_package'") as it:
        registry.load("metric", name)
    assert it.value.hint == "pip install no_such_package"


def test_a_mistake_of_our_own_is_not_called_a_missing_package(with_an_implementation):
    name = with_an_implementation("import lookalike.no_such_room")
    with pytest.raises(ModuleNotFoundError) as caught:
        registry.load("metric", name)
    assert not isinstance(caught.value, MissingExtra)


def test_nothing_is_imported_before_it_is_asked_for(with_an_implementation):
    name = with_an_implementation("thing = 5")
    assert registry.names("metric") == (name,)
    assert "outside_of_lookalike" not in sys.modules
    assert registry.load("metric", name) == 5
