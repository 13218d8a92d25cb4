"""Downloads against a server that behaves as badly as servers do."""

from __future__ import annotations

import bz2
import hashlib
import io
import json
import shutil
import subprocess
import sys
import threading
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest

from lookalike.errors import (
    ChecksumMismatch,
    DownloadFailed,
    LicenceNotAccepted,
    Offline,
    WeightsMissing,
    WeightsUnwritable,
)
from lookalike.models import download, store
from lookalike.models.card import card as card_of
from lookalike.models.download import Patience
from lookalike.models.folders import partial_paths
from lookalike.models.pins import pin_path, recall
from lookalike.models.pull import Progress, PullOptions, pull

from .local_server import free_port_address, wait_until
from .tiny_model import tiny_card

DATA = np.random.default_rng(0).bytes(300_000)
OTHER = np.random.default_rng(1).bytes(300_000)
QUICK = PullOptions(patience=Patience(connect_s=5, stall_s=5, attempts=3, backoff_s=0.01))
IMPATIENT = PullOptions(patience=Patience(connect_s=5, stall_s=0.25, attempts=3, backoff_s=0.01))


@pytest.fixture(autouse=True)
def _at_home(home):
    pass


def the_file(home):
    return home / "weights" / "tiny.onnx"


def assert_whole(home, data=DATA):
    """The file is there, and next to it nothing but what belongs there."""
    assert the_file(home).read_bytes() == data
    assert {path.suffix for path in (home / "weights" / ".downloads").iterdir()} <= {".lock"}


def pulled(card):
    return pull(card, QUICK)


def test_a_file_arrives_whole_and_is_told_of(server, home):
    seen: list[Progress] = []
    card = tiny_card(DATA, server.serve("/net", DATA))
    (result,) = pull(card, PullOptions(report=seen.append))
    assert_whole(home)
    assert (result.path, result.fresh, result.pinned_here) == (the_file(home), True, False)
    done = [one.done for one in seen if one.step == "downloading"]
    assert done == sorted(done)
    assert done[-1] == seen[0].total == len(DATA)
    assert seen[-1].step == "checking"
    assert store.sources(card) == {"net": the_file(home)}


def test_a_file_that_is_here_is_not_downloaded_again(server, home):
    card = tiny_card(DATA, server.serve("/net", DATA))
    pulled(card)
    (again,) = pulled(card)
    assert not again.fresh
    assert len(server.requests) == 1


def test_a_damaged_file_is_replaced(server, home):
    card = tiny_card(DATA, server.serve("/net", DATA))
    pulled(card)
    the_file(home).write_bytes(OTHER)
    with pytest.raises(ChecksumMismatch, match=r"tiny\.onnx is not the file that its card names"):
        store.sources(card)
    assert pulled(card)[0].fresh
    assert_whole(home)


@pytest.mark.parametrize("cuts", [[100_000], [100_000, 100_000], [0, 0], [299_999]])
def test_a_cut_connection_is_gone_on_with(server, home, cuts):
    pulled(tiny_card(DATA, server.serve("/net", DATA, cut_after=cuts.copy())))
    assert_whole(home)
    first, *others = server.asked("/net")
    assert "Range" not in first
    at = np.cumsum(cuts).tolist()
    wanted = [f"bytes={start}-" if start else None for start in at]
    assert [headers.get("Range") for headers in others] == wanted
    assert all(headers["If-Range"] == '"one"' for headers in others if "Range" in headers)


def test_a_later_call_goes_on_where_an_earlier_one_gave_up(server, home):
    url = server.serve("/net", DATA, cut_after=[50_000, 50_000, 50_000])
    card = tiny_card(DATA, url)
    with pytest.raises(DownloadFailed, match="broke"):
        pulled(card)
    assert not the_file(home).exists()
    assert partial_paths(the_file(home))[0].read_bytes() == DATA[:150_000]
    pulled(card)
    assert server.asked("/net")[-1]["Range"] == "bytes=150000-"
    assert_whole(home)


def test_a_server_without_ranges_starts_anew(server, home):
    pulled(tiny_card(DATA, server.serve("/net", DATA, ranges=False, cut_after=[100_000])))
    assert_whole(home)


def test_a_file_that_changed_in_between_is_taken_anew(server, home):
    url = server.serve("/net", OTHER, cut_after=[100_000, 0, 0])
    with pytest.raises(DownloadFailed):
        pulled(tiny_card(DATA, url))
    server.serve("/net", DATA, etag='"two"')
    pulled(tiny_card(DATA, url))
    assert_whole(home)


