"""Reading a configuration: what cannot be is said in one line, with the name of the setting."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final, get_args, get_type_hints

from lookalike.errors import OptionError
from lookalike.models.toml import read_toml
from lookalike.training.config import TrainConfig

if TYPE_CHECKING:
    from pathlib import Path

_TABLES: Final = {one.name: one.default_factory for one in dataclasses.fields(TrainConfig)}

#: The least that each number may be.
_LEAST: Final = {
    "least_photos": 2, "most_photos": 2, "dimension": 2, "shrink": 1, "centers": 1, "steps": 1,
    "people": 2, "photos": 2, "accumulate": 1, "warmup": 0, "report_every": 1, "measure_every": 1,
    "keep_every": 1, "threads": 0, "seed": 0,
}  # fmt: skip


def read_config(path: Path) -> TrainConfig:
    """Read a configuration.

    Parameters
    ----------
    path : Path
        A TOML file.

    Returns
    -------
    TrainConfig
        Checked; places are absolute.

    Raises
    ------
    OptionError
        If it cannot be read, or says something that cannot be.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(f"cannot read {path}: {error}", "name a TOML file") from error
    try:
        tables = read_toml(text)
    except ValueError as error:
        raise OptionError(f"{path.name} is not TOML: {error}") from error
    return parse_config(tables, path.name, path.parent)


def parse_config(tables: dict[str, Any], where: str, folder: Path) -> TrainConfig:
    """Make a configuration of what a file says.

    Parameters
    ----------
    tables : dict
        As TOML or JSON gives it.
    where : str
        The file's name, for errors.
    folder : Path
        What paths are relative to.

    Returns
    -------
    TrainConfig
        Checked; places are absolute.

    Raises
    ------
    OptionError
        If it says something that cannot be.
    """
    strange = sorted(set(tables) - set(_TABLES))
    if strange:
        raise OptionError(f"{where}: no table [{strange[0]}]", f"tables: {', '.join(_TABLES)}")
    parts = {name: _part(kind, tables.get(name, {}), f"{where}: {name}") for name, kind in
             _TABLES.items()}  # fmt: skip
    config = TrainConfig(**parts)
    _check(config, where)
    data = dataclasses.replace(
        config.data,
        places=tuple(str(folder / place) for place in config.data.places),
        exclude=tuple(str(folder / place) for place in config.data.exclude),
        cache=str(folder / config.data.cache) if config.data.cache else "",
    )
    weights = str(folder / config.model.weights) if config.model.weights else ""
    return dataclasses.replace(
        config, data=data, model=dataclasses.replace(config.model, weights=weights)
    )


def _part(kind: Any, said: Any, where: str) -> Any:
    if not isinstance(said, dict):
        raise OptionError(f"{where} must be a table, got {said!r}")
    hints = get_type_hints(kind)
    values = {}
    for name, value in said.items():
        if name not in hints:
            raise OptionError(f"{where}.{name}: no such setting", f"settings: {', '.join(hints)}")
        values[name] = _value(hints[name], value, f"{where}.{name}")
    return kind(**values)


def _value(hint: Any, value: Any, where: str) -> Any:
    choices = get_args(hint)
    if hint == tuple[str, ...]:
        if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise OptionError(f"{where} must be a list of strings, got {value!r}")
    if choices and value not in choices:
        raise OptionError(f"{where} must be one of {', '.join(choices)}, got {value!r}")
    if hint is float and type(value) is int:
        return float(value)
    if not choices and type(value) is not hint:
        raise OptionError(f"{where} must be of type {hint.__name__}, got {value!r}")
    return value


def _check(config: TrainConfig, where: str) -> None:
    for table in (config.data, config.model, config.loss, config.schedule, config.run):
        for part in dataclasses.fields(table):
            value = getattr(table, part.name)
            if value is not True and value is not False and isinstance(value, int | float):
                least = _LEAST.get(part.name, 0)
                if value < least:
                    raise OptionError(f"{where}: {part.name} must be at least {least}, got {value}")
    if not config.data.places:
        raise OptionError(f"{where}: data.places is empty", 'places = ["photos"]')
    if not 0 < config.data.held_out < 1:
        raise OptionError(f"{where}: data.held_out must be between 0 and 1")
    if config.model.shrink > 1 and config.model.backbone != "small-resnet":
        raise OptionError(f"{where}: only small-resnet takes smaller crops", "shrink = 1")
    if config.run.precision == "float16" and config.run.device == "cpu":
        raise OptionError(f"{where}: float16 needs a GPU", 'precision = "bfloat16"')
