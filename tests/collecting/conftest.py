from __future__ import annotations

import pytest

from lookalike.collecting import Web
from lookalike.collecting.gates import Gates
from lookalike.collecting.questions import Patience

from .services import Services


@pytest.fixture
def services(tmp_path_factory, monkeypatch):
    """Stand in for the whole web: nothing else can be reached while this is there."""
    services = Services(tmp_path_factory.mktemp("services"))
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in services.environment.items():
        monkeypatch.setenv(name, value)
    yield services
    services.close()


@pytest.fixture
def web(services):
    """Ask without pauses, and give up soon."""
    return Web(Patience(connect_s=5, stall_s=5, attempts=4, backoff_s=0.01), Gates(0.0))