def test_bytes_that_do_not_fit_together_are_noticed_and_taken_anew(server, home):
    # No validator: the mix is found out only by its digest.
    url = server.serve("/net", OTHER, etag=None, cut_after=[100_000, 0, 0])
    with pytest.raises(DownloadFailed):
        pulled(tiny_card(DATA, url))
    server.serve("/net", DATA, etag=None)
    pulled(tiny_card(DATA, url))
    assert_whole(home)
    ranges = [headers.get("Range") for headers in server.asked("/net")]
    assert ranges[-2:] == ["bytes=100000-", None]


def test_without_digest_and_validator_nothing_is_gone_on_with(server, home):
    url = server.serve("/net", DATA, etag='W/"weak"', cut_after=[100_000])
    pulled(tiny_card(DATA, url, sha256=""))
    assert_whole(home)
    assert all("Range" not in headers for headers in server.asked("/net"))


def test_another_part_than_asked_for_is_not_pasted_in(server, home):
    url = server.serve("/net", DATA, cut_after=[100_000], wrong_range=True)
    pulled(tiny_card(DATA, url))
    assert_whole(home)


def test_all_bytes_were_there_already(server, home):
    part = partial_paths(the_file(home))[0]
    part.parent.mkdir(parents=True)
    part.write_bytes(DATA)
    url = server.serve("/net", DATA)
    pulled(tiny_card(DATA, url, bytes=0))  # learns it from the server, by a 416
    assert_whole(home)
    assert len(server.requests) == 1


def test_a_stalled_server_is_left_and_asked_again(server, home):
    pull(tiny_card(DATA, server.serve("/net", DATA, stall_after=[100_000])), IMPATIENT)
    assert server.asked("/net")[1]["Range"] == "bytes=100000-"
    assert_whole(home)


def test_a_server_that_always_stalls_is_given_up(server, home):
    url = server.serve("/net", DATA, stall_after=[0] * 3)
    with pytest.raises(DownloadFailed, match=r"127\.0\.0\.1:\d+: no news for 0\.25 seconds"):
        pull(tiny_card(DATA, url), IMPATIENT)
    assert len(server.requests) == 3


def test_a_trickle_is_a_stall(server, home, monkeypatch):
    monkeypatch.setattr(download, "_SLOWEST_BYTES_A_SECOND", 100_000)
    url = server.serve("/net", DATA, pause_s=0.05)
    options = PullOptions(patience=Patience(connect_s=2, stall_s=0.2, attempts=1))
    with pytest.raises(DownloadFailed, match="too slow"):
        pull(tiny_card(DATA, url), options)


@pytest.mark.parametrize("claims", [400_000, 200_000])
def test_a_lie_about_the_size_is_a_clear_line(server, home, claims):
    url = server.serve("/net", DATA, claims=claims)
    said = f"it offers {claims:,} bytes, the card says 300,000"
    with pytest.raises(DownloadFailed, match=said):
        pulled(tiny_card(DATA, url))
    assert not the_file(home).exists()


def test_a_lie_about_the_size_of_an_unknown_file_is_a_cut(server, home):
    url = server.serve("/net", DATA, claims=400_000, ranges=False)
    with pytest.raises(DownloadFailed, match="connection broke"):
        pulled(tiny_card(DATA, url, bytes=0, sha256=""))
    assert not the_file(home).exists()


def test_more_bytes_than_the_card_says_are_not_written(server, home):
    url = server.serve("/net", DATA * 2, length=False)
    with pytest.raises(DownloadFailed, match="more than 300,000 bytes came"):
        pulled(tiny_card(DATA, url))


@pytest.mark.parametrize("status", [404, 403, 410])
def test_a_refusal_is_final(server, home, status):
    url = server.serve("/net", DATA, statuses=[status] * 9)
    with pytest.raises(DownloadFailed, match=str(status)) as caught:
        pulled(tiny_card(DATA, url))
    assert len(server.requests) == 1
    assert "models add FILE --card tiny" in caught.value.hint


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_trouble_of_the_server_may_pass(server, home, status):
    pulled(tiny_card(DATA, server.serve("/net", DATA, statuses=[status, status])))
    assert_whole(home)
    assert len(server.requests) == 3


def test_a_trouble_that_stays_is_given_up(server, home):
    url = server.serve("/net", DATA, statuses=[500] * 9)
    with pytest.raises(DownloadFailed, match="500 Internal Server Error"):
        pulled(tiny_card(DATA, url))
    assert len(server.requests) == 3


