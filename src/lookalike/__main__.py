"""``python -m lookalike`` and the command ``lookalike``."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from lookalike.cli.app import app

    app(prog_name="lookalike")


if __name__ == "__main__":
    main()
