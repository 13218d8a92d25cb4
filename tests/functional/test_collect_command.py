"""``lookalike collect``, driven as a user drives it, against services on this machine."""

from __future__ import annotations

import csv
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lookalike.cli.app import app
from lookalike.collecting import gates

runner = CliRunner()


def _neighbor(name: str):
    """Import a file of ``tests/collecting`` as pytest does for the tests there."""
    root = str(Path(__file__).parents[2])
    if root not in sys.path:
        sys.path.insert(0, root)
    return importlib.import_module(f"tests.collecting.{name}")


services_module = _neighbor("services")


@pytest.fixture
def services(tmp_path_factory, monkeypatch):
    services = services_module.Services(tmp_path_factory.mktemp("services"))
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in services.environment.items():
        monkeypatch.setenv(name, value)
    yield services
    services.close()


@pytest.fixture
def hasty(monkeypatch):
    """Ask without pauses between requests, since all services are on this machine."""
    pace = gates.Pace(0.0, 2)
    monkeypatch.setattr(gates, "PACES", {})
    monkeypatch.setattr(gates, "Pace", lambda: pace)


def run(*words, code=0):
    result = runner.invoke(app, ["collect", *map(str, words)])
    assert result.exit_code == code, result.output
    return result.output


def run_json(*words, code=0):
    return json.loads(run(*words, "--json", code=code))


def manifest(root):
    with (root / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("hasty")
class TestKeywords:
    def test_people_say_what_came(self, services, tmp_path):
        for number in range(3):
            services.on_openverse(f"Jihyo {number}")
        services.on_openverse("Nayeon")
        services.on_openverse("Nayeon broken", b"<html>")
        said = run("Jihyo", "Nayeon", "-n", 2, "-o", tmp_path)
        assert "2 people, 3 photos, 3 of them new" in said
        assert "1 not kept: not a photo" in said
        assert "manifest.csv" in said
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            ".collecting", "Jihyo", "Nayeon", "manifest.csv"
        ]  # fmt: skip

    def test_machines_get_json(self, services, tmp_path):
        services.on_openverse("Jihyo")
        answer = run_json("Jihyo", "-o", tmp_path)
        assert answer == {
            "folder": str(tmp_path),
            "manifest": str(tmp_path / "manifest.csv"),
            "people": 1,
            "photos": 1,
            "added": 1,
            "not_kept": {},
            "failed": {},
        }
        assert run_json("Jihyo", "-o", tmp_path)["added"] == 0

    @pytest.mark.parametrize("source", ["openverse", "commons", "web"])
    def test_every_source(self, services, tmp_path, source):
        if source == "web":
            pytest.importorskip("ddgs")
        services.on_openverse("Jihyo")
        services.on_commons("Jihyo.jpg")
        assert run_json("Jihyo", "-o", tmp_path, "--from", source)["photos"] == 1
        assert manifest(tmp_path)[0]["photo.service"].startswith(source)

    def test_the_width_of_commons(self, services, tmp_path):
        services.on_commons("Jihyo.jpg")
        run("Jihyo", "-o", tmp_path, "--from", "commons", "--width", 1280)
        assert services.asked[0].fields["iiurlwidth"] == "1280"

    def test_the_folder_can_be_a_gallery(self, services, tmp_path, hopper):
        body = hopper.read_bytes()
        services.on_openverse("Grace Hopper", body)
        run("Grace Hopper", "-o", tmp_path / "photos")
        gallery = tmp_path / "hopper.gallery"
        words = ["gallery", "build", str(tmp_path / "photos"), "-o", str(gallery), "--json"]
        result = runner.invoke(app, words)
        assert json.loads(result.output)["added"] == 1


