"""The order of hits when nothing but relevance was asked for."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.domain.geography import EARTH_RADIUS_KM, Position

Floats = NDArray[np.float64]

_TEXT, _NEARNESS, _EDITORIAL = 0.6, 0.25, 0.15
"""Shares of: how well the text fits, how near it is, what the editors put forward."""

_HALF_WAY_KM = 10.0
"""The distance at which nearness is worth half."""


def distances_km(position: Position, latitudes: Any, longitudes: Any) -> Floats:
    """As `domain.geography.distance_km`, for many; NaN where there is no place (None)."""
    lat, lon = np.radians(np.array(latitudes, dtype=float)), np.radians(np.array(longitudes, dtype=float))
    here_lat, here_lon = np.radians(position.latitude), np.radians(position.longitude)
    chord = np.sin((lat - here_lat) / 2) ** 2
    chord += np.cos(lat) * np.cos(here_lat) * np.sin((lon - here_lon) / 2) ** 2
    result: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    return result


def relevance(text: Floats, best_text: float, editorial: Floats, distance: Floats | None) -> Floats:
    """0 to 1, the higher the better. Offers without a place get no share for nearness."""
    score = _EDITORIAL * editorial
    if best_text > 0:
        score = score + _TEXT * text / best_text
    if distance is not None:
        score = score + _NEARNESS * np.nan_to_num(_HALF_WAY_KM / (_HALF_WAY_KM + distance))
    return np.asarray(score, dtype=float)
