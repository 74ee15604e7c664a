"""Places as H3 cells: a radius becomes a few dozen terms.

A document carries the cells that hold it at every resolution, from 9 (0.2 km) to 0 (1 300 km).
A disc is covered by cells of one resolution, complete families replaced by their parent. The
cover is a little larger than the disc; distances are measured afterwards.
"""

from functools import lru_cache
from math import ceil

import h3.api.basic_int as h3

from search.domain.geography import Position, distance_km

_FINEST = 9
_EDGE_KM = {r: h3.average_hexagon_edge_length(r, unit="km") for r in range(_FINEST, 1, -1)}
"""Edges of the resolutions a cover is made of; the coarser ones only serve as parents."""

_REACH = 1.2
"""Nothing is farther than 1.2 average edges from the centre of its cell, grid distortion included."""

_RING = 1.03
"""Each further ring of cells adds at least that many average edges to the distance."""

_CELLS_ACROSS = 8
"""A cell is chosen no smaller than this fraction of the radius."""


def cells_of(position: Position) -> list[int]:
    """The cells that hold a position, finest first."""
    finest = h3.latlng_to_cell(position.latitude, position.longitude, _FINEST)
    return [h3.cell_to_parent(finest, resolution) for resolution in range(_FINEST, -1, -1)]


@lru_cache(maxsize=4096)
def cover(position: Position, radius_km: float) -> tuple[int, ...] | None:
    """Cells such that whatever is within `radius_km` is in one of them; None when that is everywhere."""
    resolution = next((r for r, edge in _EDGE_KM.items() if edge * _CELLS_ACROSS >= radius_km), None)
    if resolution is None:
        return None
    reach = _EDGE_KM[resolution] * _REACH
    centre = h3.latlng_to_cell(position.latitude, position.longitude, resolution)
    rings = ceil((radius_km + 2 * reach) / (_EDGE_KM[resolution] * _RING))
    touched = [
        cell
        for cell in h3.grid_disk(centre, rings)
        if distance_km(position, Position(*h3.cell_to_latlng(cell))) <= radius_km + reach
    ]
    return tuple(h3.compact_cells(touched))
