"""From a photo to its look-alikes, as a visitor goes."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import expect

from lookalike.images import read

NAME = ".best-name"


def bring(page, *paths):
    page.set_input_files("#files", list(paths))
    page.wait_for_selector(".likeness")


def test_a_photo_is_answered(opened, hopper):
    page = opened()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who do you look like?")
    expect(page.get_by_text("Your photo stays in memory and is never kept.").first).to_be_visible()
    bring(page, hopper)
    expect(page.locator(NAME)).to_have_text("Grace Hopper")
    cards = page.locator(".card")
    expect(cards).to_have_count(2)
    expect(cards.nth(1)).to_contain_text("Eileen Collins")
    expect(page.locator("#status")).to_contain_text("Most like Grace Hopper")
    # The face is boxed where it is.
    frame, face = page.locator(".boxes").bounding_box(), page.locator(".face").bounding_box()
    assert 0.25 < (face["x"] - frame["x"]) / frame["width"] < 0.4
    assert 0.12 < (face["y"] - frame["y"]) / frame["height"] < 0.3
    # Two people are too few for a rarity, and the page says so instead of making one up.
    expect(page.locator(".likeness")).to_contain_text("Too few people here")
    expect(page.locator(".likeness")).to_contain_text("Euclidean distance 0.0")


def test_a_photo_is_pasted(opened, hopper_bytes):
    page = opened()
    page.evaluate(
        """data => {
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([bytes], "image.png", { type: "image/png" }));
            window.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
        }""",
        base64.b64encode(hopper_bytes).decode(),
    )
    expect(page.locator(NAME)).to_have_text("Grace Hopper")


def test_a_photo_is_dropped(opened, hopper_bytes):
    page = opened()
    page.evaluate(
        """data => {
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            window.carried = new DataTransfer();
            window.carried.items.add(new File([bytes], "me.jpg", { type: "image/jpeg" }));
            const event = new DragEvent("dragenter", { dataTransfer: window.carried });
            window.dispatchEvent(event);
        }""",
        base64.b64encode(hopper_bytes).decode(),
    )
    expect(page.get_by_text("Let go, and we look")).to_be_visible()
    page.evaluate(
        """() => {
            const event = { dataTransfer: window.carried, cancelable: true };
            window.dispatchEvent(new DragEvent("drop", event));
        }"""
    )
    expect(page.locator(NAME)).to_have_text("Grace Hopper")
    expect(page.get_by_text("Let go, and we look")).to_be_hidden()


def test_every_face_is_boxed_and_chosen_by_mouse_or_keys(opened, both_path):
    page = opened()
    bring(page, both_path)
    faces = page.get_by_role("radio", name="Face")
    expect(faces).to_have_count(2)
    expect(page.get_by_text("2 faces found. Choose one.").first).to_be_visible()
    expect(faces.nth(0)).to_be_checked()
    first = page.locator(NAME).inner_text()
    (other,) = {"Grace Hopper", "Eileen Collins"} - {first}
    page.locator("label.face").nth(1).click()
    expect(page.locator(NAME)).to_have_text(other)
    faces.nth(1).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(NAME)).to_have_text(first)
    expect(faces.nth(0)).to_be_focused()


def test_several_photos_of_one_person(opened, hopper, collins_path, tmp_path):
    page = opened()
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(hopper.read_bytes()[:200])
    bring(page, hopper, collins_path, broken)
    photos = page.get_by_role("radiogroup", name="Your photos").get_by_role("radio")
    expect(page.get_by_role("radio", name="Photo 3 of 3")).to_be_disabled()
    expect(page.get_by_text("That is not a photo we can read")).to_be_visible()
    page.locator(".thumb", has=page.get_by_role("radio", name="Photo 2 of 3")).click()
    expect(page.locator(NAME)).to_have_text("Eileen Collins")
    assert photos.count() >= 3


def test_the_slider_lays_eyes_on_eyes(opened, collins_path, analyst):
    def eyes(png):
        image = read(png)
        (faces,) = analyst.detector.detect([image])
        return (faces.landmarks[0, :2] / image.width).ravel().tolist()

    page = opened()
    bring(page, collins_path)
    page.get_by_role("button", name="2. Grace Hopper: put beside the photo").click()
    expect(page.locator(NAME)).to_have_text("Grace Hopper")
    page.wait_for_selector('.over[data-aligned="true"] canvas')
    slider = page.get_by_role("slider", name="Between your face and Grace Hopper")
    slider.focus()
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "100 % you, 0 % Grace Hopper")
    # The whole of the visitor's face is seen: in the picture as shown its eyes are found where
    # the gallery says that those of the portrait are.
    shown = page.locator(".compare").screenshot()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "0 % you, 100 % Grace Hopper")
    other = page.locator(".compare").screenshot()
    assert eyes(shown) == pytest.approx(eyes(other), abs=0.04)
    page.get_by_role("button", name="Blend").click()
    expect(page.locator(".over")).to_have_css("opacity", "0")


def test_a_filter_takes_people_away_and_back(opened, hopper):
    page = opened()
    bring(page, hopper)
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Calling").select_option("astronaut")
    expect(page.locator(NAME)).to_have_text("Eileen Collins")
    expect(page.locator(".card")).to_have_count(1)
    page.get_by_label("Born, to").fill("1950")
    page.keyboard.press("Tab")
    expect(page.get_by_text("There is nobody of whom this holds.").first).to_be_visible()
    page.get_by_role("button", name="Take away: Born: –1950").click()
    page.get_by_role("button", name="Take away: Calling: astronaut").click()
    expect(page.locator(".card")).to_have_count(2)


def test_another_metric_and_another_gallery(opened, hopper):
    page = opened()
    bring(page, hopper)
    page.get_by_role("button", name="More").click()
    page.get_by_label("Measure").select_option("Cosine")
    expect(page.locator(".likeness")).to_contain_text("Cosine distance 0.0")
    with page.expect_response("**/api/v1/find") as answered:
        page.get_by_label("Gallery").select_option("starter gallery")
    # No pictures are kept there: monograms, and rarity in words, never a percentage.
    expect(page.locator(NAME)).to_have_text("Alan Greenspan")
    expect(page.locator(".card")).to_have_count(6)
    expect(page.locator(".likeness .monogram-disc")).to_have_text("AG")
    (photo,) = answered.value.json()["photos"]
    one_in = float(f"{photo['faces'][0]['matches'][0]['rarity']['one_in']:.2g}")
    words = f"1 in {one_in:,.0f} strangers looks this much alike"
    expect(page.locator(".rarity")).to_have_text(words)
    expect(page.get_by_text("Nobody here stands out")).to_be_visible()
    assert "%" not in page.locator("#results").inner_text()
