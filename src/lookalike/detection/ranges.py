"""One wording for an option that is out of its range."""

from __future__ import annotations

from lookalike.errors import OptionError


def check_range(name: str, value: float, least: float, most: float) -> None:
    """Raise unless an option lies in its range.

    Parameters
    ----------
    name : str
        How the error calls the option.
    value : float
        What was given.
    least, most : float
        The range, ends included.

    Raises
    ------
    OptionError
        Also for a value that is no number.
    """
    if not least <= value <= most:
        raise OptionError(f"{name} must be between {least} and {most}, got {value}")
