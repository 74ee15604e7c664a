"""How amounts and instants are worded for people."""

from datetime import datetime
from zoneinfo import ZoneInfo

_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def euros(amount_cents: int) -> str:
    """`30000` → `300 €`, `1250` → `12,50 €`."""
    whole, rest = divmod(abs(amount_cents), 100)
    sign = "-" if amount_cents < 0 else ""
    return f"{sign}{whole} €" if rest == 0 else f"{sign}{whole},{rest:02} €"


def instant(value: datetime, zone: str = "Europe/Paris") -> str:
    """An aware instant as the wall clock of `zone` tells it: `3 novembre 2026 à 10h05`."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year} à {local:%Hh%M}"
