"""Tokens, scopes, and how often a stranger may ask."""

from __future__ import annotations

import hmac

import pytest

from lookalike.errors import ScopeTooNarrow, TokenWrong, TooManyRequests
from lookalike.web import Settings, access
from lookalike.web.access import Access, Scope, bearer
from lookalike.web.rate import Rate

from .conftest import FIND_TOKEN, MANAGE_TOKEN

TOKENS = {"find_tokens": (FIND_TOKEN,), "manage_tokens": (MANAGE_TOKEN,)}
FIND, IDENTIFY, MANAGE = Scope.FIND, Scope.IDENTIFY, Scope.MANAGE


@pytest.mark.parametrize(
    ("settings", "token", "wanted", "error"),
    [
        # At home, without tokens.
        ({}, None, FIND, None),
        ({}, None, IDENTIFY, None),
        ({}, None, MANAGE, ScopeTooNarrow),
        ({}, "made up", FIND, TokenWrong),
        # With tokens.
        (TOKENS, None, FIND, TokenWrong),
        (TOKENS, None, MANAGE, TokenWrong),
        (TOKENS, "", FIND, TokenWrong),
        (TOKENS, FIND_TOKEN, FIND, None),
        (TOKENS, FIND_TOKEN[:-1], FIND, TokenWrong),
        (TOKENS, FIND_TOKEN + "f", FIND, TokenWrong),
        (TOKENS, FIND_TOKEN, MANAGE, ScopeTooNarrow),
        (TOKENS, MANAGE_TOKEN, FIND, None),
        (TOKENS, MANAGE_TOKEN, MANAGE, None),
        (TOKENS, "Zürich\udcff", FIND, TokenWrong),
        # A token for managing leaves finding at home as it was, and closes it on a network.
        ({"manage_tokens": (MANAGE_TOKEN,)}, None, FIND, None),
        ({"manage_tokens": (MANAGE_TOKEN,), "host": "192.0.2.9"}, None, FIND, TokenWrong),
        ({"manage_tokens": (MANAGE_TOKEN,), "hosts": ("a.example",)}, None, FIND, TokenWrong),
        # Public: finding for everybody, changing for nobody.
        ({"public": True}, None, FIND, None),
        ({"public": True}, None, IDENTIFY, TokenWrong),
        ({"public": True, **TOKENS}, FIND_TOKEN, FIND, None),
        ({"public": True, **TOKENS}, FIND_TOKEN, IDENTIFY, None),
        ({"public": True, **TOKENS}, MANAGE_TOKEN, MANAGE, ScopeTooNarrow),
        ({"public": True, **TOKENS}, None, MANAGE, ScopeTooNarrow),
    ],
)
def test_who_may_do_what(settings, token, wanted, error):
    rules = Access(Settings(**settings))
    if error is None:
        rules.require(wanted, token, "192.0.2.1")
    else:
        with pytest.raises(error):
            rules.require(wanted, token, "192.0.2.1")


def test_all_tokens_are_compared_in_constant_time(monkeypatch):
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return hmac.compare_digest(one, other)

    monkeypatch.setattr(access.hmac, "compare_digest", compare, raising=True)
    rules = Access(Settings(find_tokens=(FIND_TOKEN, "g" * 40), manage_tokens=(MANAGE_TOKEN,)))
    monkeypatch.undo()
    monkeypatch.setattr(
        access, "hmac", type("Counting", (), {"compare_digest": staticmethod(compare)})
    )
    for token in (FIND_TOKEN, "x", "x" * 10_000):
        compared.clear()
        with pytest.raises(ScopeTooNarrow if token == FIND_TOKEN else TokenWrong):
            rules.require(MANAGE, token, "")
        # Every one, and as digests: neither the first letter nor the length shortens it.
        assert compared == [(32, 32)] * 3


def test_tokens_are_in_no_representation_of_settings():
    settings = Settings(**TOKENS)
    assert FIND_TOKEN not in repr(settings)
    assert FIND_TOKEN not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (None, None),
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("Basic abc", ""),
        ("Bearer", ""),
        ("", ""),
    ],
)
def test_reading_the_header(header, token):
    assert bearer(header) == token


def test_strangers_are_slowed_down_each_for_themselves():
    now = [0.0]
    rate = Rate(60, lambda: now[0])
    for _ in range(60):
        rate.take("192.0.2.1")
    with pytest.raises(TooManyRequests) as caught:
        rate.take("192.0.2.1")
    assert caught.value.again_s == 1
    rate.take("192.0.2.2")
    now[0] = 1.0
    rate.take("192.0.2.1")
    with pytest.raises(TooManyRequests):
        rate.take("192.0.2.1")


def test_a_network_of_the_newer_kind_is_one_stranger():
    rate = Rate(1, lambda: 0.0)
    rate.take("2001:db8::1")
    with pytest.raises(TooManyRequests):
        rate.take("2001:db8::ffff")
    rate.take("2001:db8:0:1::1")


def test_only_so_many_strangers_are_remembered(monkeypatch):
    from lookalike.web import rate as rates

    monkeypatch.setattr(rates, "_REMEMBERED", 3)
    rate = Rate(1, lambda: 0.0)
    for number in range(10):
        rate.take(f"192.0.2.{number}")
    assert len(rate._buckets) == 3


def test_a_public_service_slows_strangers_down_and_holders_of_tokens_not(serving):
    client = serving(public=True, host="192.0.2.9", rate=2, find_tokens=(FIND_TOKEN,))
    answers = [client.get("/api/v1/models") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    bearing = {"authorization": f"Bearer {FIND_TOKEN}"}
    assert client.get("/api/v1/models", headers=bearing).status_code == 200
    # Whether it is alive may be asked as often as one likes.
    assert client.get("/health").status_code == 200


def test_guessing_tokens_is_slowed_down(serving):
    client = serving(public=True, rate=2)
    guesses = [
        client.get("/api/v1/models", headers={"authorization": f"Bearer {number}"}).status_code
        for number in range(3)
    ]
    assert guesses == [401, 401, 429]
