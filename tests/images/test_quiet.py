"""Warnings of decoders: kept inside, for all threads, and only while somebody decodes."""

from __future__ import annotations

import threading
import warnings

import pytest

from lookalike.images.quiet import quiet


def warn(module):
    warnings.warn_explicit("damaged metadata", UserWarning, "a.py", 1, module=module)


def test_what_pillow_warns_of_stays_inside():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with quiet():
            warn("PIL.TiffImagePlugin")
            with pytest.raises(UserWarning):
                warn("numpy")
        with pytest.raises(UserWarning):
            warn("PIL.TiffImagePlugin")


def test_the_filters_are_as_they_were_after_an_error():
    before = list(warnings.filters)
    with pytest.raises(KeyError), quiet():
        raise KeyError
    assert warnings.filters == before


def test_the_last_thread_out_puts_the_filters_back():
    before = list(warnings.filters)
    inside, leave = threading.Event(), threading.Event()

    def decode():
        with quiet():
            inside.set()
            leave.wait(30)

    other = threading.Thread(target=decode)
    with quiet():
        other.start()
        assert inside.wait(30)
    # The other one is still at it.
    warn("PIL.Image")
    leave.set()
    other.join()
    assert warnings.filters == before
    with pytest.raises(UserWarning):
        warn("PIL.Image")
