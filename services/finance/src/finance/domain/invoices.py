"""Invoices (*justificatifs de remboursement*): gapless numbers, file names, groups of lines (domain.md §5.5)."""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from finance.domain.pricing import Pricing, Rule


class InvoiceCounter(NamedTuple):
    """The last number given in a civil year. A value: a transaction that is rolled back leaves no gap."""

    year: int
    last_number: int = 0

    def next(self) -> "InvoiceCounter":
        return InvoiceCounter(self.year, self.last_number + 1)

    @property
    def reference(self) -> str:
        """`F`, the year modulo 2000 without padding, then 7 digits: F230000001."""
        return f"F{self.year % 2000}{self.last_number:07d}"


def file_name(created_on: date, reference: str) -> str:
    return f"{created_on:%d%m%Y}-{reference}-Justificatif-de-remboursement-pass-Culture.pdf"


class LineGroup(NamedTuple):
    """A block of lines, in the order of the document."""

    position: int
    title: str


GENERAL: Final = LineGroup(1, "Barème général")
BOOKS: Final = LineGroup(2, "Barème livres")
NOT_REIMBURSED: Final = LineGroup(3, "Barème non remboursé")
OWN_RULES: Final = LineGroup(4, "Barème dérogatoire")

GROUP_OF: Final = {
    Rule.STANDARD: GENERAL,
    Rule.COLLECTIVE: GENERAL,
    Rule.BOOK: BOOKS,
    Rule.NOT_REIMBURSED: NOT_REIMBURSED,
    Rule.CUSTOM: OWN_RULES,
}


class InvoiceLine(NamedTuple):
    """All pricings of a group at one rate (`rate_bp` None: amount rules), in cents."""

    group: LineGroup
    rate_bp: int | None
    booked_cents: int
    reimbursed_cents: int

    @property
    def contribution_cents(self) -> int:
        return self.booked_cents - self.reimbursed_cents


def lines(pricings: Iterable[Pricing]) -> tuple[InvoiceLine, ...]:
    """Lines by group, then from the highest rate to the lowest, amount rules last."""
    sums: dict[tuple[LineGroup, int | None], tuple[int, int]] = {}
    for pricing in pricings:
        key = (GROUP_OF[pricing.rule], pricing.rate_bp)
        booked, reimbursed = sums.get(key, (0, 0))
        sums[key] = (booked + pricing.booked_cents, reimbursed + pricing.reimbursed_cents)
    return tuple(
        InvoiceLine(group, rate, *sums[group, rate])
        for group, rate in sorted(sums, key=lambda key: (key[0], 1 if key[1] is None else -key[1]))
    )
