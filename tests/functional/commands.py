"""Running a command as a user does."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from lookalike.cli.app import app

runner = CliRunner()


def run(*arguments: object, code: int = 0, stdin: str | None = None) -> str:
    """Run a command and return what it printed."""
    result = runner.invoke(app, [str(argument) for argument in arguments], input=stdin)
    assert result.exit_code == code, result.output
    return result.stdout


def run_json(*arguments: object, code: int = 0) -> dict:
    """Run a command and return what it answered to a machine."""
    return json.loads(run(*arguments, "--json", code=code))
