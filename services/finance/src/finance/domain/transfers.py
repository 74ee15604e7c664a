"""From amounts due to credit transfers: one per account, whatever number of venues share it (domain.md §5.4)."""

from collections.abc import Iterable
from typing import NamedTuple

from finance.domain.bank_details import BankDetails


class Due(NamedTuple):
    """An amount (cents) due to an account, under the recipient's name and with a transfer label."""

    details: BankDetails
    amount_cents: int
    recipient_name: str
    siren: str
    label: str


def by_account(dues: Iterable[Due]) -> tuple[Due, ...]:
    """One transfer per distinct (IBAN, BIC), amounts summed, sorted by account.

    Name, SIREN and label are each the alphabetical minimum of the group: payments sent again may
    carry an older label.
    """
    groups: dict[tuple[str, str], list[Due]] = {}
    for due in dues:
        groups.setdefault((due.details.iban, due.details.bic), []).append(due)
    return tuple(
        Due(
            group[0].details,
            sum(due.amount_cents for due in group),
            min(due.recipient_name for due in group),
            min(due.siren for due in group),
            min(due.label for due in group),
        )
        for _, group in sorted(groups.items())
    )
