"""The barème as rows that a statement joins: the same tables as `domain/bareme.py` and `domain/subcategories.py`."""

from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from finance.domain.bareme import BAREME, Counted, CounterRule, Scope
from finance.domain.money import FULL_RATE_BP
from finance.domain.ordering import ORDERED_BY_EVENT_SINCE
from finance.domain.subcategories import FAMILIES, Family

COUNTER: Final = CounterRule(Scope.PRICING_POINT_YEAR, Counted.EVERY_INDIVIDUAL)
"""The one way of counting that the statement knows: of a venue, in a civil year of Paris, whatever is sold."""

_NO_LESS: Final = -(2**63)
_NO_MORE: Final = 2**63 - 1
_NO_END: Final = datetime.max.replace(tzinfo=UTC)


class FamilyRow(NamedTuple):
    """The family of a sub-category, over `[family_from, family_until)` of dates of use."""

    subcategory_id: str
    family: str
    family_from: datetime
    family_until: datetime


class RateRow(NamedTuple):
    """The rate of a family where the counter is in `(above_cents, up_to_cents]`, over `[rate_from, rate_until)`."""

    rated: str
    above_cents: int
    up_to_cents: int
    rate_bp: int
    rate_from: datetime
    rate_until: datetime


def family_rows() -> list[FamilyRow]:
    """Every sub-category in every period since bookings are counted by pricing point and year."""
    return [
        FamilyRow(subcategory_id, family.value, start, end or _NO_END)
        for start, end, edition in FAMILIES.periods()
        if end is None or end > ORDERED_BY_EVENT_SINCE
        for subcategory_id, family in edition.value.items()
    ]


def rate_rows() -> list[RateRow]:
    """Every tier since then. Raises NotImplementedError for an edition whose counter the statement does not know."""
    rows = []
    for start, end, edition in BAREME.periods():
        if end is not None and end <= ORDERED_BY_EVENT_SINCE:
            continue
        if edition.value.counter != COUNTER:
            raise NotImplementedError("an edition of the barème with another counter")
        for family, first, tiers in (
            (Family.STANDARD, FULL_RATE_BP, edition.value.standard),
            (Family.BOOK, FULL_RATE_BP, edition.value.book),
            (Family.NOT_REIMBURSED, 0, ()),
        ):
            above = [_NO_LESS, *(tier.above_cents for tier in tiers)]
            rates = [first, *(tier.rate_bp for tier in tiers)]
            rows += [
                RateRow(family.value, *step, start, end or _NO_END)
                for step in zip(above, [*above[1:], _NO_MORE], rates, strict=True)
            ]
    return rows


_TYPES: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    **{name: sa.Text() for name in ("subcategory_id", "family", "rated")},
    **{name: sa.BigInteger() for name in ("above_cents", "up_to_cents")},
    "rate_bp": sa.Integer(),
    **{
        name: sa.DateTime(timezone=True)
        for name in ("family_from", "family_until", "rate_from", "rate_until")
    },
}

BAREME_PARAMETERS: Final = [sa.bindparam(name, type_=pg.ARRAY(type_)) for name, type_ in _TYPES.items()]
"""An array for each column of both tables, by the column's name."""


def bareme_columns() -> dict[str, list[Any]]:
    """The values of `BAREME_PARAMETERS`."""
    families = zip(FamilyRow._fields, map(list, zip(*family_rows(), strict=True)), strict=True)
    rates = zip(RateRow._fields, map(list, zip(*rate_rows(), strict=True)), strict=True)
    return dict(families) | dict(rates)
