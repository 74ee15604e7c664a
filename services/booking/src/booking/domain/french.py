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


_PARIS = "Europe/Paris"
_ZONES = {
    "America/Cayenne": "heure de Cayenne",
    "America/Guadeloupe": "heure de la Guadeloupe",
    "America/Martinique": "heure de la Martinique",
    "America/Miquelon": "heure de Saint-Pierre-et-Miquelon",
    "America/St_Barthelemy": "heure de Saint-Barthélemy",
    "Indian/Mayotte": "heure de Mayotte",
    "Indian/Reunion": "heure de La Réunion",
    "Pacific/Noumea": "heure de Nouméa",
    "Pacific/Tahiti": "heure de Tahiti",
    "Pacific/Wallis": "heure de Wallis",
}


def moment(instant: datetime, zone: str) -> str:
    """An aware instant as local time of `zone` (IANA name), which is named where the clock is not Paris's.

    `3 novembre 2026 à 10 h 00`, `4 novembre 2026 à 0 h 30 (heure de La Réunion)`.
    """
    local = instant.astimezone(ZoneInfo(zone))
    shown = f"{local.day} {_MONTHS[local.month - 1]} {local.year} à {local.hour} h {local.minute:02d}"
    if local.utcoffset() == instant.astimezone(ZoneInfo(_PARIS)).utcoffset():
        return shown
    return f"{shown} ({_ZONES.get(zone, zone)})"
