"""The small parts, each by itself."""

from __future__ import annotations

import errno
import io
import threading
import time

import pytest

from lookalike.collecting import Subject
from lookalike.collecting.complaints import retry_after
from lookalike.collecting.gates import Closed, Gates, Stopped
from lookalike.collecting.licences import fits
from lookalike.collecting.naming import folder_name, own_name
from lookalike.collecting.plain_text import plain
from lookalike.collecting.questions import Question
from lookalike.errors import FolderUnwritable, ServiceRefused, ServiceUnavailable

from .services import Reply, photo

NEVER = threading.Event()


@pytest.mark.parametrize(
    ("licence", "free", "cc0"),
    [
        ("CC BY-SA 4.0", True, False),
        ("CC BY 2.0 kr", True, False),
        ("cc-by-sa-3.0", True, False),
        ("CC0", True, True),
        ("CC0 1.0", True, True),
        ("Public domain", True, True),
        ("Public Domain Mark 1.0", True, True),
        ("CC BY-NC 4.0", False, False),
        ("CC BY-NC-SA 4.0", False, False),
        ("CC BY-ND 2.0", False, False),
        ("GFDL", False, False),
        ("All rights reserved", False, False),
        ("", False, False),
    ],
)
def test_licences(licence, free, cc0):
    assert (fits(licence, "free"), fits(licence, "cc0")) == (free, cc0)
    assert fits(licence, "any")


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("Ann", "Ann"),
        ("<div><p>Ann<br/>Bob</p></div>", "Ann Bob"),
        ('<span style="display:none"><b>hidden</b><br></span>seen', "seen"),
        ("<script>bad()</script>Ann", "Ann"),
        ("  a \n b&nbsp;&lt;c&gt; ", "a b <c>"),
    ],
)
def test_plain_words(markup, words):
    assert plain(markup) == words


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Emma Watson", "Emma Watson"),
        ("../../etc/passwd", "etc passwd"),
        (".hidden", "hidden"),
        ("nul.txt", "nul.txt_"),
        ("a\tb\x00c", "a b c"),
        ("   ", "unnamed"),
        ("é", "é"),
    ],
)
def test_folder_names(name, folder):
    assert folder_name(name) == folder


def test_folder_names_are_short_enough():
    assert len(folder_name("효" * 200).encode()) <= 120


def test_names_are_told_apart():
    taken = ["Chris Evans", "chris evans (Q1)"]
    assert own_name(Subject("a", "Ann"), taken) == "Ann"
    assert own_name(Subject("a", "CHRIS_EVANS", "Q2"), taken) == "CHRIS_EVANS (Q2)"
    assert own_name(Subject("a", "Chris Evans", "Q1"), taken) == "Chris Evans (Q1 2)"
    assert own_name(Subject("a", "Chris Evans"), taken) == "Chris Evans (2)"


@pytest.mark.parametrize("said", ["", "soon", "-"])
def test_a_pause_that_is_not_said(said):
    assert retry_after({"Retry-After": said}) is None


def test_a_pause_as_a_date():
    when = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 30))
    assert 25 < retry_after({"Retry-After": when}) <= 30


class TestGates:
    def test_an_interval_lies_between_requests(self):
        gates = Gates(0.2)
        start = time.monotonic()
        for _ in range(4):
            with gates.turn("somewhere.example", NEVER):
                pass
        assert 0.3 <= time.monotonic() - start < 1.0

    def test_hosts_do_not_wait_for_each_other(self):
        gates = Gates()
        gates.hold("one.example", 5)
        start = time.monotonic()
        with gates.turn("other.example", NEVER):
            pass
        assert time.monotonic() - start < 1.0

    def test_whoever_waits_is_woken_up(self):
        gates = Gates()
        gates.hold("one.example", 60)
        stopped = threading.Event()
        threading.Timer(0.1, stopped.set).start()
        start = time.monotonic()
        with pytest.raises(Stopped), gates.turn("one.example", stopped):
            pass
        assert time.monotonic() - start < 2.0

    def test_too_long_is_not_waited_for(self):
        gates = Gates()
        gates.hold("one.example", 3600)
        with pytest.raises(Closed), gates.turn("one.example", NEVER):
            pass


class TestWeb:
    def test_a_disk_that_fills_up_is_not_taken_for_a_broken_connection(self, services, web):
        services.file("https://photos.example/a.jpg", photo("a"))

        class Full(io.BytesIO):
            name = "photos/a.part"

            def write(self, _):
                raise OSError(errno.ENOSPC, "No space left on device")

        with pytest.raises(FolderUnwritable, match=r"photos/a\.part: No space left"):
            web.bring(Question("https://photos.example/a.jpg"), Full())
        assert len(services.asked) == 1

    def test_a_certificate_of_nobody(self, web, monkeypatch):
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
        with pytest.raises(ServiceRefused, match="certificate cannot be trusted"):
            web.text(Question("https://api.openverse.org/v1/images/"))

    def test_a_server_that_is_silent(self, services, web):
        services.file("https://photos.example/a.jpg", b"", pause_s=30)
        question = Question("https://photos.example/a.jpg", stall_s=0.1)
        with pytest.raises(ServiceUnavailable, match="no answer in time"):
            web.text(question)

    def test_no_network(self, web, monkeypatch):
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        with pytest.raises(ServiceUnavailable, match="connection refused"):
            web.text(Question("https://photos.example/a.jpg"))

    def test_plain_http_goes_through_the_proxy_too(self, services, web):
        services.file("http://photos.example/a.txt", b"there")
        assert web.text(Question("http://photos.example/a.txt"))[0] == "there"

    def test_a_refusal_says_whom_to_tell(self, services, web):
        services.first["https://commons.wikimedia.org"] = [Reply(status=403)]
        with pytest.raises(ServiceRefused) as caught:
            web.text(Question("https://commons.wikimedia.org/w/api.php"))
        assert "--contact" in caught.value.hint
