"""Postal codes, départements, local time and positions (domain.md §2.3, §2.5)."""

import re
from types import MappingProxyType

PARIS = "Europe/Paris"

TIMEZONES = MappingProxyType(
    {
        "971": "America/Guadeloupe",
        "972": "America/Martinique",
        "973": "America/Cayenne",
        "974": "Indian/Reunion",
        "975": "America/Miquelon",
        "976": "Indian/Mayotte",
        "977": "America/St_Barthelemy",
        "978": "America/Guadeloupe",
        "986": "Pacific/Wallis",
        "987": "Pacific/Tahiti",
        "988": "Pacific/Noumea",
        "989": "Pacific/Pitcairn",
    }
)
"""Local time of the départements that do not live by Paris time."""

CENTRE_OF_FRANCE = (47.158459, 2.409289)
"""Where an offer without a place is put on the map (domain.md §3.7, E93)."""

_POSTAL_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")


def is_postal_code(text: str) -> bool:
    """Five characters: a digit, a digit or A/B (Corsica), three digits."""
    return _POSTAL_CODE.fullmatch(text) is not None


_DEPARTMENT_OF = MappingProxyType({"97133": "977", "97150": "978"})
"""Saint-Barthélemy and Saint-Martin kept Guadeloupe's codes when they left it (M:utils/postal_code.py)."""


def department_of(postal_code: str) -> str:
    """The two first characters of a valid postal code, or the three first from 97 on, but for two islands."""
    if postal_code in _DEPARTMENT_OF:
        return _DEPARTMENT_OF[postal_code]
    return postal_code[:3] if postal_code[:2] >= "97" else postal_code[:2]


def timezone_of(department_code: str) -> str:
    """IANA zone in which a venue of this département tells the time."""
    return TIMEZONES.get(department_code, PARIS)


def are_coordinates(latitude: float, longitude: float) -> bool:
    """Both bounds excluded, as at the creation of a venue."""
    return -90 < latitude < 90 and -180 < longitude < 180


def map_position(latitude: float | None, longitude: float | None) -> tuple[float, float]:
    """Where the search puts an offer: its venue's position, or the centre of France when it has none."""
    if latitude is None or longitude is None:
        return CENTRE_OF_FRANCE
    return latitude, longitude
