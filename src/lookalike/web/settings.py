"""What a service is told when it starts: from arguments, the environment and a file."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, InstanceOf, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, SettingsConfigDict

from lookalike.errors import OptionError
from lookalike.gallery.places import Address, place_of
from lookalike.models.toml import read_toml

PREFIX: Final = "LOOKALIKE_SERVE_"
_MEBI: Final = 1024 * 1024

#: A token shorter than this could be guessed.
LEAST_TOKEN_LETTERS: Final = 24

Words = Annotated[tuple[str, ...], NoDecode]
Tokens = Annotated[tuple[SecretStr, ...], NoDecode]


class Settings(BaseSettings):
    """How a service behaves.

    Every field can be given as an argument, in the environment (``LOOKALIKE_SERVE_PORT``), or in a
    TOML file; the first of these that says something counts.

    Fields that hold several values are separated by commas in the environment.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    host: str = Field(default="127.0.0.1", description="The address to listen at.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port; 0 takes a free one.")
    public: bool = Field(
        default=False,
        description="Answer strangers without a token: finding only, and so often a minute.",
    )
    find_tokens: Tokens = Field(default=(), description="Tokens that may find.")
    manage_tokens: Tokens = Field(
        default=(), description="Tokens that may find and change galleries."
    )
    hosts: Words = Field(
        default=(), description="Host names of this service; *.example.org for all of it."
    )
    origins: Words = Field(
        default=(), description="Other pages that may ask, such as https://example.org."
    )
    frame_ancestors: Words = Field(
        default=(), description="Pages that may show this one in a frame."
    )
    trusted_proxies: Words = Field(
        default=(), description="Addresses of proxies whose X-Forwarded-For is believed."
    )

    gallery: InstanceOf[Address] | Path | None = Field(
        default=None,
        description="The gallery that answers, a file or postgresql://…; the starter if none.",
    )
    galleries: Path | None = Field(
        default=None, description="A folder whose *.gallery files answer, too."
    )
    detector: str = Field(default="mtcnn", description="What finds faces: the name of a model.")
    provider: str = Field(default="cpu", description="What runs the networks.")

    workers: int = Field(
        default=0, ge=0, le=64, description="Photos looked at at a time; 0: each core."
    )
    processes: int = Field(default=1, ge=1, le=64, description="Processes that share the port.")
    queue: int = Field(
        default=32, ge=0, le=10_000, description="Requests that may wait for a worker."
    )
    time_s: float = Field(
        default=20.0, gt=0, le=600, description="Time to wait and work for one request."
    )
    upload_time_s: float = Field(
        default=30.0, gt=0, le=600, description="Time for a request to arrive."
    )
    stop_time_s: int = Field(
        default=20, ge=0, le=600, description="Time to finish what has been begun."
    )
    connections: int = Field(default=512, ge=1, description="Connections at a time.")
    live_sessions: int = Field(default=8, ge=0, description="Cameras at a time.")
    rate: float = Field(
        default=30.0, gt=0, description="Requests a minute of one stranger, if public."
    )

    log: Literal["error", "warning", "info"] = Field(
        default="warning", description="What is noted; info: each request, without what it says."
    )

    max_bytes: int = Field(default=20 * _MEBI, ge=1024, description="Largest photo, in bytes.")
    max_pixels: int = Field(default=50_000_000, ge=256, description="Largest photo, in pixels.")
    max_photos: int = Field(default=8, ge=1, le=64, description="Photos of one request.")
    max_faces: int = Field(
        default=32, ge=1, le=1000, description="Faces of one photo that are answered."
    )
    max_people: int = Field(
        default=50, ge=1, le=1000, description="People that are named for a face."
    )
    guard: bool = Field(
        default=True, description="Decode photos in processes that may do nothing else."
    )

    @field_validator("gallery", mode="before")
    @classmethod
    def _read_place(cls, value: Any) -> Any:
        return place_of(value) if isinstance(value, str) else value

    @field_validator("find_tokens", "manage_tokens", mode="before")
    @classmethod
    def _read_tokens(cls, value: Any) -> Any:
        return _split(value.get_secret_value() if isinstance(value, SecretStr) else value)

    @field_validator("hosts", "origins", "frame_ancestors", "trusted_proxies", mode="before")
    @classmethod
    def _read_words(cls, value: Any) -> Any:
        return _split(value)

    @field_validator("find_tokens", "manage_tokens")
    @classmethod
    def _check_tokens(cls, tokens: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(token.get_secret_value()) < LEAST_TOKEN_LETTERS for token in tokens):
            raise ValueError(f"a token has at least {LEAST_TOKEN_LETTERS} letters")
        return tokens

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can connect."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def exposed(self) -> bool:
        """Whether others can ask: at an address of the network, or through a proxy."""
        return not self.on_loopback or bool(self.hosts)

    def require_safe(self) -> Self:
        """Return the settings if a service may start with them.

        Returns
        -------
        Settings
            The same.

        Raises
        ------
        OptionError
            If strangers could reach the service and nothing says that they may.
        """
        if self.public or not self.exposed or self.find_tokens or self.manage_tokens:
            return self
        raise OptionError(
            f"at {', '.join((self.host, *self.hosts))} everybody could use this service",
            f"give a token in {PREFIX}FIND_TOKENS, or --public for finding without one",
        )


def gather(file: Path | None = None, **given: Any) -> Settings:
    """Collect settings.

    Parameters
    ----------
    file : Path, optional
        A TOML file, the weakest source.
    **given : object
        Fields, the strongest source; None says nothing.

    Returns
    -------
    Settings
        Checked one by one; see `Settings.require_safe` for all together.

    Raises
    ------
    OptionError
        If one is wrong or not known, or the file cannot be read.
    """
    said = {name: value for name, value in given.items() if value is not None}
    try:
        in_file = {} if file is None else read_toml(file.read_text("utf-8"))
        in_environment = EnvSettingsSource(Settings)()
        return Settings(**{**in_file, **in_environment, **said})
    except ValidationError as error:
        raise OptionError(
            _in_words(error), "see docs/guides/service.md for all settings"
        ) from error
    except OSError as error:
        raise OptionError(
            f"the settings {file} cannot be read: {error.strerror}", "check the path"
        ) from error
    except ValueError as error:
        raise OptionError(f"the settings {file} are not TOML: {error}") from error


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


def _in_words(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    field = ".".join(map(str, first["loc"])) or "the settings"
    return f"{field}: {first['msg'].removeprefix('Value error, ')}"
