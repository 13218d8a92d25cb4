"""The page's files, read as text: small, closed in themselves, and without a word out of place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lookalike.web
from lookalike import errors

PAGE = Path(lookalike.web.__file__).parent / "page"
FILES = sorted(path for path in PAGE.rglob("*") if path.is_file())
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
PAGES = [path for path in FILES if path.suffix == ".html"]
WORDS = (PAGE / "strings" / "en.js").read_text("utf-8")


def named(path):
    return path.relative_to(PAGE).as_posix()


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_file_is_small_and_asks_nobody_else(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    foreign = {"http://www.w3.org/2000/svg"}
    assert set(re.findall(r"https?://[\w./-]+", text)) <= foreign
    # What the content security policy forbids would only be seen in a browser.
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|eval\(|document\.cookie", text)
    if path.suffix == ".html":
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_a_script_says_what_it_is_and_what_it_offers(path):
    text = path.read_text("utf-8")
    assert text.startswith("/**")
    for offered in re.finditer(
        r"^export (?:async )?(?:function|class|const) (\w+)", text, re.MULTILINE
    ):
        before = text[: offered.start()].rstrip()
        assert before.endswith("*/") or offered[1] in ("say", "tryAgain"), offered[1]
    for wanted in re.findall(r'from "(\.[^"]+)"', text):
        assert (path.parent / wanted).resolve().is_file(), wanted


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_loads_only_what_is_there(path):
    for wanted in re.findall(r'(?:href|src)="([^"#]+)"', path.read_text("utf-8")):
        if wanted not in ("./", "live", "api/v1/openapi.json"):
            assert (PAGE / wanted).is_file(), wanted


def test_every_word_is_said_and_every_word_said_is_there():
    there = set(re.findall(r"^  (\w+):", WORDS, re.MULTILINE))
    code = "\n".join(path.read_text("utf-8") for path in FILES if path.parent.name != "strings")
    said = set(re.findall(r"\bsay\.(\w+)", code))
    said |= set(re.findall(r'data-(?:say|label)="(\w+)"', code))
    said |= {"filters", "more"}  # panels are called by their words
    assert said == there


def test_every_error_that_a_visitor_can_meet_has_words_of_its_own():
    text = (PAGE / "strings" / "errors.js").read_text("utf-8")
    known = set(re.findall(r"^  (\w+):", text, re.MULTILINE))
    kinds = {kind for kind in known if kind[0].isupper()}
    assert kinds <= {*vars(errors)}, kinds - {*vars(errors)}
    raised = {"NoFace", "ImageUnreadable", "ImageTooLarge", "RequestTooLarge", "ServiceBusy"}
    assert raised | {"TooManyRequests", "GalleryEmpty", "GalleryMissing", "TokenWrong"} <= kinds
