"""How amounts and instants are worded in French, one way in all that a person reads."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chassis.departments import PARIS

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

CLOCKS = {
    "America/Guadeloupe": "heure de la Guadeloupe",
    "America/Martinique": "heure de la Martinique",
    "America/Cayenne": "heure de la Guyane",
    "America/Miquelon": "heure de Saint-Pierre-et-Miquelon",
    "America/St_Barthelemy": "heure de Saint-Barthélemy",
    "Indian/Mayotte": "heure de Mayotte",
    "Indian/Reunion": "heure de La Réunion",
    "Pacific/Noumea": "heure de la Nouvelle-Calédonie",
    "Pacific/Pitcairn": "heure de Clipperton",
    "Pacific/Tahiti": "heure de Tahiti",
    "Pacific/Wallis": "heure de Wallis-et-Futuna",
}
"""How people call the time of the places that do not live by Paris's."""


def euros(amount_cents: int) -> str:
    """`30000` → `300 €`, `1250` → `12,50 €`."""
    whole, rest = divmod(abs(amount_cents), 100)
    sign = "-" if amount_cents < 0 else ""
    return f"{sign}{whole},{rest:02} €" if rest else f"{sign}{whole} €"


def francs(amount: int) -> str:
    """Pacific francs, which have no cents: `23865` → `23 865 F CFP`."""
    return f"{amount:,} F CFP".replace(",", " ")


def moment(instant: datetime, zone: str = PARIS) -> str:
    """An aware instant by the clock of `zone` (IANA name), which is named where it is not what Paris's says.

    `3 novembre 2026 à 10 h 05`, `4 novembre 2026 à 0 h 30 (heure de La Réunion)`.
    """
    local = instant.astimezone(ZoneInfo(zone))
    shown = f"{local.day} {_MONTHS[local.month - 1]} {local.year} à {local.hour} h {local.minute:02}"
    if local.utcoffset() == instant.astimezone(ZoneInfo(PARIS)).utcoffset():
        return shown
    return f"{shown} ({CLOCKS.get(zone, f'heure de {zone}')})"
