"""Why two faces are alike, and the card to share."""

from __future__ import annotations

import pytest
from PIL import Image
from playwright.sync_api import expect

_SHARE = """() => {
    navigator.canShare = (data) => data.files?.length === 1;
    navigator.share = async (data) => { window.shared = [data.files[0].name, data.text]; };
}"""


@pytest.fixture
def page(opened, collins_path):
    """Return the page with Eileen Collins's photo beside Grace Hopper's."""
    page = opened()
    page.evaluate(f"({_SHARE})()")
    page.set_input_files("#files", collins_path)
    page.get_by_role("button", name="2. Grace Hopper").click()
    expect(page.locator(".best-name")).to_have_text("Grace Hopper")
    return page


def test_what_is_alike(page):
    button = page.get_by_role("button", name="Why?")
    expect(button).to_have_attribute("aria-expanded", "false")
    with page.expect_response("**/api/v1/explain") as answered:
        button.click()
    told = answered.value.json()
    expect(page.locator(".why-sentence")).to_have_text(told["sentence"])
    for name in ("Your face, with what matters lit up", "Grace Hopper, with what matters lit up"):
        picture = page.get_by_role("img", name=name)
        expect(picture).to_be_visible()
        assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") >= 200
    parts = page.get_by_role("list", name="How much each part").get_by_role("listitem")
    words = [one.strip().lower() for one in parts.all_inner_texts()]
    assert words == [part["name"] for part in told["parts"]]
    widths = page.locator(".part-bar > span").evaluate_all(
        "all => all.map((one) => one.offsetWidth)"
    )
    weights = [part["weight"] for part in told["parts"]]
    assert [width / max(widths) for width in widths] == pytest.approx(
        [weight / max(weights) for weight in weights], abs=0.02
    )
    button.click()
    expect(page.locator(".why")).to_be_hidden()


def test_what_cannot_be_explained_is_said(page):
    fault = {"error": {"kind": "UnknownName", "message": "", "hint": ""}}
    page.route("**/api/v1/explain", lambda route: route.fulfill(status=404, json=fault))
    page.get_by_role("button", name="Why?").click()
    expect(page.get_by_text("That person is not there any more.")).to_be_visible()


def test_the_card_is_seen_downloaded_and_shared(page):
    page.get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog", name="A card to share")
    card = dialog.get_by_role("img", name="Grace Hopper")
    expect(card).to_be_visible()
    shape = "one => one.decode().then(() => [one.offsetWidth / one.offsetHeight, one.naturalWidth])"
    assert card.evaluate(shape) == [pytest.approx(1080 / 1350, abs=0.01), 1080]
    with page.expect_download() as downloaded:
        dialog.get_by_role("button", name="Download").click()
    assert downloaded.value.suggested_filename == "lookalike-grace-hopper.png"
    with Image.open(downloaded.value.path()) as picture:
        assert (picture.format, picture.size) == ("PNG", (1080, 1350))
    dialog.get_by_role("button", name="Share…").click()
    page.wait_for_function("() => window.shared")
    assert page.evaluate("window.shared") == [
        "lookalike-grace-hopper.png",
        "I look like Grace Hopper, says lookalike.",
    ]
    dialog.get_by_role("radio", name="Wide").check()
    dialog.get_by_role("radio", name="Dark").check()
    expect(dialog.locator("img.card-wide")).to_be_visible()
    assert dialog.locator("img").evaluate(shape)[1] == 1200
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Share")).to_be_focused()


def test_several_photos_of_one_person_are_one_answer(page, hopper, collins_path, tmp_path):
    # Twice the same woman, once somebody else.
    with Image.open(hopper) as photo:
        photo.crop((60, 0, 450, 500)).save(tmp_path / "again.png")
    page.set_input_files("#files", [hopper, tmp_path / "again.png", collins_path])
    expect(page.locator(".eyebrow")).to_have_text("Over 2 photos, looks most like")
    expect(page.locator(".best-name")).to_have_text("Grace Hopper")
    expect(page.locator(".likeness")).to_contain_text("The photos agree well.")
    expect(page.get_by_role("radio", name="All photos together")).to_be_checked()
    page.get_by_role("button", name="Why?").click()
    expect(page.locator(".why-pictures")).to_be_visible()
    page.locator(".thumb", has=page.get_by_role("radio", name="Photo 3 of 3")).click()
    expect(page.locator(".best-name")).to_have_text("Eileen Collins")
    expect(page.locator(".eyebrow")).to_have_text("Looks most like")
