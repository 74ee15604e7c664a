"""What the cash-register API says of a booking beyond the booking itself (capabilities.md §7.1)."""

from collections.abc import Mapping
from typing import Final, Literal

from booking.domain.booking import Booking

Formula = Literal["PLACE", "ABO"]

EVENT_OR_GOOD: Final = "EVENEMENT"
"""`offerType`, of goods too: tills have never been told BIEN, so none may count on it (domain.md §4.4)."""

_FORMULAS: Mapping[str, Formula] = {
    "SEANCE_CINE": "PLACE",
    "CARTE_CINE_ILLIMITE": "ABO",
    "CARTE_CINE_MULTISEANCES": "ABO",
}


def formula_of(booking: Booking) -> Formula | None:
    """What a cinema's till sells it as: a seat, or an entry of a card; None elsewhere."""
    return _FORMULAS.get(booking.subcategory.id)
