"""IBAN and BIC: checked, normalised, and shown masked wherever they need not be whole."""

from dataclasses import dataclass
from typing import NamedTuple

from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from finance.domain.refusals import IbanOutsideSepa, InvalidBic, InvalidIban


@dataclass(frozen=True, slots=True, repr=False)
class BankDetails:
    """An account that can be paid: upper case, no spaces. Its repr never shows the IBAN."""

    iban: str
    bic: str

    def __repr__(self) -> str:
        return f"BankDetails({masked(self.iban)})"


class Recipient(NamedTuple):
    """Whom a transfer names: always the structure, whichever IBAN is paid (domain.md §5.3)."""

    name: str
    siren: str
    details: BankDetails


def check(iban: str, bic: str) -> BankDetails | InvalidIban | IbanOutsideSepa | InvalidBic:
    """Normalised bank details, or why they cannot be paid.

    IBAN: country format and mod 97, in a country that SEPA reaches. BIC: structure (domain.md §5.6).
    """
    try:
        account = IBAN(iban)
    except SchwiftyException:
        return InvalidIban()
    if not account.in_sepa_zone:
        return IbanOutsideSepa(country=account.country_code)
    try:
        agent = BIC(bic)
    except SchwiftyException:
        return InvalidBic()
    return BankDetails(account.compact, agent.compact)


def masked(iban: str) -> str:
    """Enough to recognise an account, not to use it: `FR76 •••• 0189`."""
    return f"{iban[:4]} •••• {iban[-4:]}"


def recipient(
    structure_name: str, siren: str, structure: BankDetails | None, venue: BankDetails | None
) -> Recipient | None:
    """The venue's own account if it has one, else the structure's; None when neither has.

    Covers *régie publique*: a Trésor Public account of the structure pays every venue without its own.
    """
    details = venue or structure
    return Recipient(structure_name, siren, details) if details else None