def test_redirects_are_followed(server, home):
    target = server.serve("/elsewhere", DATA, cut_after=[100_000])
    pulled(tiny_card(DATA, server.serve("/net", moved_to=target)))
    assert server.asked("/elsewhere")[1]["Range"] == "bytes=100000-"
    assert_whole(home)


def test_a_circle_of_redirects_ends(server, home):
    url = server.serve("/net", moved_to=server.address + "/net")
    with pytest.raises(DownloadFailed, match="redirects"):
        pulled(tiny_card(DATA, url))


def test_a_web_page_is_not_a_network(server, home):
    url = server.serve("/net", b"<html>please log in</html>", kind="text/html; charset=utf-8")
    with pytest.raises(DownloadFailed, match="a web page came instead of the file"):
        pulled(tiny_card(DATA, url))


def test_nobody_listens_and_the_next_mirror_does(server, home):
    dead = free_port_address()
    with pytest.raises(DownloadFailed, match="connection refused"):
        pulled(tiny_card(DATA, f"{dead}/net"))
    pulled(tiny_card(DATA, f"{dead}/net", server.serve("/net", DATA)))
    assert_whole(home)


def test_no_network_is_said_in_one_line(home):
    with pytest.raises(DownloadFailed, match="its name cannot be resolved") as caught:
        pulled(tiny_card(DATA, "http://nowhere.invalid/net"))
    assert "\n" not in caught.value.message


def test_wrong_bytes_are_refused_and_the_next_mirror_is_asked(server, home):
    wrong, right = server.serve("/wrong", OTHER), server.serve("/right", DATA)
    with pytest.raises(ChecksumMismatch, match=r"wrong bytes, sha256 \w{12}…, expected"):
        pulled(tiny_card(DATA, wrong))
    assert not the_file(home).exists()
    pulled(tiny_card(DATA, wrong, right))
    assert_whole(home)


def test_mirrors_are_asked_in_order_and_all_named_when_all_fail(server, home):
    urls = [
        server.serve(f"/{n}", DATA, statuses=[status] * 9) for n, status in enumerate([404, 403])
    ]
    with pytest.raises(DownloadFailed, match=r"404 Not Found; .*403 Forbidden"):
        pulled(tiny_card(DATA, *urls))
    assert [path for path, _ in server.requests] == ["/0", "/1"]


def test_a_mirror_goes_on_where_another_broke_off(server, home):
    broken = server.serve("/broken", DATA, cut_after=[100_000, 0, 0])
    whole = server.serve("/whole", DATA, etag='"its own"')
    pulled(tiny_card(DATA, broken, whole))
    (asked,) = server.asked("/whole")
    assert asked["Range"] == "bytes=100000-"
    assert "If-Range" not in asked
    assert_whole(home)


def test_a_proxy_of_the_environment_is_used(server, home, monkeypatch):
    # A proxy is asked for the whole address; this one answers it itself.
    monkeypatch.setenv("http_proxy", server.address)
    url = "http://weights.invalid/net"
    server.serve(url, DATA)
    pulled(tiny_card(DATA, url))
    assert_whole(home)
    monkeypatch.setenv("no_proxy", "weights.invalid")
    the_file(home).unlink()
    with pytest.raises(DownloadFailed, match="cannot be resolved"):
        pulled(tiny_card(DATA, url))


def test_a_dead_proxy_is_named(home, monkeypatch):
    monkeypatch.setenv("http_proxy", free_port_address())
    with pytest.raises(DownloadFailed, match="the proxy: connection refused"):
        pulled(tiny_card(DATA, "http://weights.invalid/net"))


@pytest.mark.parametrize("switch", ["environment", "option"])
def test_offline_asks_nobody(server, home, monkeypatch, switch):
    card = tiny_card(DATA, server.serve("/net", DATA))
    options = PullOptions(offline=True if switch == "option" else None)
    if switch == "environment":
        monkeypatch.setenv("LOOKALIKE_OFFLINE", "1")
    with pytest.raises(Offline, match="switched off") as caught:
        pull(card, options)
    assert "models add FILE --card tiny" in caught.value.hint
    assert not server.requests
    # What is here works, and what is here and wrong is said to be wrong.
    the_file(home).parent.mkdir(exist_ok=True)
    the_file(home).write_bytes(DATA)
    assert not pull(card, options)[0].fresh
    the_file(home).write_bytes(OTHER)
    with pytest.raises(ChecksumMismatch):
        pull(card, options)


