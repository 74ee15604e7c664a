"""What a sign-up form asks for: of whom, and by which rules (domain.md §2.2, §2.6, §8)."""

from dataclasses import dataclass
from datetime import datetime

from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.departments import PARIS
from chassis.refusals import Refusal
from identity.domain.contact import parse_email, parse_name
from identity.domain.passwords import check_password
from identity.domain.refusals import InvalidName, MalformedEmail, WeakPassword

MINIMUM_AGE = 15
"""Youngest age at which an app account may be made, in complete years (domain.md §2.2)."""

ApplicantRefusal = MalformedEmail | WeakPassword | InvalidName


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who signs up, checked and normalised; the password is hashed apart."""

    email: str
    first_name: str
    last_name: str

    @classmethod
    def parse(
        cls, *, email: str, password: str, first_name: str, last_name: str, now: datetime
    ) -> "Applicant | ApplicantRefusal":
        """The first wrong field in the order of the form, if any."""
        address = parse_email(email)
        if isinstance(address, Refusal):
            return address
        if (weak := check_password(password, now)) is not None:
            return weak
        first, last = parse_name(first_name, "firstName"), parse_name(last_name, "lastName")
        if isinstance(first, Refusal):
            return first
        return last if isinstance(last, Refusal) else cls(address, first, last)


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
