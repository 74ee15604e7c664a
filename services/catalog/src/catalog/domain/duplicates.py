"""One active offer of a product in each venue (case V04)."""

from datetime import datetime

from catalog.domain.refusals.offer import EanAlreadyOffered
from chassis.dated import BEGINNING, DatedTable, midnight, row

ONE_OFFER_PER_EAN = DatedTable(
    name="whether a venue may have one active offer only with the same EAN",
    keyed_by="instant at which the offer is created or published",
    rows=(
        row(BEGINNING, False, source="A:core/offers/validation.py"),
        row(
            midnight("Europe/Paris", 2024, 1, 1),
            True,
            source="M:core/offers/validation.py check_other_offer_with_ean_does_not_exist",
            note="the source says 2024 or later; the database holds it whatever the date",
        ),
    ),
)


def check_ean(ean: str | None, is_offered: bool, now: datetime) -> EanAlreadyOffered | None:
    """`is_offered`: whether another offer of the venue with this EAN is active, planned ones included."""
    if ean is None or not is_offered or not ONE_OFFER_PER_EAN.at(now):
        return None
    return EanAlreadyOffered(ean)