@pytest.mark.usefixtures("hasty")
class TestWikidata:
    def test_occupation(self, services, tmp_path):
        services.knowledge.call("Q33999", "actor")
        services.entities["actor"] = [{"id": "Q33999", "label": "actor"}]
        for number in range(1, 4):
            name = services.on_commons(f"Somebody {number}.jpg")
            services.knowledge.person(
                f"Q{number}", f"Somebody {number}", 50 + number, [name], P106=["Q33999"]
            )
        said = run(
            "--wikidata", "occupation=actor", "--min-sitelinks", 52, "-n", 10, "-o", tmp_path
        )
        assert "actor: actor (Q33999)" in said
        assert "2 people, 2 photos" in said
        assert {row["wikidata"] for row in manifest(tmp_path)} == {"Q2", "Q3"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give either keywords or --wikidata"),
        (["Jihyo", "--wikidata", "occupation=actor"], "give either keywords or --wikidata"),
        (["Jihyo", "--from", "web", "--licence", "free"], "does not say under which licence"),
        (["--wikidata", "job=actor"], "'job' is none of"),
        (["--wikidata", "occupation=Q1", "--language", "?"], "is no language code"),
    ],
)
def test_what_cannot_be_meant(services, tmp_path, words, said):
    answer = run_json(*words, "-o", tmp_path, code=2)
    assert said in answer["error"]["message"]
    assert services.asked == []


def test_offline(tmp_path, monkeypatch):
    monkeypatch.setenv("LOOKALIKE_OFFLINE", "1")
    assert run_json("Jihyo", "-o", tmp_path, code=6)["error"]["kind"] == "Offline"


def test_a_service_that_refuses(services, tmp_path):
    services.first["https://api.openverse.org/"] = [services_module.Reply(status=403)]
    answer = run_json("Jihyo", "-o", tmp_path, code=9)
    assert answer["error"]["kind"] == "Complaint"
    assert "api.openverse.org says 403" in answer["error"]["message"]


@pytest.mark.usefixtures("hasty")  # the second run; the first is another process
class TestStopped:
    """A process of its own, at its usual pace, that is stopped in the middle."""

    def begin(self, services, root) -> subprocess.Popen:
        for number in range(12):
            services.on_openverse(f"Jihyo {number}")
        return subprocess.Popen(
            [sys.executable, "-m", "lookalike", "collect", "Jihyo", "-n", "12", "-o", str(root)],
            env={**os.environ, **services.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A shell's background job is deaf to Ctrl-C, and so would be what it starts.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )

    def wait_for(self, services, count):
        end = time.monotonic() + 20
        while len(services.downloads()) < count:
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.02)

    def assert_whole(self, root):
        rows = manifest(root)
        assert len(rows) == len({row["photo.url"] for row in rows}) == 12
        there = {path.relative_to(root).as_posix() for path in (root / "Jihyo").iterdir()}
        assert there == {row["path"] for row in rows}

    @pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows cannot kill so")
    def test_killed_and_run_again(self, services, tmp_path):
        child = self.begin(services, tmp_path)
        self.wait_for(services, 5)
        child.kill()
        child.communicate()
        done = {path.stem for path in (tmp_path / "Jihyo").iterdir()}
        assert 2 <= len(done) < 12
        before = services.downloads()
        assert run_json("Jihyo", "-n", 12, "-o", tmp_path)["photos"] == 12
        self.assert_whole(tmp_path)
        again = services.downloads()[len(before) :]
        # Only what had not arrived when it was killed is asked for a second time.
        assert len(again) == 12 - len(done)

    def test_ctrl_c(self, services, tmp_path):
        child = self.begin(services, tmp_path)
        self.wait_for(services, 5)
        child.send_signal(signal.SIGINT)
        start = time.monotonic()
        _, said = child.communicate(timeout=20)
        assert time.monotonic() - start < 5
        assert child.returncode == 130
        assert b"the same command goes on with it" in said
        assert b"Traceback" not in said
        assert len(manifest(tmp_path)) >= 2
        assert run_json("Jihyo", "-n", 12, "-o", tmp_path)["photos"] == 12
        self.assert_whole(tmp_path)
