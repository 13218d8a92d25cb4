"""Workers that cannot be had: a clear error each."""

from __future__ import annotations

import builtins
import sys

import pytest

from lookalike import cluster
from lookalike.cluster import ClusterOptions, Crew
from lookalike.cluster.hiring import require_same_version, security
from lookalike.errors import ClusterMismatch, ClusterUnreachable, MissingExtra, OptionError


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "either local or behind a scheduler"),
        ({"scheduler": "tcp://a:1", "local": 2}, "either local or behind"),
        ({"local": -1}, "more than 0"),
        ({"local": 1, "photo_s": 0}, "more than 0"),
        ({"scheduler": "somewhere"}, "no address of a scheduler"),
    ],
)
def test_options_that_make_no_sense(options, words):
    with pytest.raises(OptionError, match=words):
        ClusterOptions(**options)


def test_certificates_are_for_encrypted_addresses(tmp_path):
    with pytest.raises(OptionError, match="encrypt"):
        ClusterOptions("tcp://a:1", tls=tmp_path)
    options = ClusterOptions("tls://a:1", tls=tmp_path)
    with pytest.raises(OptionError, match=r"there is no .*ca\.pem"):
        security(options)
    for name in ("ca", "cert", "key"):
        (tmp_path / f"{name}.pem").write_text("x", "ascii")
    made = security(options)
    assert made.require_encryption
    assert made.tls_ca_file == str(tmp_path / "ca.pem")
    assert (made.tls_client_cert, made.tls_client_key) == (
        str(tmp_path / "cert.pem"),
        str(tmp_path / "key.pem"),
    )


def test_a_scheduler_that_is_not_there():
    options = ClusterOptions("tcp://127.0.0.1:1", patience_s=1)
    with pytest.raises(ClusterUnreachable, match=r"no scheduler answers at tcp://127.0.0.1:1"):
        Crew(options).__enter__()


def test_a_crew_that_was_not_entered():
    with pytest.raises(ClusterUnreachable, match="no workers yet"):
        _ = Crew(ClusterOptions(local=1)).client


class Answering:
    def __init__(self, answer):
        self.answer = answer

    def run(self, _function):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_workers_with_another_lookalike():
    with pytest.raises(ClusterMismatch, match=r"tcp://b runs lookalike 0\.0"):
        require_same_version(Answering({"tcp://b": "0.0"}))
    with pytest.raises(ClusterMismatch, match="cannot load lookalike"):
        require_same_version(Answering(ModuleNotFoundError("No module named 'lookalike'")))
    require_same_version(Answering({"tcp://b": sys.modules["lookalike"].__version__}))


def test_without_dask_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def refuse(name, *arguments, **options):
        if name.partition(".")[0] == "distributed":
            raise ModuleNotFoundError("No module named 'distributed'", name="distributed")
        return real(name, *arguments, **options)

    for name in [one for one in sys.modules if one.startswith("lookalike.cluster.")]:
        monkeypatch.delitem(sys.modules, name)
        monkeypatch.delattr(cluster, name.rpartition(".")[2])
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtra, match="distributed") as caught:
        cluster.__getattr__("Crew")
    assert "lookalike[cluster]" in caught.value.hint
