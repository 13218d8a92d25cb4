"""What a configuration may say, and what is answered if it says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lookalike.errors import OptionError
from lookalike.training.reading import parse_config, read_config
from lookalike.training.schedule import rate_at


def test_a_configuration_is_read_and_its_paths_are_its_folders(tmp_path):
    (tmp_path / "t.toml").write_text(
        '[data]\nplaces = ["a", "/b"]\n[loss]\nmargin = 1\n[model]\nbackbone = "mobilefacenet"\n'
    )
    config = read_config(tmp_path / "t.toml")
    assert config.data.places == (str(tmp_path / "a"), "/b")
    assert config.loss.margin == 1.0
    # What is kept with a run can be read again.
    assert parse_config(config.fields(), "state", tmp_path / "elsewhere") == config


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[dta]", "no table"),
        ("[data]\nplace = []", "no such setting"),
        ("[data]\nplaces = 3", "list of strings"),
        ('[data]\nplaces = ["a"]\n[loss]\nkind = "quadruplet"', "one of triplet"),
        ('[data]\nplaces = ["a"]\n[schedule]\nsteps = 2.5', "of type int"),
        ('[data]\nplaces = ["a"]\n[schedule]\nsteps = true', "of type int"),
        ('[data]\nplaces = ["a"]\n[schedule]\npeople = 1', "at least 2"),
        ('[data]\nplaces = ["a"]\nheld_out = 1.0', "between 0 and 1"),
        ('[data]\nplaces = ["a"]\n[model]\nbackbone = "mobilefacenet"\nshrink = 2', "smaller"),
        ('[data]\nplaces = ["a"]\n[run]\nprecision = "float16"\ndevice = "cpu"', "GPU"),
        ("[data]", "places is empty"),
        ("nonsense", "not TOML"),
        (f"[data]\nheld_out = {'4' * 5000}", "not TOML"),
        (f"[data]\nplaces = {'[' * 5000}", "not TOML"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(tmp_path, text, words):
    (tmp_path / "t.toml").write_text(text)
    with pytest.raises(OptionError, match=words) as caught:
        read_config(tmp_path / "t.toml")
    assert "\n" not in caught.value.message


def test_no_file(tmp_path):
    with pytest.raises(OptionError, match="cannot read"):
        read_config(tmp_path / "absent.toml")


def test_the_rate_rises_and_falls_along_a_cosine():
    tables = {"data": {"places": ["a"]}, "schedule": {"steps": 110, "warmup": 10}}
    schedule = parse_config(tables, "t", Path()).schedule
    rates = [rate_at(step, schedule) for step in range(110)]
    assert rates[:10] == pytest.approx([1e-4 * at for at in range(1, 11)])
    assert rates[10] == pytest.approx(1e-3)
    assert rates[60] == pytest.approx(5e-4)
    assert rates[109] < 1e-6
