"""What a run of the batch looked at: dates that decided how a booking was judged (domain.md §5.2, §8)."""

from enum import StrEnum
from typing import Final

from chassis.dated import BEGINNING, DatedTable, midnight, row


class JudgedOn(StrEnum):
    """The date of a booking that chooses the edition and the year of its counter."""

    CREATED_AT = "the day it was booked"
    USED_AT = "the day it was used"


JUDGED_ON: Final = DatedTable(
    name="date that chooses the edition of the barème",
    keyed_by="date of the run",
    rows=(
        row(BEGINNING, JudgedOn.CREATED_AT, source="domain.md §5.2 (2021-08-18: was dateCreated)"),
        row(
            midnight("Europe/Paris", 2021, 8, 18),
            JudgedOn.USED_AT,
            source="domain.md §5.2 (2021-08-18: year and rule validity judged on dateUsed)",
        ),
    ),
)


class First(StrEnum):
    """Which of two rules that both fit a collective booking is looked at first."""

    OWN_RULE = "an own rule of the place, then the 100 % of collective bookings"
    COLLECTIVE = "the 100 % of collective bookings, then an own rule of the place"


FIRST_OF_COLLECTIVE: Final = DatedTable(
    name="collective bookings of places with own rules",
    keyed_by="date of use",
    rows=(
        row(BEGINNING, First.OWN_RULE, source="domain.md §5.1 (an own rule beats the whole barème)"),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            First.COLLECTIVE,
            source="the real system's api.py, get_reimbursement_rule (2022: collective before own rules)",
        ),
    ),
)


class Pipeline(StrEnum):
    """What stands between a used booking and the money."""

    PAYMENTS = "one payment per booking"
    PRICINGS = "pricings, cashflows and invoices"


PIPELINE: Final = DatedTable(
    name="payment object",
    keyed_by="date of the run",
    rows=(
        row(BEGINNING, Pipeline.PAYMENTS, source="domain.md §8 (≤ 2021 payment per booking)"),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            Pipeline.PRICINGS,
            source="domain.md §5.5, §8 (2022 pricing/cashflow/invoice)",
        ),
    ),
)
