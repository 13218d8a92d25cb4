"""Templates, and what all pages share: one style sheet, and the right to load nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("lookalike.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, script: str, **values: Any) -> str:
    """Fill a template.

    Parameters
    ----------
    template : str
        A file in ``templates``.
    script : str
        A file there with the page's script.
    **values : object
        What the template names; everything is escaped.

    Returns
    -------
    str
        A whole page: it needs no other file and no network, and its own policy forbids both.
    """
    from markupsafe import Markup

    style, code = _text("style.css"), _text(script)
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{_digest(style)}'; script-src '{_digest(code)}'"
    )
    # Both are ours, and escaping would change what they say.
    ours = {"style": Markup(style), "script": Markup(code)}  # noqa: S704
    return _environment().get_template(template).render(policy=policy, **ours, **values)


def linkable(address: str) -> bool:
    """Say whether an address may become a link: a script may not.

    Parameters
    ----------
    address : str
        From a gallery.

    Returns
    -------
    bool
        True if it leads to a page.
    """
    return address.lower().startswith(("https://", "http://"))


@cache
def _text(name: str) -> str:
    return (files("lookalike.reports") / "templates" / name).read_text("utf-8")


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
