"""What the pro sign-up form asked for, by date (domain.md §2.6, §8)."""

from dataclasses import dataclass

from chassis.dated import BEGINNING, DatedTable, midnight, row
from identity.domain.territory import PARIS

MINIMUM_AGE = 15
"""Youngest age at which an app account may be made, in complete years (domain.md §2.2)."""


@dataclass(frozen=True, slots=True)
class ProForm:
    """`pseudo_minimum_length` is None when no pseudo is asked."""

    pseudo_minimum_length: int | None
    phone_required: bool
    contact_opt_in_required: bool


PRO_FORM: DatedTable[ProForm] = DatedTable(
    name="pro sign-up form",
    keyed_by="sign-up date",
    rows=(
        row(BEGINNING, ProForm(3, False, True), source="domain.md §2.6, §8: S4"),
        row(
            midnight(PARIS, 2021, 1, 1),
            ProForm(None, True, False),
            source="domain.md §2.6, §8: S2",
            note="≈ year of the document",
        ),
    ),
)
