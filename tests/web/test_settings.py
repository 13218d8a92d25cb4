"""Settings from arguments, the environment and a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from lookalike.errors import OptionError
from lookalike.web import Settings, gather

ROOT = Path(__file__).parents[2]


def test_the_strongest_source_counts(tmp_path, monkeypatch):
    file = tmp_path / "service.toml"
    file.write_text('port = 1001\nqueue = 1\nhosts = ["a.example", "b.example"]\n')
    monkeypatch.setenv("LOOKALIKE_SERVE_PORT", "1002")
    monkeypatch.setenv("LOOKALIKE_SERVE_ORIGINS", "https://a.example, https://b.example,")
    settings = gather(file, port=1003, queue=None)
    assert (settings.port, settings.queue) == (1003, 1)
    assert settings.hosts == ("a.example", "b.example")
    assert settings.origins == ("https://a.example", "https://b.example")
    assert gather(file).port == 1002
    monkeypatch.delenv("LOOKALIKE_SERVE_PORT")
    assert gather(file).port == 1001
    assert gather().port == 8000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("port = 70000", "port"),
        ("colour = 1", "colour"),
        ("port = ", "not TOML"),
        ('find_tokens = ["short"]', "at least 24 letters"),
        ('log = "loud"', "log"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, words):
    file = tmp_path / "service.toml"
    file.write_text(text)
    with pytest.raises(OptionError, match=words) as caught:
        gather(file)
    assert "short" not in caught.value.message


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(OptionError, match="cannot be read"):
        gather(tmp_path / "nothing.toml")


@pytest.mark.parametrize(
    ("host", "home"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("localhost", True),
        ("::1", True),
        ("192.0.2.9", False),
        ("::", False),
        ("localhost.evil.example", False),
        ("", False),
    ],
)
def test_where_home_is(host, home):
    assert Settings(host=host).on_loopback is home


def test_every_setting_is_documented():
    page = (ROOT / "docs" / "guides" / "service.md").read_text("utf-8")
    assert [name for name in Settings.model_fields if f"`{name}`" not in page] == []
