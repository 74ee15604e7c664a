from datetime import date

from finance.domain.invoices import (
    BOOKS,
    GENERAL,
    NOT_REIMBURSED,
    OWN_RULES,
    InvoiceCounter,
    file_name,
    lines,
)
from finance.domain.pricing import Pricing, Rule


def pricing(rule: Rule, booked: int, reimbursed: int, rate_bp: int | None) -> Pricing:
    return Pricing(None, booked, reimbursed, rate_bp, rule, None, 0)


def test_a_number_is_of_its_year():
    assert InvoiceCounter(2026, 41).next().reference == "F260000042"
    assert InvoiceCounter(2009, 9_999_998).next().reference == "F99999999"


def test_the_name_of_the_file():
    assert (
        file_name(date(2023, 1, 5), "F230000001")
        == "05012023-F230000001-Justificatif-de-remboursement-pass-Culture.pdf"
    )


def test_lines_are_grouped_by_rule_then_by_falling_rate():
    found = lines(
        [
            pricing(Rule.CUSTOM, 10_00, 12_00, None),
            pricing(Rule.CUSTOM, 10_00, 9_80, 9_800),
            pricing(Rule.NOT_REIMBURSED, 8_00, 0, 0),
            pricing(Rule.BOOK, 20_00, 19_00, 9_500),
            pricing(Rule.STANDARD, 100_00, 95_00, 9_500),
            pricing(Rule.STANDARD, 100_00, 100_00, 10_000),
            pricing(Rule.COLLECTIVE, 50_00, 50_00, 10_000),
        ]
    )
    assert found == (
        (GENERAL, 10_000, 150_00, 150_00),
        (GENERAL, 9_500, 100_00, 95_00),
        (BOOKS, 9_500, 20_00, 19_00),
        (NOT_REIMBURSED, 0, 8_00, 0),
        (OWN_RULES, 9_800, 10_00, 9_80),
        (OWN_RULES, None, 10_00, 12_00),
    )
    assert [line.contribution_cents for line in found] == [0, 5_00, 1_00, 8_00, 20, -2_00]
    assert [group.position for group in (GENERAL, BOOKS, NOT_REIMBURSED, OWN_RULES)] == [1, 2, 3, 4]
