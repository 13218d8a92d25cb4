"""Services on one gallery of a server: they answer alike, also while people come and go."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack

import pytest

from lookalike.client import Client
from lookalike.gallery import care
from lookalike.gallery.build import build
from lookalike.gallery.opening import open_store
from lookalike.gallery.places import place_of
from lookalike.gallery.transfer import transfer
from lookalike.sources.folder import FolderSource


@pytest.fixture
def gallery(gallery_path, address):
    """Return the address of the two people."""
    transfer(gallery_path, place_of(address))
    return address


def names(client, photo):
    answer = client.find(photo, k=5).photos[0]
    return [(match.id, match.distance) for match in answer.faces[0].matches]


def test_a_service_answers_from_a_server_as_from_a_file(
    serving, gallery, gallery_path, hopper_bytes
):
    answers = []
    for place in (gallery_path, gallery, f"{gallery}&index=pgvector"):
        answer = serving(place).post("/api/v1/find", files={"photo": hopper_bytes}).json()
        matches = answer["photos"][0]["faces"][0]["matches"]
        answers.append([(one["id"], round(one["distance"], 5)) for one in matches])
    assert answers[0] == answers[1] == answers[2]


def test_a_server_that_is_away_is_not_told_of(serving, gallery, hopper_bytes, owner):
    client = serving(gallery)
    with owner.connect() as connection:
        name = place_of(gallery).gallery
        connection.exec_driver_sql(f'ALTER SCHEMA "{name}" RENAME TO "{name}_away"')
        try:
            answer = client.post("/api/v1/find", files={"photo": hopper_bytes})
        finally:
            connection.exec_driver_sql(f'ALTER SCHEMA "{name}_away" RENAME TO "{name}"')
    assert answer.status_code == 500
    assert name not in answer.text
    assert client.post("/api/v1/find", files={"photo": hopper_bytes}).status_code == 200


@pytest.mark.slow
def test_two_processes_answer_alike_while_people_come_and_go(
    gallery, hopper_bytes, collins_bytes, analyst, tmp_path
):
    with ExitStack() as stack:
        clients = []
        for index in ("memory", "pgvector"):
            place = f"{gallery}&index={index}"
            service = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "lookalike", "serve", "--port", "0", "-g", place],
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            stack.callback(service.terminate)
            url = service.stderr.readline().split()[1].rstrip("/")
            clients.append(stack.enter_context(Client(url, time_s=100, patience_s=100)))

        def both(photo):
            one, other = (names(client, photo) for client in clients)
            assert [key for key, _ in one] == [key for key, _ in other]
            assert [distance for _, distance in one] == pytest.approx(
                [distance for _, distance in other], abs=1e-4
            )
            return [key for key, _ in one]

        assert both(hopper_bytes) == ["grace-hopper", "eileen-collins"]
        store = open_store(gallery, writable=True)
        care.erase(store, ["Grace Hopper"])
        assert both(hopper_bytes) == ["eileen-collins"]
        (tmp_path / "Somebody New").mkdir()
        (tmp_path / "Somebody New" / "1.jpg").write_bytes(hopper_bytes)
        build(store, FolderSource(tmp_path), analyst)
        assert both(hopper_bytes) == ["somebody-new", "eileen-collins"]
        care.rename(store, "Somebody New", "Grace Hopper")
        care.merge(store, "Eileen Collins", ["Somebody New"])
        assert both(collins_bytes) == ["eileen-collins"]
        store.close()
