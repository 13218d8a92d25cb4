from __future__ import annotations

import pytest

from .local_server import LocalServer


@pytest.fixture
def server():
    server = LocalServer()
    yield server
    server.close()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Folders of one's own for all that is kept, and no proxy."""
    for name in ("CACHE", "WEIGHTS", "CARDS", "CONFIG"):
        monkeypatch.setenv(f"LOOKALIKE_{name}", str(tmp_path / name.lower()))
    monkeypatch.delenv("LOOKALIKE_OFFLINE", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path
