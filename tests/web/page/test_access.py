"""For everybody: by keyboard, with a screen reader, on a phone, dark and light."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DARK = {"color_scheme": "dark"}


def bring(page, *paths):
    page.set_input_files("#files", list(paths))
    page.wait_for_selector(".likeness, #trouble:not([hidden])")


def test_no_state_of_the_page_shuts_anybody_out(
    opened, both_path, nobody_bytes, tmp_path, complaints
):
    page = opened(color_scheme="light")
    expect(page.locator("#live-link")).to_be_visible()
    assert complaints(page) == []
    bring(page, both_path)
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("button", name="Why?").click()
    expect(page.locator(".why-pictures")).to_be_visible()
    assert complaints(page) == []
    page.get_by_role("button", name="Share").click()
    expect(page.locator(".card-view img")).to_be_visible()
    assert complaints(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More").click()
    page.get_by_label("Gallery").select_option("starter gallery")
    expect(page.locator(".card")).to_have_count(6)
    assert complaints(page) == []
    (tmp_path / "wall.png").write_bytes(nobody_bytes)
    bring(page, tmp_path / "wall.png")
    assert complaints(page) == []


@pytest.mark.parametrize(
    "look", [DARK, {**PHONE, **DARK}, PHONE], ids=["dark", "dark phone", "phone"]
)
def test_other_looks_are_as_easy_to_read_and_to_hit(opened, both_path, look, complaints):
    page = opened(**look)
    rules = ["color-contrast", "target-size"]
    expect(page.locator("#live-link")).to_be_visible()
    assert complaints(page, rules) == []
    bring(page, both_path)
    page.get_by_role("button", name="More").click()
    page.get_by_label("Gallery").select_option("starter gallery")
    expect(page.locator(".card")).to_have_count(6)
    assert complaints(page, rules) == []


def test_the_live_page_shuts_nobody_out(opened, complaints):
    page = opened("/live")
    expect(page.get_by_role("button", name="Turn the camera on")).to_be_visible()
    assert complaints(page) == []


def test_a_phone_needs_no_sideways_scrolling(opened, both_path):
    page = opened(**PHONE)
    bring(page, both_path)
    page.get_by_role("button", name="More").click()
    width, seen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width == seen == 390
    # Two cards stand beside each other, the slider fills the width.
    first, second = (page.locator(".card").nth(at).bounding_box() for at in (0, 1))
    assert first["y"] == second["y"]
    assert page.locator(".compare").bounding_box()["width"] > 300
    targets = page.locator("button:visible, a.quiet-link:visible, select:visible, label.face")
    for at in range(targets.count()):
        box = targets.nth(at).bounding_box()
        assert min(box["width"], box["height"]) >= 24, targets.nth(at).inner_text()


def test_wide_text_still_fits(opened, hopper):
    # 320 pixels are a window of 1,280 at 400 %, as WCAG 1.4.10 has it.
    page = opened(viewport={"width": 320, "height": 640})
    bring(page, hopper)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_dark_and_light_are_the_houses_colors(opened):
    from lookalike.figures.palette import theme

    names = ("paper", "panel", "hairline", "track", "ink", "accent", "on-accent", "bar")
    for look in ("light", "dark"):
        page = opened(color_scheme=look)
        # As they are seen: what stands in the style sheet may be a choice between two.
        seen = """name => {
            const one = document.body.appendChild(document.createElement("i"));
            one.style.color = `var(--${name})`;
            return getComputedStyle(one).color;
        }"""
        for name in names:
            wanted = getattr(theme(look), name.replace("-", "_"))
            red, green, blue = bytes.fromhex(wanted[1:])
            assert page.evaluate(seen, name) == f"rgb({red}, {green}, {blue})", (look, name)


def test_everything_can_be_reached_and_done_by_keyboard(opened, both_path):
    page = opened()
    expect(page.locator("#live-link")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Choose photos")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(both_path)
    page.wait_for_selector(".likeness")
    # From the photo on, each thing comes in the order in which it is seen.
    wanted = ["radio", "Another photo", "Filters", "More", "slider", "Slide", "Blend", "Share"]
    wanted += ["Why?", "1.", "2."]
    page.locator("#main").focus()
    seen = []
    for _ in wanted:
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => {
                    const at = document.activeElement;
                    const kind = { radio: "radio", range: "slider" }[at.type];
                    return kind ?? at.getAttribute("aria-label") ?? at.textContent;
                }"""
            )
        )
        ring = page.evaluate(
            """() => {
                const holders = [document.activeElement, document.activeElement.parentElement];
                return holders.some((one) => getComputedStyle(one).outlineStyle === "solid");
            }"""
        )
        assert ring, seen
    assert [one.split(" ")[0] if one[0].isdigit() else one for one in seen] == wanted
    page.keyboard.press("Enter")
    expect(page.locator(".best-name")).to_have_text(seen[-1].split(". ")[1].split(":")[0])
    expect(page.locator("#status")).to_contain_text("Most like")


def test_less_motion_where_it_is_wished(opened):
    page = opened(reduced_motion="reduce")
    art = page.locator(".drop-art .mark-one")
    assert float(art.evaluate("one => parseFloat(getComputedStyle(one).animationDuration)")) < 0.001