def test_weights_without_an_address_must_be_brought(home):
    with pytest.raises(WeightsMissing, match="no address") as caught:
        pulled(tiny_card(DATA))
    assert "models add" in caught.value.hint


def test_weights_of_packages_are_only_checked(home):
    assert [one.fresh for one in pulled(card_of("mtcnn"))] == [False] * 3
    assert not (home / "weights").exists()


def test_terms_come_before_bytes(server, home):
    card = tiny_card(DATA, server.serve("/net", DATA), commercial="no")
    with pytest.raises(LicenceNotAccepted):
        pulled(card)
    assert not server.requests


class TestUnknownDigest:
    def test_the_first_file_counts_from_now_on(self, server, home):
        card = tiny_card(DATA, server.serve("/net", DATA), sha256="", bytes=0)
        with pytest.raises(WeightsMissing, match="digest of tiny is known only once"):
            _ = card.digest
        (result,) = pulled(card)
        digest = hashlib.sha256(DATA).hexdigest()
        assert result.pinned_here
        assert result.file.sha256 == recall(the_file(home)) == digest
        # The space is that of the bytes, whether the card states their digest or not.
        stated = tiny_card(DATA)
        assert card.digest == stated.digest
        assert card.space == stated.space == store.resolved(card).space
        the_file(home).write_bytes(OTHER)
        with pytest.raises(ChecksumMismatch, match="not the file that was here first"):
            store.sources(card)

    def test_the_pin_is_read_by_sha256sum(self, server, home):
        pulled(tiny_card(DATA, server.serve("/net", DATA), sha256=""))
        if shutil.which("sha256sum"):
            pin = pin_path(the_file(home))
            subprocess.run(["sha256sum", "-c", pin.name], cwd=pin.parent, check=True)

    def test_another_file_than_the_pinned_one_is_refused(self, server, home):
        card = tiny_card(DATA, server.serve("/net", DATA), sha256="", bytes=0)
        pulled(card)
        the_file(home).unlink()
        server.serve("/net", OTHER)
        with pytest.raises(ChecksumMismatch):
            pulled(card)
        assert not the_file(home).exists()

    def test_a_file_that_was_put_there_by_hand_is_pinned_at_first_use(self, home):
        card = tiny_card(DATA, sha256="")
        the_file(home).parent.mkdir()
        the_file(home).write_bytes(DATA)
        assert store.ready(card) == {"net": the_file(home)}
        assert recall(the_file(home)) == hashlib.sha256(DATA).hexdigest()

    def test_a_yes_outlives_the_pinning(self, server):
        from lookalike.models import licence

        card = tiny_card(DATA, server.serve("/net", DATA), sha256="", commercial="ask")
        licence.accept(card)
        pulled(card)
        store.ready(store.resolved(card))


class TestArchives:
    @staticmethod
    def zipped(name="some/folder/net.onnx", data=DATA):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("../outside", b"evil")
            archive.writestr(name, data)
        return buffer.getvalue()

    def test_a_file_inside_a_zip(self, server, home):
        packed = self.zipped()
        url = server.serve("/all.zip", packed, cut_after=[100_000])
        pulled(tiny_card(DATA, url, archive="some/folder/net.onnx"))
        assert_whole(home)
        assert not (home / "outside").exists()

    def test_bzip2(self, server, home):
        url = server.serve("/net.dat.bz2", bz2.compress(DATA))
        pulled(tiny_card(DATA, url))
        assert_whole(home)

    @pytest.mark.parametrize(
        ("packed", "archive", "said"),
        [
            (zipped(), "other.onnx", "does not hold other.onnx"),
            (zipped(data=DATA * 2), "some/folder/net.onnx", "holds more than 300,000 bytes"),
            (zipped()[:200_000], "some/folder/net.onnx", "not a ZIP archive"),
            (bz2.compress(DATA)[:200_000], "", "broken archive"),
            (DATA, "", "broken archive"),
            (bz2.compress(bytes(10_000_000)), "", "holds more than 300,000 bytes"),
        ],
    )
    def test_a_bad_archive_is_a_clear_line(self, server, home, packed, archive, said):
        url = server.serve("/net.bz2", packed)
        with pytest.raises(DownloadFailed, match=said):
            pulled(tiny_card(DATA, url, archive=archive))
        assert not list((home / "weights").glob("*.onnx"))
        assert {path.suffix for path in (home / "weights" / ".downloads").iterdir()} == {".lock"}

    def test_a_flipped_bit_in_an_archive_is_noticed(self, server):
        packed = bytearray(self.zipped())
        packed[150_000] ^= 1
        url = server.serve("/all.zip", bytes(packed))
        with pytest.raises(DownloadFailed, match="broken archive"):
            pulled(tiny_card(DATA, url, archive="some/folder/net.onnx", sha256=""))


