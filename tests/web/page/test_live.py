"""The camera: faces followed and named, frozen, and an event that runs by itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import expect

from lookalike.gallery.build import build
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.sources.folder import FolderSource

pytestmark = pytest.mark.shared_data

STAR, OTHERS = "Anne Hathaway", ("Bill Gates", "Alex Lawther", "Jason Momoa", "Zendaya")
SIZE, FRAMES, EMPTY_FRAMES = (640, 480), 120, 110
SHOWN = """() => {
    window.shown = [];
    new MutationObserver((changes) => {
        for (const { target } of changes) window.shown.push(target.dataset.person);
    }).observe(document.getElementById("overlay"), {
        subtree: true, attributes: true, attributeFilter: ["data-person"],
    });
}"""


@pytest.fixture(scope="module")
def film(shared_data, tmp_path_factory):
    """Return a film of somebody who moves about and leaves; Chromium plays it again and again."""
    photo = min((shared_data / "pins" / STAR).iterdir())
    face = ImageOps.contain(Image.open(photo).convert("RGB"), (240, 240))
    path = tmp_path_factory.mktemp("film") / "film.mjpeg"
    with path.open("wb") as film:
        for at in range(FRAMES + EMPTY_FRAMES):
            frame = Image.new("RGB", SIZE, (96, 104, 112))
            if at < FRAMES:
                frame.paste(face, (120 + at, 110 + abs(at % 60 - 30)))
            frame.save(film, "JPEG", quality=88)
    return path


@pytest.fixture(scope="module")
def cast_path(shared_data, analyst, tmp_path_factory) -> Path:
    """Return a gallery of five people, in which the film's own photo is not."""
    folder = tmp_path_factory.mktemp("people")
    for name in (STAR, *OTHERS):
        (folder / name).mkdir()
        for photo in sorted((shared_data / "pins" / name).iterdir())[1:4]:
            shutil.copy(photo, folder / name)
    path = tmp_path_factory.mktemp("galleries") / "five.gallery"
    file = GalleryFile.create(path, Header(analyst.space, analyst.template, analyst.views))
    build(file, FolderSource(folder), analyst)
    file.close()
    return path


@pytest.fixture(scope="module")
def browser(chromium, film):
    return chromium(
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )


def answers(page):
    return int(page.evaluate("document.body.dataset.answers ?? 0"))


def until_answers(page, more):
    wanted = answers(page) + more
    page.wait_for_function("wanted => Number(document.body.dataset.answers) >= wanted", arg=wanted)


@pytest.fixture
def live(opened):
    page = opened("/live", permissions=["camera"], viewport={"width": 800, "height": 600})
    page.evaluate(f"({SHOWN})()")
    return page


def test_a_face_is_followed_and_steadily_named(live):
    expect(live.locator(".live-name").first).to_have_text(STAR)
    until_answers(live, 25)
    # One name, whatever the single frames said; and none of the boxes is left behind.
    assert set(live.evaluate("window.shown")) == {"anne-hathaway"}
    assert live.locator(".live-box").count() <= 1
    expect(live.locator("#said")).to_have_text(f"Looks like {STAR}.")
    # The page never sends more than the service answers.
    assert live.evaluate("performance.getEntriesByType('resource').length") < 200


def test_what_moves_shuts_nobody_out(live, complaints):
    named = live.locator(".live-name").first
    expect(named).to_have_text(STAR)
    assert complaints(live) == []
    # The film's person may have left meanwhile.
    expect(named).to_have_text(STAR)
    live.get_by_role("button", name="Freeze").click()
    expect(live.get_by_role("dialog", name="Frozen").locator(".best-name")).to_have_text(STAR)
    assert complaints(live) == []
    live.keyboard.press("Escape")
    live.get_by_role("button", name="Event mode").click()
    expect(live.locator(".event-name")).to_have_text(STAR)
    assert complaints(live) == []


