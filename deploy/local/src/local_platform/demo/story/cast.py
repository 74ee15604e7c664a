"""Who plays: a place and young people, new at each performance, with numbers that are valid."""

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

from schwifty import IBAN
from stdnum import ean, luhn

PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # noqa: S105
"""Easy to read aloud; every password adds what the rules ask for."""


def new_password() -> str:
    """A password that the rules of the platform accept (domain.md §2.7)."""
    return "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(14)) + "-A1"


def new_siren() -> str:
    """Nine digits of which the last is the right one."""
    start = f"9{secrets.randbelow(10**7):07d}"
    return start + luhn.calc_check_digit(start)


def siret_of(siren: str, establishment: int = 1) -> str:
    """The SIRET of one establishment of a structure."""
    start = f"{siren}{establishment:04d}"
    return start + luhn.calc_check_digit(start)


FIRST_NAMES = "Inès Léa Camille Jade Zoé Lina Manon Chloé Hugo Lucas Enzo Adam Noé Sacha Yanis Malo"
LAST_NAMES = (
    "Martin Bernard Petit Robert Durand Moreau Simon Laurent Lefebvre Garcia Roux Fournier Girard Bonnet Dupont "
    "Lambert Fontaine Rousseau Vincent Muller Leroy Faure Mercier Blanc Guérin Boyer Garnier Chevalier"
)


def new_isbn() -> str:
    """An ISBN-13 with a right check digit, of no real book."""
    start = f"97820{secrets.randbelow(10**7):07d}"
    return start + ean.calc_check_digit(start)


@dataclass(frozen=True)
class Place:
    """A structure with one venue."""

    structure_name: str
    venue_name: str
    street: str
    postal_code: str
    city: str
    first_name: str
    last_name: str
    mark: str = field(default_factory=lambda: secrets.token_hex(4))
    """Makes the addresses of each performance its own."""

    siren: str = field(default_factory=new_siren)
    password: str = field(default_factory=new_password)

    @property
    def email(self) -> str:
        return f"contact-{self.mark}@lieu.example"

    @property
    def booking_email(self) -> str:
        """Where the venue hears of its bookings."""
        return f"billetterie-{self.mark}@lieu.example"

    @property
    def siret(self) -> str:
        return siret_of(self.siren)

    @property
    def iban(self) -> str:
        """A French account number with a right checksum, of no real account."""
        account = f"{int(self.mark, 16) % 10**11:011d}"
        return str(IBAN.generate("FR", bank_code="30002", branch_code="00550", account_code=account))

    bic: str = "CRLYFRPP"


@dataclass(frozen=True)
class YoungPerson:
    """Somebody who signs up for the pass."""

    first_name: str
    last_name: str
    birth_date: date
    postal_code: str
    city: str
    mark: str = field(default_factory=lambda: secrets.token_hex(4))
    password: str = field(default_factory=new_password)
    document_number: str = field(default_factory=lambda: secrets.token_hex(5).upper()[:9])

    @property
    def email(self) -> str:
        return f"jeune-{self.mark}@jeune.example"

    @classmethod
    def of_age(cls, age: int, today: date) -> Self:
        """Somebody of this age on that day: a new name and birthday each time, for nobody gets a credit twice."""
        birthday = today - timedelta(days=20 + secrets.randbelow(300))
        born = birthday.replace(day=min(birthday.day, 28), year=birthday.year - age)
        last_name = "-".join(secrets.choice(LAST_NAMES.split()) for _ in range(2))
        return cls(secrets.choice(FIRST_NAMES.split()), last_name, born, "34000", "Montpellier")
