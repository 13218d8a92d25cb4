"""Who may do what: tokens with two scopes, and how often a stranger may ask."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from lookalike.errors import ScopeTooNarrow, TokenWrong
from lookalike.web.rate import Rate

if TYPE_CHECKING:
    from pydantic import SecretStr

    from lookalike.web.settings import Settings


class Scope(IntEnum):
    """What a token is good for; each scope holds those before it."""

    NOTHING = 0
    FIND = 1
    IDENTIFY = 2
    MANAGE = 3


@dataclass(frozen=True, slots=True)
class _Token:
    digest: bytes
    scope: Scope


class Access:
    """Decides who may do what.

    On one's own machine nothing but changing a gallery takes a token. On a public service finding
    takes none, saying who somebody is takes one, and nobody may change anything.

    Parameters
    ----------
    settings : Settings
        Tokens, and whether the service is public.
    """

    def __init__(self, settings: Settings) -> None:
        self._tokens = (
            *_hashed(settings.find_tokens, Scope.IDENTIFY),
            *_hashed(settings.manage_tokens, Scope.MANAGE),
        )
        self._public = settings.public
        self._private = not settings.exposed and not settings.find_tokens
        self._rate = Rate(settings.rate) if settings.public else None

    @property
    def open_scope(self) -> Scope:
        """What may be done without a token."""
        if self._public:
            return Scope.FIND
        return Scope.IDENTIFY if self._private else Scope.NOTHING

    @property
    def can_manage(self) -> bool:
        """Whether anybody may change galleries here."""
        return not self._public and any(one.scope is Scope.MANAGE for one in self._tokens)

    def require(self, wanted: Scope, token: str | None, visitor: str) -> None:
        """Raise unless a request may be answered.

        Parameters
        ----------
        wanted : Scope
            What it takes.
        token : str or None
            What it shows.
        visitor : str
            Where it comes from: an address.

        Raises
        ------
        TokenWrong
            If it takes a token and there is none, or whenever a token is not known.
        ScopeTooNarrow
            If the token is good for less, or nobody may do it here.
        TooManyRequests
            If a stranger asks too often.
        """
        held = self.open_scope if token is None else self._scope_of(token)
        if token is not None and held is Scope.NOTHING:
            self._slow_down(visitor)
            raise TokenWrong("this token is not known here", "check it, or ask for another one")
        if wanted is Scope.MANAGE and not self.can_manage:
            raise ScopeTooNarrow(
                "galleries cannot be changed through this service",
                "its owner can set manage tokens, unless it is public",
            )
        if held < wanted:
            if token is None:
                raise TokenWrong(
                    "this needs a token", "send the header: Authorization: Bearer TOKEN"
                )
            raise ScopeTooNarrow(
                "this token may find, and not change galleries", "use a token that may manage"
            )
        if token is None:
            self._slow_down(visitor)

    def _slow_down(self, visitor: str) -> None:
        if self._rate is not None:
            self._rate.take(visitor)

    def _scope_of(self, token: str) -> Scope:
        digest = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        scope = Scope.NOTHING
        # All are looked at, and each in constant time: how long it takes says nothing.
        for known in self._tokens:
            if hmac.compare_digest(known.digest, digest):
                scope = max(scope, known.scope)
        return scope


def bearer(header: str | None) -> str | None:
    """Read a token out of the ``Authorization`` header.

    Parameters
    ----------
    header : str or None
        Its value.

    Returns
    -------
    str or None
        None if there is no header; empty if it holds something else.
    """
    if header is None:
        return None
    kind, _, token = header.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _hashed(tokens: tuple[SecretStr, ...], scope: Scope) -> tuple[_Token, ...]:
    return tuple(
        _Token(hashlib.sha256(token.get_secret_value().encode()).digest(), scope)
        for token in tokens
    )
