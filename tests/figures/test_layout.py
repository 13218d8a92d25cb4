"""Where things go."""

import pytest

from lookalike.figures.layout import Extent, Layout, arrange, tile_columns, tile_side


def extent(tiles: int, **lines: int) -> Extent:
    return Extent(tiles, lines.get("name", 1), lines.get("credit", 0), labeled=False)


@pytest.mark.parametrize(
    ("tiles", "columns"), [(0, 1), (1, 1), (5, 5), (6, 6), (7, 4), (10, 5), (12, 6), (13, 5)]
)
def test_many_people_are_spread_evenly(tiles: int, columns: int) -> None:
    assert tile_columns(tiles) == columns


def test_few_people_are_larger() -> None:
    assert tile_side(1) > tile_side(3) > tile_side(5) == tile_side(6)


@pytest.mark.parametrize(
    ("rows", "tiles", "panel_columns"), [(1, 5, 1), (2, 5, 1), (5, 5, 1), (12, 3, 2)]
)
def test_shape_suits_a_screen(rows: int, tiles: int, panel_columns: int) -> None:
    layout = arrange((extent(tiles),) * rows, tile_columns(tiles))
    assert layout.panel_columns == panel_columns


def test_a_hundred_faces_make_no_ribbon() -> None:
    layout = arrange((extent(5),) * 100, 5)
    assert 0.4 < layout.width / layout.height < 2.5


def test_nothing_overlaps_and_nothing_leaves() -> None:
    layout = Layout((extent(7), extent(3, name=2, credit=3), extent(0), extent(7)), 4, 2)
    panels = [layout.panel(row) for row in range(4)]
    assert panels[1][0] >= panels[0][0] + layout.panel_width
    assert panels[2][1] >= panels[0][1] + panels[0][2]
    assert panels[3][1] + panels[3][2] == pytest.approx(layout.height)
    for row, number in [(0, 6), (1, 2), (3, 6)]:
        x, y = layout.tile(row, number)
        assert 0 < x <= layout.panel_width - layout.side
        assert 0 < y <= layout.panel(row)[2] - layout.side - layout.extents[row].drop


def test_text_takes_room() -> None:
    assert extent(5, name=2).drop > extent(5, name=1).drop
    assert extent(5, credit=2).drop > extent(5, credit=1).drop > extent(5).drop
