"""The opt-out list is read as people write it, or not passed over in silence."""

from __future__ import annotations

import pytest

from lookalike.errors import OptionError
from lookalike.gallery.opt_out import read_opt_out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_ids_and_digests_are_read_without_remarks(encoding, tmp_path):
    path = tmp_path / "opt-out.txt"
    digest = "AB" * 32
    path.write_text(
        f"ada-lovelace\n# a remark\n\n  beyoncé  # since 2024\r\n{digest}\n", encoding=encoding
    )
    assert read_opt_out(path) == {"ada-lovelace", "beyoncé", digest.lower()}


@pytest.mark.parametrize("content", ["", "\n\n", "# nobody yet\n"])
def test_a_list_may_be_empty(content, tmp_path):
    path = tmp_path / "opt-out.txt"
    path.write_text(content)
    assert read_opt_out(path) == frozenset()


@pytest.mark.parametrize("content", [None, b"beyonc\xe9\n"])
def test_a_list_that_cannot_be_read_is_an_error(content, tmp_path):
    path = tmp_path / "opt-out.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OptionError, match="cannot be read") as caught:
        read_opt_out(path)
    assert caught.value.hint
