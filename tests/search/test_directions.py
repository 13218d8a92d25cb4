import numpy as np

from lookalike.search.directions import directions


def test_rows_have_length_one_and_nothing_stays_nothing():
    rows = np.array([[3, 4], [0, 0], [1e-15, 0], [-5e18, 0]], np.float32)
    expected = np.array([[0.6, 0.8], [0, 0], [1, 0], [-1, 0]], np.float32)
    found = directions(rows)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert found.dtype == np.float32