def test_a_camera_is_chosen_and_turned_off(live):
    # Chromium plays a film on one camera only; it is listed twice.
    live.add_init_script(
        """const devices = navigator.mediaDevices, list = devices.enumerateDevices.bind(devices);
        devices.enumerateDevices = async () => {
            const all = (await list()).filter((one) => one.kind === "videoinput");
            const { deviceId, kind } = all[0];
            return [...all, { deviceId, kind, label: "The other one" }];
        };"""
    )
    live.reload()
    expect(live.get_by_label("Camera").locator("option")).to_have_count(2)
    with live.expect_event("websocket"):
        live.get_by_label("Camera").select_option("The other one")
    expect(live.locator(".live-name").first).to_have_text(STAR)
    live.get_by_role("button", name="Turn off").click()
    expect(live.get_by_role("button", name="Turn the camera on")).to_be_visible()
    assert live.evaluate("document.getElementById('video').srcObject") is None


def test_a_frame_is_frozen(live):
    expect(live.locator(".live-name").first).to_have_text(STAR)
    live.get_by_role("button", name="Freeze").click()
    dialog = live.get_by_role("dialog", name="Frozen")
    expect(dialog.locator(".best-name")).to_have_text(STAR)
    expect(dialog.locator(".face")).to_be_visible()
    before = answers(live)
    live.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    live.wait_for_function("before => Number(document.body.dataset.answers) > before", arg=before)


def test_event_mode_starts_over_by_itself(live):
    live.get_by_role("button", name="Event mode").click()
    expect(live.locator(".event-name")).to_have_text(STAR)
    assert live.evaluate("location.hash") == "#event"
    # The film's person leaves, and comes again.
    expect(live.get_by_text("Step in front of the camera")).to_be_visible()
    expect(live.locator(".event-name")).to_have_text(STAR)
    live.locator("#controls").hover()
    live.get_by_role("button", name="End event mode").click()
    expect(live.locator("#event")).to_be_hidden()


def test_a_lost_connection_is_mended(live, address):
    expect(live.locator(".live-name").first).to_have_text(STAR)
    sockets = []

    def cut(socket):
        server = socket.connect_to_server()
        if not sockets:
            server.on_message(socket.send)
            socket.on_message(server.send)
        sockets.append(socket)

    live.route_web_socket("**/api/v1/live", cut)
    live.reload()
    until_answers(live, 1)
    sockets[0].close(code=1012)
    expect(live.locator("#note")).to_have_text("The connection was lost. Connecting again…")
    until_answers(live, 3)
    expect(live.locator("#note")).to_be_hidden()
    assert len(sockets) == 2


def test_all_places_taken(opened, serve, cast_path):
    with serve(cast_path, live_sessions=0) as address:
        page = opened("/live", at=address, permissions=["camera"])
        expect(page.get_by_role("alert")).to_contain_text("All places are taken")


def test_a_photo_is_taken_with_the_camera(opened):
    page = opened("/", permissions=["camera"])
    page.get_by_role("button", name="Take a photo").click()
    dialog = page.get_by_role("dialog", name="Take a photo")
    page.wait_for_function("() => document.querySelector('.snap-video')?.videoWidth > 0")
    dialog.get_by_role("button", name="Take it").click()
    expect(page.locator("#work")).to_be_visible()
    expect(dialog).to_be_hidden()


def test_no_camera_and_no_permission_are_said(chromium, address):
    plain = chromium()
    page = plain.new_page()
    page.goto(f"{address}/live")
    page.get_by_role("button", name="Turn the camera on").click()
    expect(page.get_by_role("alert")).to_contain_text("No camera was found")
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('', 'NotAllowedError'))"
    )
    page.reload()
    page.get_by_role("button", name="Turn the camera on").click()
    expect(page.get_by_role("alert")).to_contain_text("The camera is not allowed")
    expect(page.get_by_role("alert")).to_contain_text("Allow it beside the address")
