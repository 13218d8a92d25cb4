"""Collecting by keyword, against services that behave well and badly."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import threading
import time

import pytest

from lookalike.collecting import (
    CollectOptions,
    Offer,
    Subject,
    Task,
    Web,
    by_keyword,
    collect,
    open_search,
)
from lookalike.collecting import download as download_module
from lookalike.collecting.gates import Gates
from lookalike.errors import (
    FolderBusy,
    FolderUnwritable,
    Offline,
    OptionError,
    ServiceRefused,
    ServiceUnavailable,
    UnknownName,
)
from lookalike.images import Limits

from .services import Reply, json_reply, photo


def run(root, web, keywords=("Jihyo",), number=50, source="openverse", **options):
    licence = options.get("licence", "any")
    search = open_search(source, web, licence)
    tasks = by_keyword(keywords, number, search, f"{source}, {licence}")
    return collect(root, tasks, web, CollectOptions(**options))


def manifest(root):
    with (root / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def photos(root):
    return sorted(
        path
        for path in root.rglob("*.*")
        if ".collecting" not in path.parts and path.suffix != ".csv"
    )


def assert_consistent(root):
    """Every row has its file, every file its row, and nothing half-written is left."""
    rows = manifest(root)
    assert sorted(root / row["path"] for row in rows) == photos(root)
    for row in rows:
        data = (root / row["path"]).read_bytes()
        assert row["photo.sha256"] == hashlib.sha256(data).hexdigest()
    parts = root / ".collecting" / "parts"
    assert not parts.is_dir() or not list(parts.iterdir())


class TestOpenverse:
    def test_photos_come_with_their_origin(self, services, web, tmp_path):
        services.on_openverse("Jihyo")
        summary = run(tmp_path, web)
        assert (summary.people, summary.photos, summary.added) == (1, 1, 1)
        (row,) = manifest(tmp_path)
        assert row["person"] == "Jihyo"
        assert row["licence"] == "CC BY-SA 2.0"
        assert row["credit"] == "Ann Author"
        assert row["page"] == "https://photos.example/of/Jihyo"
        assert row["photo.url"] == "https://photos.example/Jihyo.jpg"
        assert row["photo.licence_page"] == "https://creativecommons.org/licenses/by-sa/2.0/"
        assert (row["photo.width"], row["photo.height"]) == ("96", "72")
        assert row["photo.service"] == "openverse (flickr)"
        assert row["path"].startswith("Jihyo/")
        assert row["photo.retrieved"].endswith("+00:00")
        assert_consistent(tmp_path)

    def test_pages_are_turned_until_there_are_enough(self, services, web, tmp_path):
        for number in range(70):
            services.on_openverse(f"Jihyo {number}")
        assert run(tmp_path, web, number=45).photos == 45
        pages = [one.fields["page"] for one in services.asked if "openverse" in one.host]
        assert pages == ["1", "2", "3"]
        assert len(services.downloads()) == 45
        assert_consistent(tmp_path)

    def test_licences_are_asked_for_and_checked(self, services, web, tmp_path):
        services.on_openverse("Jihyo 1", license="by-nc", license_version="4.0")
        services.on_openverse("Jihyo 2", license="cc0", license_version="1.0")
        services.on_openverse("Jihyo 3")
        assert run(tmp_path / "free", web, licence="free").photos == 2
        assert services.asked[0].fields["license"] == "by,by-sa,cc0,pdm"
        assert run(tmp_path / "cc0", web, licence="cc0").photos == 1
        assert manifest(tmp_path / "cc0")[0]["licence"] == "CC0 1.0"
        assert run(tmp_path / "any", web).photos == 3

    def test_names_of_every_script(self, services, web, tmp_path):
        names = ["지효", "Émilie du Châtelet", "محمد", "AC/DC: live?", "..", "CON"]
        for name in names:
            services.on_openverse(name, title=name)
        assert run(tmp_path, web, names).people == len(names)
        assert {row["person"] for row in manifest(tmp_path)} == set(names)
        assert {path.parent.name for path in photos(tmp_path)} == {
            "지효", "Émilie du Châtelet", "محمد", "AC DC live", "unnamed", "CON_"
        }  # fmt: skip
        assert_consistent(tmp_path)

    def test_names_without_letters(self, services, web, tmp_path):
        for name in ("🙂", "🙃"):
            services.on_openverse(name, title=name)
        run(tmp_path, web, ["🙂", "🙃"])
        assert {row["person"] for row in manifest(tmp_path)} == {"🙂", "🙃 (keyword)"}
        assert_consistent(tmp_path)

    def test_an_error_in_the_services_own_words(self, services, web, tmp_path):
        wrong = {"error": "InputError", "detail": "Invalid input given for fields."}
        services.first["https://api.openverse.org/"] = [json_reply(wrong, status=400)]
        with pytest.raises(ServiceRefused, match=r"api\.openverse\.org says 400"):
            run(tmp_path, web)

    def test_one_name_that_is_refused_does_not_stop_the_others(self, services, web, tmp_path):
        services.on_openverse("Nayeon")
        services.first["https://api.openverse.org/"] = [json_reply({}, status=400)]
        summary = run(tmp_path, web, ["Jihyo", "Nayeon"])
        assert summary.photos == 1
        assert list(summary.failed) == ["api.openverse.org says 400 Bad Request"]

    def test_a_page_instead_of_json(self, services, web, tmp_path):
        page = Reply(b"<html>log in to this hotel</html>", kind="text/html")
        services.first["https://api.openverse.org/"] = [page]
        with pytest.raises(ServiceRefused, match="something else than JSON"):
            run(tmp_path, web)


class TestBadPhotos:
    def test_only_photos_are_kept(self, services, web, tmp_path):
        whole = photo("whole")
        services.on_openverse("Jihyo good", whole)
        services.on_openverse("Jihyo cut off", photo("long", (400, 400))[:2000])
        services.on_openverse("Jihyo page", b"<!DOCTYPE html><p>log in</p>")
        services.on_openverse("Jihyo empty", b"")
        services.on_openverse("Jihyo small", photo("s", (20, 20)))
        gone = services.on_openverse("Jihyo gone")
        del services.files[gone["url"]]
        summary = run(tmp_path, web)
        assert summary.photos == 1
        assert summary.passed == {"not a photo": 4, "not there": 1}
        assert photos(tmp_path)[0].read_bytes() == whole
        assert_consistent(tmp_path)

    def test_what_is_bad_is_not_downloaded_again(self, services, web, tmp_path):
        services.on_openverse("Jihyo page", b"<html>")
        run(tmp_path, web)
        run(tmp_path, web)
        assert len(services.downloads()) == 1

    def test_formats_get_their_own_endings(self, services, web, tmp_path):
        for kind in ("JPEG", "PNG", "GIF", "WEBP"):
            services.on_openverse(f"Jihyo {kind}", photo(kind, kind=kind))
        assert run(tmp_path, web).photos == 4
        endings = {path.suffix for path in photos(tmp_path)}
        assert endings == {".jpg", ".png", ".gif", ".webp"}

    @pytest.mark.parametrize("honest", [True, False])
    def test_a_huge_file_is_cut_short(self, services, web, tmp_path, honest):
        huge = services.on_openverse("Jihyo", photo("h") + bytes(3_000_000))
        if not honest:
            services.files[huge["url"]].length = False
        limits = Limits(max_bytes=1_000_000)
        assert run(tmp_path, web, limits=limits).passed == {"too large": 1}
        assert photos(tmp_path) == []
        assert_consistent(tmp_path)

    def test_one_photo_under_two_names_is_kept_once(self, services, web, tmp_path):
        services.on_openverse("Jihyo 1", photo("one"))
        services.on_openverse("Jihyo 2", photo("one"))
        services.on_openverse("Jihyo 3", photo("other"))
        summary = run(tmp_path, web, number=2)
        assert summary.photos == 2
        assert summary.passed["the same photo again"] <= 1
        assert run(tmp_path, web, number=3).photos == 2
        assert_consistent(tmp_path)

    def test_addresses_that_are_no_web_are_not_opened(self, services, web, tmp_path):
        secret = tmp_path / "secret.jpg"
        secret.write_bytes(photo("secret"))
        services.on_openverse("Jihyo", url=secret.as_uri())
        assert run(tmp_path / "photos", web).photos == 0


class TestBadServers:
    def test_a_redirect_is_followed(self, services, web, tmp_path):
        first = services.on_openverse("Jihyo")
        services.file("https://mirror.example/there.jpg", photo("there"))
        services.moved(first["url"], "https://mirror.example/there.jpg")
        assert run(tmp_path, web).photos == 1

    def test_what_passes_is_tried_again(self, services, web, tmp_path):
        services.on_openverse("Jihyo")
        down = [Reply(status=500), Reply(status=500)]
        services.first["https://api.openverse.org/"] = down.copy()
        services.first["https://photos.example/"] = down.copy()
        assert run(tmp_path, web).photos == 1
        assert len(services.asked) == 6

    def test_a_broken_connection_is_tried_again(self, services, web, tmp_path):
        services.on_openverse("Jihyo")
        services.first["https://photos.example/"] = [Reply(photo("Jihyo"), cut_after=100)]
        assert run(tmp_path, web).photos == 1
        assert_consistent(tmp_path)

    @pytest.mark.parametrize("place", ["https://api.openverse.org/", "https://photos.example/"])
    def test_retry_after_is_honored(self, services, web, tmp_path, place):
        services.on_openverse("Jihyo")
        throttled = {"detail": "Request was throttled. Expected available in 1 second."}
        services.first[place] = [json_reply(throttled, status=429, headers={"Retry-After": "1"})]
        start = time.monotonic()
        assert run(tmp_path, web).photos == 1
        assert 1.0 <= time.monotonic() - start < 4

    def test_a_host_that_wants_an_hour_gets_it(self, services, web, tmp_path):
        for number in range(4):
            services.on_openverse(f"Jihyo {number}")
        later = [Reply(status=429, headers={"Retry-After": "3600"}) for _ in range(9)]
        services.first["https://photos.example/"] = later
        summary = run(tmp_path, web)
        assert sum(summary.failed.values()) == 4
        assert len(services.downloads()) <= 2  # only those that were under way already
        services.first.clear()
        assert run(tmp_path, Web(web.patience, Gates(0.0))).photos == 4

    def test_a_dead_network_ends_it(self, services, web, tmp_path):
        for number in range(30):
            services.on_openverse(f"Jihyo {number}")
        services.first["https://photos.example/"] = [Reply(status=503) for _ in range(500)]
        with pytest.raises(ServiceUnavailable, match="12 downloads in a row"):
            run(tmp_path, web)
        assert manifest(tmp_path) == []

    def test_a_search_that_breaks_off_leaves_what_came(self, services, web, tmp_path):
        for number in range(30):
            services.on_openverse(f"Jihyo {number}")
        second = "https://api.openverse.org/v1/images/"
        once = services.answer

        def answer(asked):
            if asked.address == second and asked.fields["page"] == "2":
                return Reply(status=503)
            return once(asked)

        services.answer = answer
        with pytest.raises(ServiceUnavailable, match="503"):
            run(tmp_path, web)
        assert len(manifest(tmp_path)) == 20
        assert_consistent(tmp_path)
        services.answer = once
        assert run(tmp_path, web).photos == 30
        assert len(services.downloads()) == 30

    def test_nobody_is_asked_too_often_at_once(self, services, tmp_path):
        for number in range(6):
            result = services.on_openverse(f"Jihyo {number}")
            services.files[result["url"]].pause_s = 0.05
        start = time.monotonic()
        run(tmp_path, Web(gates=Gates(0.2)), workers=6)
        assert services.busiest["photos.example"] <= 2
        assert time.monotonic() - start >= 0.5  # five intervals of 0.1 s

    def test_the_program_says_who_it_is(self, services, tmp_path):
        services.on_openverse("Jihyo")
        run(tmp_path, Web(contact="me@example.org"))
        names = {one.headers["User-Agent"] for one in services.asked}
        (name,) = names
        assert name.startswith("lookalike/")
        assert "(me@example.org)" in name
        assert "Mozilla" not in name


class TestResuming:
    def test_nothing_is_asked_when_there_is_enough(self, services, web, tmp_path):
        services.on_openverse("Jihyo")
        run(tmp_path, web, number=1)
        asked = len(services.asked)
        summary = run(tmp_path, web, number=1)
        assert (summary.photos, summary.added, len(services.asked)) == (1, 0, asked)

    def test_nothing_is_asked_when_there_was_no_more(self, services, web, tmp_path):
        services.on_openverse("Jihyo")
        run(tmp_path, web)
        asked = len(services.asked)
        assert run(tmp_path, web).photos == 1
        assert len(services.asked) == asked

    def test_more_are_added_to_what_is_there(self, services, web, tmp_path):
        for number in range(5):
            services.on_openverse(f"Jihyo {number}")
        run(tmp_path, web, number=2)
        assert run(tmp_path, web, number=4).added == 2
        assert len(services.downloads()) == len(set(services.downloads())) == 4
        assert_consistent(tmp_path)

    def test_what_was_thrown_away_stays_away(self, services, web, tmp_path):
        for number in range(3):
            services.on_openverse(f"Jihyo {number}")
        run(tmp_path, web, number=2)
        photos(tmp_path)[0].unlink()
        assert run(tmp_path, web, number=2).photos == 2
        assert len(services.downloads()) == len(set(services.downloads())) == 3
        assert_consistent(tmp_path)

    def test_a_file_saved_just_before_a_crash_is_recognized(self, services, web, tmp_path):
        services.on_openverse("Jihyo")
        run(tmp_path, web)
        journal = tmp_path / ".collecting" / "journal.jsonl"
        lines = journal.read_bytes().splitlines(keepends=True)
        journal.write_bytes(b"".join(line for line in lines if b'"person": {' in line))
        assert run(tmp_path, web).photos == 1
        assert len(services.downloads()) == 1
        assert_consistent(tmp_path)

    def test_a_line_that_was_cut_off_is_dropped(self, services, web, tmp_path):
        services.on_openverse("Jihyo 1")
        services.on_openverse("Jihyo 2")
        run(tmp_path, web, number=1)
        journal = tmp_path / ".collecting" / "journal.jsonl"
        with journal.open("ab") as file:
            file.write(b'{"photo": {"person": "keyw')
        assert run(tmp_path, web, number=2).photos == 2
        assert all(json.loads(line) for line in journal.read_text("utf-8").splitlines())

    def test_what_failed_is_tried_again_by_the_next_run(self, services, web, tmp_path):
        services.on_openverse("Jihyo")
        services.first["https://photos.example/"] = [Reply(status=503) for _ in range(4)]
        assert sum(run(tmp_path, web).failed.values()) == 1
        assert run(tmp_path, web).photos == 1

    def test_one_folder_one_process(self, services, web, tmp_path):
        result = services.on_openverse("Jihyo")
        services.files[result["url"]].pause_s = 1.0
        first = threading.Thread(target=run, args=(tmp_path, web))
        first.start()
        while not services.downloads():
            time.sleep(0.01)
        with pytest.raises(FolderBusy, match="another process"):
            run(tmp_path, web)
        first.join()
        assert_consistent(tmp_path)


class TestThisMachine:
    def test_the_offline_switch(self, services, web, tmp_path, monkeypatch):
        monkeypatch.setenv("LOOKALIKE_OFFLINE", "1")
        with pytest.raises(Offline):
            run(tmp_path, web)
        assert services.asked == []

    def test_a_full_disk_is_one_error(self, services, web, tmp_path, monkeypatch):
        for number in range(8):
            services.on_openverse(f"Jihyo {number}")
        fsync = download_module.os.fsync
        calls = []

        def full(handle):
            calls.append(handle)
            if len(calls) > 6:
                raise OSError(errno.ENOSPC, "No space left on device")
            fsync(handle)

        monkeypatch.setattr(download_module.os, "fsync", full)
        with pytest.raises(FolderUnwritable, match="No space left on device"):
            run(tmp_path, web)
        monkeypatch.undo()

    def test_after_a_full_disk_it_goes_on(self, services, web, tmp_path, monkeypatch):
        services.on_openverse("Jihyo")
        with monkeypatch.context() as patch:

            def full(*_):
                raise OSError(errno.ENOSPC, "No space left on device")

            patch.setattr(download_module.os, "fsync", full)
            with pytest.raises(FolderUnwritable):
                run(tmp_path, web)
        assert run(tmp_path, web).photos == 1
        assert_consistent(tmp_path)

    def test_a_file_in_the_way(self, web, tmp_path):
        (tmp_path / "photos").write_text("not a folder")
        with pytest.raises(FolderUnwritable):
            run(tmp_path / "photos", web)

    def test_ctrl_c_keeps_what_has_come(self, services, web, tmp_path):
        for number in range(10):
            services.on_openverse(f"Jihyo {number}")
        seen = []

        def report():
            seen.append(1)
            if len(seen) == 3:
                raise KeyboardInterrupt

        search = open_search("openverse", web)
        with pytest.raises(KeyboardInterrupt):
            collect(tmp_path, by_keyword(["Jihyo"], 50, search, ""), web, report=report)
        assert len(manifest(tmp_path)) == 3
        time.sleep(0.3)  # whoever was downloading has noticed
        assert run(tmp_path, web).photos == 10
        assert len(services.downloads()) <= 10 + 4
        assert_consistent(tmp_path)


class TestPeopleOfOneName:
    def task(self, services, key, mark):
        address = services.file(f"https://photos.example/{key}.jpg", photo(key))
        offer = Offer(key, address)
        return Task(Subject(key, "Chris Evans", mark, {"wikidata": key}), 1, lambda: iter([offer]))

    def test_they_are_told_apart(self, services, web, tmp_path):
        tasks = [self.task(services, key, key) for key in ("Q178348", "Q2964710")]
        assert collect(tmp_path, tasks, web).people == 2
        rows = manifest(tmp_path)
        assert [row["person"] for row in rows] == ["Chris Evans", "Chris Evans (Q2964710)"]
        assert [row["wikidata"] for row in rows] == ["Q178348", "Q2964710"]
        assert len({row["path"].partition("/")[0] for row in rows}) == 2
        # In another order, later, they keep their names.
        assert collect(tmp_path, tasks[::-1], web).added == 0
        assert manifest(tmp_path) == rows

    def test_a_keyword_is_not_taken_for_somebody_of_that_name(self, services, web, tmp_path):
        collect(tmp_path, [self.task(services, "Q178348", "Q178348")], web)
        services.on_openverse("chris evans")
        run(tmp_path, web, ["chris evans"])
        assert {row["person"] for row in manifest(tmp_path)} == {
            "Chris Evans",
            "chris evans (keyword)",
        }

    def test_one_keyword_in_two_spellings_is_one_person(self, services, web, tmp_path):
        services.on_openverse("Jihyo")
        assert run(tmp_path, web, ["Jihyo", "jihyo ", "JIHYO"]).people == 1


def test_the_manifest_is_a_table_of_photos(services, web, tmp_path):
    table = pytest.importorskip("lookalike.sources.table")
    services.on_openverse("Jihyo 1", creator='Ann "A.", Author\nand Bob')
    services.on_openverse("Jihyo 2", photo("2"))
    run(tmp_path, web)
    candidates = list(table.TableSource(tmp_path / "manifest.csv"))
    assert len(candidates) == 2
    named = {candidate.credit for candidate in candidates}
    assert named == {"Ann Author", 'Ann "A.", Author and Bob'}
    for candidate in candidates:
        assert candidate.person.name == "Jihyo"
        assert candidate.licence == "CC BY-SA 2.0"
        assert candidate.page.startswith("https://photos.example/of/")
        assert candidate.attributes["width"] == 96
        assert candidate.load().startswith(b"\xff\xd8")


def test_unknown_searches(web):
    with pytest.raises(UnknownName, match="no search 'flickr'"):
        open_search("flickr", web)
    with pytest.raises(OptionError, match="does not say under which licence"):
        open_search("web", web, "free")
