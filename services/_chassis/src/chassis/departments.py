"""The French départements: which one a postal code is in, and what its clocks show."""

import re
from types import MappingProxyType
from typing import Final

PARIS: Final = "Europe/Paris"

TIMEZONES: Final = MappingProxyType(
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
"""IANA zones of those that do not live by Paris time."""

_POSTAL_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")

_LEFT_GUADELOUPE = MappingProxyType({"97133": "977", "97150": "978"})
"""Saint-Barthélemy and Saint-Martin left it in 2007 and kept their postal codes (M:utils/postal_code.py)."""


def is_postal_code(text: str) -> bool:
    """Five characters: a digit, a digit or A/B (Corsica), three digits."""
    return _POSTAL_CODE.fullmatch(text) is not None


def department_of(postal_code: str) -> str:
    """The two first characters, or the three first from 97 on, but for two islands.

    Raises ValueError for what is no postal code.
    """
    if not is_postal_code(postal_code):
        raise ValueError(f"not a postal code: {postal_code!r}")
    if postal_code in _LEFT_GUADELOUPE:
        return _LEFT_GUADELOUPE[postal_code]
    return postal_code[:3] if postal_code[:2] in ("97", "98", "99") else postal_code[:2]


def timezone_of(department_code: str | None) -> str:
    """IANA zone of a département; Paris for all of the mainland, and where none is known."""
    return TIMEZONES.get(department_code or "", PARIS)
