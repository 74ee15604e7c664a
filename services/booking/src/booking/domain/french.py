"""How a person reads an amount and an instant, in French."""

from datetime import datetime
from zoneinfo import ZoneInfo

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def euros(amount_cents: int) -> str:
    """`1250` → `12,50 €`; whole euros without decimals: `300 €`."""
    whole, cents = divmod(amount_cents, 100)
    return f"{whole},{cents:02d} €" if cents else f"{whole} €"


def moment(instant: datetime, zone: str = "Europe/Paris") -> str:
    """An aware instant as local time of `zone` (IANA name): `3 novembre 2026 à 10 h 00`."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year} à {local.hour} h {local.minute:02d}"
