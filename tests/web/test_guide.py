"""The examples of the guide, against a running service."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "service.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
@pytest.mark.parametrize("line", [line for block in blocks("sh") for line in block.splitlines()])
def test_curl(service_address, hopper, line):
    line = line.replace("http://127.0.0.1:8000", service_address).replace("me.jpg", str(hopper))
    done = subprocess.run(
        [*shlex.split(line), "--silent", "--fail-with-body"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    told = json.loads(done.stdout)
    if "photos" in told:
        (face,) = told["photos"][0]["faces"]
        assert face["matches"][0]["id"] == "grace-hopper"
        assert ("where" in line) is (len(face["matches"]) == 1)
    else:
        assert told["same_person"] is True


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node here")
def test_javascript(service_address, hopper, tmp_path):
    (code,) = blocks("js")
    script = tmp_path / "find.mjs"
    script.write_text(
        code.replace("http://127.0.0.1:8000", service_address).replace("me.jpg", str(hopper))
    )
    done = subprocess.run(["node", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[ 'Grace Hopper', 'Eileen Collins' ]", done.stderr
