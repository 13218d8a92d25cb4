"""What a visitor reads when something is wrong, and how they go on."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import expect

TROUBLE = "#trouble"
TOKEN = "find-" + "f" * 30


def bring(page, path):
    page.set_input_files("#files", path)


def test_not_a_photo(opened, hopper, tmp_path):
    page = opened()
    (tmp_path / "me.jpg").write_text("this is no picture")
    bring(page, tmp_path / "me.jpg")
    expect(page.get_by_role("alert")).to_contain_text("That is not a photo we can read")
    expect(page.get_by_role("alert")).to_contain_text("JPEG, PNG, WebP")
    # Files that say what they are do not even travel.
    (tmp_path / "notes.txt").write_text("notes")
    bring(page, tmp_path / "notes.txt")
    expect(page.get_by_role("alert")).to_contain_text("That is not a photo we can read")
    bring(page, hopper)
    expect(page.locator(".best-name")).to_have_text("Grace Hopper")
    expect(page.locator(TROUBLE)).to_be_hidden()


def test_no_face(opened, nobody_bytes, tmp_path):
    (tmp_path / "wall.png").write_bytes(nobody_bytes)
    page = opened()
    bring(page, tmp_path / "wall.png")
    expect(page.get_by_role("alert")).to_contain_text("We could not find a face")
    expect(page.get_by_role("alert")).to_contain_text("good light")
    with page.expect_file_chooser():
        page.get_by_role("alert").get_by_role("button", name="Another photo").click()


def test_too_large(opened, serve, cast_path, hopper, tmp_path):
    noise = Image.effect_noise((1400, 1400), 90)
    with serve(cast_path, max_bytes=300_000, max_pixels=1_000_000) as address:
        page = opened(at=address)
        # Too many bytes: what this browser can read is made smaller and sent; else we say so.
        (tmp_path / "large.jpg").write_bytes(b"\xff\xd8" + bytes(400_000))
        bring(page, tmp_path / "large.jpg")
        expect(page.get_by_role("alert")).to_contain_text("That photo is too large")
        # Too many pixels: the service says so.
        noise.save(tmp_path / "wide.png", compress_level=9)
        stream = io.BytesIO()
        Image.new("L", (1400, 1400)).save(stream, "PNG")
        (tmp_path / "wide.png").write_bytes(stream.getvalue())
        bring(page, tmp_path / "wide.png")
        expect(page.get_by_role("alert")).to_contain_text("Up to 1 MB and 1 megapixels are fine")


def test_a_photo_of_too_many_bytes_is_made_smaller(opened, serve, cast_path, hopper, tmp_path):
    Image.open(hopper).save(tmp_path / "large.png")
    size = (tmp_path / "large.png").stat().st_size
    with serve(cast_path, max_bytes=size - 1) as address:
        page = opened(at=address)
        bring(page, tmp_path / "large.png")
        expect(page.locator(".best-name")).to_have_text("Grace Hopper")


def test_too_many_photos(opened, serve, cast_path, hopper):
    page = opened()
    page.set_input_files("#files", [hopper] * 9)
    expect(page.get_by_role("alert")).to_contain_text("Up to 8 of one person at a time")


def test_the_service_goes_and_comes_back(opened, hopper):
    page = opened()
    page.route("**/api/v1/find", lambda route: route.abort("connectionrefused"))
    bring(page, hopper)
    expect(page.get_by_role("alert")).to_contain_text("The service does not answer")
    expect(page.get_by_role("alert")).to_contain_text("Your photo is still here")
    page.unroute("**/api/v1/find")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".best-name")).to_have_text("Grace Hopper")
    expect(page.locator(TROUBLE)).to_be_hidden()


def test_the_service_is_gone_before_the_page_begins(browser, serve, cast_path, hopper):
    context = browser.new_context()
    page = context.new_page()
    with serve(cast_path) as address:
        page.route("**/api/**", lambda route: route.abort("connectionrefused"))
        page.goto(address)
        expect(page.get_by_role("alert")).to_contain_text("The service does not answer")
        page.unroute("**/api/**")
        page.get_by_role("button", name="Try again").click()
        expect(page.locator("#live-link")).to_be_visible()
    context.close()


def test_a_busy_service_is_asked_again(opened, hopper):
    page = opened()
    turns = []

    def busy_once(route):
        turns.append(route)
        if len(turns) > 1:
            route.continue_()
            return
        body = '{"error": {"kind": "ServiceBusy", "message": "busy", "hint": ""}}'
        headers = {"retry-after": "1", "content-type": "application/json"}
        route.fulfill(status=503, headers=headers, body=body)

    page.route("**/api/v1/find", busy_once)
    bring(page, hopper)
    expect(page.locator("#status")).to_contain_text("Trying again in 1 second.")
    expect(page.locator(".best-name")).to_have_text("Grace Hopper")
    assert len(turns) == 2


def answering(fault):
    return lambda route: route.fulfill(status=409, json=fault)


def test_other_errors_have_words(opened, hopper):
    page = opened()
    words = {
        "RequestTooSlow": "The photo took too long to arrive",
        "GalleryMissing": "That gallery is not there any more",
        "SomethingNew": "what was wrong",
    }
    for kind, said in words.items():
        fault = {"error": {"kind": kind, "message": "what was wrong", "hint": ""}}
        page.unroute_all()
        page.route("**/api/v1/find", answering(fault))
        bring(page, hopper)
        expect(page.get_by_role("alert")).to_contain_text(said)


def test_a_private_service_asks_for_its_token(opened, serve, cast_path, hopper):
    with serve(cast_path, find_tokens=TOKEN) as address:
        page = opened(at=address)
        dialog = page.get_by_role("dialog", name="This service is private")
        dialog.get_by_label("Token").fill("wrong")
        page.keyboard.press("Enter")
        expect(dialog).to_contain_text("That token is not right.")
        dialog.get_by_label("Token").fill(TOKEN)
        dialog.get_by_role("button", name="Go on").click()
        expect(dialog).to_be_hidden()
        bring(page, hopper)
        # Portraits need the token, too.
        expect(page.locator(".card img").first).to_have_js_property("complete", value=True)
        expect(page.locator(".card img").first).not_to_have_js_property("naturalWidth", 0)
        page.reload()
        bring(page, hopper)
        expect(page.locator(".best-name")).to_have_text("Grace Hopper")
