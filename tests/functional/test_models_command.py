"""``lookalike models``, driven as a user drives it, against a server on this machine."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lookalike.cli import doctor
from lookalike.cli.app import app
from lookalike.errors import ChecksumMismatch
from lookalike.models.card_text import card_text

runner = CliRunner()


def _neighbor(name: str):
    """Import a file of ``tests/models``."""
    path = Path(__file__).parents[1] / "models" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"of_models_{name}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


local_server = _neighbor("local_server")
tiny_model = _neighbor("tiny_model")
NET = tiny_model.tiny_network()
DIGEST = hashlib.sha256(NET).hexdigest()


def run(*arguments: object, code: int = 0, stdin: str | None = None) -> str:
    result = runner.invoke(app, ["models", *(str(one) for one in arguments)], input=stdin)
    assert result.exit_code == code, result.output
    return result.stdout


def run_json(*arguments: object, code: int = 0) -> dict:
    return json.loads(run(*arguments, "--json", code=code))


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("CACHE", "WEIGHTS", "CARDS", "CONFIG"):
        monkeypatch.setenv(f"LOOKALIKE_{name}", str(tmp_path / name.lower()))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "LOOKALIKE_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "cards").mkdir()
    return tmp_path


@pytest.fixture
def server():
    server = local_server.LocalServer()
    yield server
    server.close()


@pytest.fixture
def known(home, server):
    """Put a card beside the others whose weights the server has."""

    def make(**changes: object) -> None:
        card = tiny_model.tiny_card(NET, server.serve("/net", NET), **changes)
        (home / "cards" / "tiny.toml").write_text(card_text(card))

    make()
    return make


def states() -> dict[str, str]:
    return {model["name"]: model["weights"] for model in run_json("list")["models"]}


def test_list_pull_verify_remove(home, known) -> None:
    assert states()["tiny"] == "missing"
    assert states()["mtcnn"] == "installed"
    assert "tiny is downloaded" in run("pull", "tiny")
    assert states()["tiny"] == "downloaded"
    assert "tiny is here already" in run("pull", "tiny")
    assert "tiny is whole" in run("verify", "tiny")
    assert "tiny is whole" in run("verify")
    assert "deleted" in run("remove", "tiny")
    assert not list((home / "weights").glob("*.onnx"))


def test_list_fits_in_eighty_columns(known) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lookalike", "models", "list"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "80"},
    )
    lines = done.stdout.splitlines()
    assert all(len(line) <= 80 for line in lines)
    row = next(line for line in lines if "dlib-resnet-v1" in line)
    assert row.split() == ["dlib-resnet-v1", "128", "22.5", "MB", "every", "use", "installed"]


def test_machines_are_told_everything(known) -> None:
    (model,) = run_json("pull", "tiny")["models"]
    assert model["files"][0]["sha256"] == DIGEST
    assert model["files"][0]["downloaded"]
    listed = {one["name"]: one for one in run_json("list")["models"]}["tiny"]
    assert listed["added"]
    assert listed["bytes"] == len(NET)
    assert listed["licence"]["accepted"] is None
    assert run_json("verify", "tiny")["models"] == [{"name": "tiny", "files": {"net": DIGEST}}]
    assert len(run_json("remove", "tiny")["models"][0]["deleted"]) == 2


def test_an_unpinned_digest_is_said_out_loud(known) -> None:
    known(sha256="", bytes=0)
    assert run_json("list")["models"]
    said = run("pull", "tiny")
    assert "this file's digest is not pinned by its card" in said
    assert f"sha256:{DIGEST}" in said


def test_damage_is_found(home, known) -> None:
    run("pull", "tiny")
    (home / "weights" / "tiny.onnx").write_bytes(b"other")
    (tiny,) = run_json("verify", "tiny", code=6)["models"]
    assert tiny["error"]["kind"] == "ChecksumMismatch"
    run("verify", code=6)
    run("pull", "tiny")
    run("verify")


def test_the_doctor_minds_damage_but_not_what_was_never_pulled(home, known) -> None:
    assert doctor._models()["tiny"] == "missing"
    assert doctor._models()["mtcnn"] == "verified"
    run("pull", "tiny")
    assert doctor._models()["tiny"] == "verified"
    (home / "weights" / "tiny.onnx").write_bytes(b"other")
    with pytest.raises(ChecksumMismatch):
        doctor._models()


def test_one_that_fails_does_not_stop_the_others(known) -> None:
    models = run_json("pull", "scrfd-2.5g", "tiny", code=6)["models"]
    assert "error" in models[0]
    assert models[1]["files"]


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (["pull"], 2, "OptionError"),
        (["pull", "tiny", "--all-free"], 2, "OptionError"),
        (["pull", "tinny"], 2, "UnknownName"),
        (["verify", "tinny"], 2, "UnknownName"),
        (["remove", "tinny"], 2, "UnknownName"),
        (["add", "absent.onnx", "--card", "tiny"], 6, "WeightsMissing"),
        (["add", "absent.onnx", "--card", "absent.toml"], 6, "CardError"),
    ],
)
def test_mistakes_have_a_code_and_a_kind(known, arguments, code, kind) -> None:
    assert run_json(*arguments, code=code)["error"]["kind"] == kind
    result = runner.invoke(app, ["models", *arguments])
    assert result.exit_code == code
    assert "error:" in result.stderr
    assert "Traceback" not in result.stderr


def test_verify_of_a_missing_model_says_so(known) -> None:
    (tiny,) = run_json("verify", "tiny", code=6)["models"]
    assert tiny["error"]["kind"] == "WeightsMissing"
    assert tiny["error"]["hint"] == "lookalike models pull tiny"


def test_offline(known, server, monkeypatch) -> None:
    for arguments in (["--offline"], []):
        (tiny,) = run_json("pull", "tiny", *arguments, code=6)["models"]
        assert tiny["error"]["kind"] == "Offline"
        monkeypatch.setenv("LOOKALIKE_OFFLINE", "1")
    assert not server.requests


class TestTerms:
    def test_without_a_terminal_the_option_is_needed(self, known, server) -> None:
        known(commercial="no", weights="CC-BY-NC-4.0")
        (tiny,) = run_json("pull", "tiny", code=6)["models"]
        assert tiny["error"]["kind"] == "LicenceNotAccepted"
        assert "--accept-licence" in tiny["error"]["hint"]
        run("pull", "tiny", code=6, stdin="y\n")
        assert not server.requests
        run("pull", "tiny", "--accept-licence")
        run("pull", "tiny")
        assert states()["tiny"] == "downloaded"

    def test_weights_put_there_by_hand_show_what_they_need(self, home, known) -> None:
        known(commercial="ask")
        (home / "weights").mkdir()
        (home / "weights" / "tiny.onnx").write_bytes(NET)
        assert states()["tiny"] == "licence not accepted"

    @pytest.mark.parametrize(("answer", "code"), [(b"y\n", 0), (b"n\n", 6)])
    def test_on_a_terminal_one_is_asked(self, known, answer, code) -> None:
        known(commercial="no", weights="CC-BY-NC-4.0")
        pty = pytest.importorskip("pty")
        leader, follower = pty.openpty()
        child = subprocess.Popen(
            [sys.executable, "-m", "lookalike", "models", "pull", "tiny"],
            stdin=follower, stdout=subprocess.PIPE, stderr=follower,
        )  # fmt: skip
        os.close(follower)
        said = b""
        while b"[y/N]" not in said:
            said += os.read(leader, 1000)
        assert b"CC-BY-NC-4.0: not for commercial use" in said
        os.write(leader, answer)
        out, _ = child.communicate(timeout=20)
        os.close(leader)
        assert child.returncode == code
        assert (b"tiny is downloaded" in out) == (code == 0)


@pytest.mark.usefixtures("home")
class TestAdd:
    @pytest.fixture
    def card_file(self, tmp_path) -> Path:
        path = tmp_path / "my.toml"
        path.write_text(card_text(tiny_model.tiny_card(NET, sha256="", bytes=0)))
        return path

    @pytest.fixture
    def net(self, tmp_path) -> Path:
        path = tmp_path / "trained.onnx"
        path.write_bytes(NET)
        return path

    def test_a_model_of_ones_own(self, home, net, card_file) -> None:
        assert "tiny is ready" in run("add", net, "--card", card_file)
        assert states()["tiny"] == "downloaded"
        assert DIGEST in (home / "cards" / "tiny.toml").read_text()
        assert "your own" in run("list")
        run("remove", "tiny")
        assert "tiny" not in states()

    def test_what_does_not_fit_is_an_error_of_one_line(self, net, card_file) -> None:
        card_file.write_text(card_file.read_text().replace("dimension = 4", "dimension = 512"))
        answer = run_json("add", net, "--card", card_file, code=6)
        assert "expected one output of shape (n, 512)" in answer["error"]["message"]
        assert "tiny" not in states()

    def test_terms_are_asked_for(self, net, card_file) -> None:
        text = card_file.read_text().replace('commercial = "yes"', 'commercial = "no"')
        card_file.write_text(text)
        answer = run_json("add", net, "--card", card_file, code=6)
        assert answer["error"]["kind"] == "LicenceNotAccepted"
        run("add", net, "--card", card_file, "--accept-licence")
        assert states()["tiny"] == "downloaded"

    @pytest.mark.usefixtures("known")
    def test_weights_of_a_known_model(self, home, net, server) -> None:
        assert run_json("add", net, "--card", "tiny")["files"] == {
            "net": str(home / "weights" / "tiny.onnx")
        }
        assert states()["tiny"] == "downloaded"
        assert not server.requests


def test_ctrl_c_keeps_what_has_come(home, known, server) -> None:
    data = os.urandom(400_000)
    card = tiny_model.tiny_card(data, server.serve("/net", data, stall_after=[200_000]))
    (home / "cards" / "tiny.toml").write_text(card_text(card))
    child = subprocess.Popen(
        [sys.executable, "-m", "lookalike", "models", "pull", "tiny"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell's background job is deaf to Ctrl-C, and so would be what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    part = home / "weights" / ".downloads" / "tiny.onnx.part"
    local_server.wait_until(lambda: part.is_file() and part.stat().st_size > 100_000)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=20)
    assert child.returncode == 130
    assert said.decode() == "stopped; the same command goes on with it\n"
    assert not (home / "weights" / "tiny.onnx").exists()
    assert "tiny is downloaded" in run("pull", "tiny")
    assert server.asked("/net")[-1]["Range"].startswith("bytes=")
