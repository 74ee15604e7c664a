"""IBAN and BIC: checked, normalised, and shown masked wherever they need not be whole."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from schwifty import IBAN

from chassis.identifiers import Flaw, read_bic, read_iban
from finance.domain.refusals import BicOfAnotherCountry, IbanOutsideSepa, InvalidBic, InvalidIban

BANKS_OF: Final = {
    "FR": frozenset({"FR", "BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"}),
    "GB": frozenset({"GB", "GG", "IM", "JE"}),
}
"""Countries of BICs that go with a country's IBANs, where they are more than itself: an account in Réunion
has an IBAN of France, its bank a BIC of Réunion."""


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


def check(
    iban: str, bic: str
) -> BankDetails | InvalidIban | IbanOutsideSepa | InvalidBic | BicOfAnotherCountry:
    """Normalised bank details, or why they cannot be paid.

    IBAN: country format and mod 97, in a country that SEPA reaches, the key of the RIB for a French one.
    BIC: structure (domain.md §5.6), of a bank in the country of the account. Blanks, hyphens, case and labels do
    not matter.
    """
    number = read_iban(iban)
    if isinstance(number, Flaw):
        return InvalidIban()
    account = IBAN(number)
    if not account.in_sepa_zone:
        return IbanOutsideSepa(country=account.country_code)
    agent = read_bic(bic)
    if isinstance(agent, Flaw):
        return InvalidBic()
    if (country := agent[4:6]) not in BANKS_OF.get(account.country_code, {account.country_code}):
        return BicOfAnotherCountry(iban_country=account.country_code, bic_country=country)
    return BankDetails(number, agent)


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