class TestDisk:
    def test_no_room_is_said_before_anything_is_written(self, server, home, monkeypatch):
        usage = SimpleNamespace(free=100_000)
        monkeypatch.setattr(download.shutil, "disk_usage", lambda _: usage)
        url = server.serve("/net", DATA)
        with pytest.raises(WeightsUnwritable, match=r"0\.3 MB are needed .* 0\.1 MB are free"):
            pulled(tiny_card(DATA, url))
        assert not the_file(home).exists()

    def test_a_full_disk_is_not_left_full(self, server, home):
        code = f"""if True:
            import resource
            from lookalike.models.card import read_card
            from lookalike.models.pull import pull
            from pathlib import Path
            from lookalike.errors import WeightsUnwritable
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
            try:
                pull(read_card(Path({str(home / "card.toml")!r})))
            except WeightsUnwritable as error:
                print(error.message, error.hint)
        """
        from lookalike.models.card_text import card_text

        card = tiny_card(DATA, server.serve("/net", DATA))
        (home / "card.toml").write_text(card_text(card))
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
        )
        assert "File too large" in done.stdout
        assert "make room" in done.stdout
        left = [path for path in (home / "weights").rglob("*") if path.is_file()]
        assert {path.suffix for path in left} == {".lock"}

    def test_a_folder_that_cannot_be_written_is_named(self, server, home, monkeypatch):
        (home / "file").write_text("")
        monkeypatch.setenv("LOOKALIKE_WEIGHTS", str(home / "file" / "weights"))
        with pytest.raises(WeightsUnwritable, match="cannot write") as caught:
            pulled(tiny_card(DATA, server.serve("/net", DATA)))
        assert "LOOKALIKE_WEIGHTS" in caught.value.hint


def test_two_processes_download_once(server, home):
    from lookalike.models.card_text import card_text

    card = tiny_card(DATA, server.serve("/net", DATA, pause_s=0.0002))
    (home / "card.toml").write_text(card_text(card))
    code = f"""if True:
        import sys
        from pathlib import Path
        from lookalike.models.card import read_card
        from lookalike.models.pull import PullOptions, pull
        card = read_card(Path({str(home / "card.toml")!r}))
        print("ready", flush=True)
        sys.stdin.readline()
        steps = []
        (one,) = pull(card, PullOptions(report=lambda progress: steps.append(progress.step)))
        print(one.fresh, "waiting" in steps)
    """
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = sorted(racer.communicate(timeout=30)[0].strip() for racer in racers)
    assert answers == ["False True", "True False"]
    assert len(server.requests) == 1
    assert_whole(home)


def test_a_process_that_was_killed_leaves_neither_a_lock_nor_half_a_file(server, home):
    from lookalike.models.card_text import card_text

    card = tiny_card(DATA, server.serve("/net", DATA, stall_after=[100_000]))
    (home / "card.toml").write_text(card_text(card))
    code = (
        "from pathlib import Path; from lookalike.models.card import read_card;"
        "from lookalike.models.pull import pull;"
        f"pull(read_card(Path({str(home / 'card.toml')!r})))"
    )
    victim = subprocess.Popen([sys.executable, "-c", code])
    part = partial_paths(the_file(home))[0]
    wait_until(lambda: part.is_file() and part.stat().st_size > 50_000)
    victim.kill()
    victim.wait(10)
    assert not the_file(home).exists()
    pulled(card)
    assert server.asked("/net")[-1]["Range"].startswith("bytes=")
    assert_whole(home)


def test_threads_of_one_process_wait_for_each_other_too(server, home):
    card = tiny_card(DATA, server.serve("/net", DATA, pause_s=0.0001))
    results = []
    threads = [threading.Thread(target=lambda: results.extend(pulled(card))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.fresh for one in results) == [False, False, False, True]
    assert len(server.requests) == 1
    assert_whole(home)


def test_a_broken_note_is_no_note(server, home):
    url = server.serve("/net", DATA)
    part, note, _ = partial_paths(the_file(home))
    part.parent.mkdir(parents=True)
    part.write_bytes(OTHER[:1000])
    for text in ("", "[]", json.dumps({"url": 5})):
        note.write_text(text)
        pulled(tiny_card(DATA, url))
        assert_whole(home)
        the_file(home).unlink()
        part.write_bytes(OTHER[:1000])
