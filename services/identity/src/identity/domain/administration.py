"""Who administers a structure, in each edition (domain.md §2.6, §8, §10.2)."""

from enum import StrEnum

from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.departments import PARIS
from identity.domain.attachments import AttachmentStatus


class Right(StrEnum):
    """Kept on the attachment as it was given, whatever it is worth later."""

    ADMIN = "admin"
    EDITOR = "editor"


class FirstComer(StrEnum):
    """What the first person of a SIREN becomes."""

    ADMIN = "admin"
    EDITOR_UNTIL_DESIGNATED = "editor_until_designated"
    WITHOUT_RIGHTS = "without_rights"


class BankDetailsBy(StrEnum):
    """Who may enter the IBAN of a structure."""

    ADMIN_ONLY = "admin_only"
    ANY_VALIDATED = "any_validated"
    ANY_VALIDATED_THEN_ATTACH_VENUES = "any_validated_then_attach_venues"


FIRST_COMER: DatedTable[FirstComer] = DatedTable(
    name="first user of a SIREN",
    keyed_by="sign-up date",
    rows=(
        row(BEGINNING, FirstComer.ADMIN, source="domain.md §8: S1, A@2018-08"),
        row(
            midnight(PARIS, 2018, 11, 5),
            FirstComer.EDITOR_UNTIL_DESIGNATED,
            source="domain.md §8: A, S4",
            note="the team designates one administrator per SIREN",
        ),
        row(
            midnight(PARIS, 2021, 2, 1), FirstComer.WITHOUT_RIGHTS, source="domain.md §8: A, no rights column"
        ),
    ),
)

BANK_DETAILS_BY: DatedTable[BankDetailsBy] = DatedTable(
    name="who enters the IBAN",
    keyed_by="date of the request",
    rows=(
        row(BEGINNING, BankDetailsBy.ADMIN_ONLY, source="domain.md §8: S4"),
        row(
            midnight(PARIS, 2021, 2, 1),
            BankDetailsBy.ANY_VALIDATED,
            source="domain.md §8: S2",
            note="2021, with the end of the rights",
        ),
        row(
            midnight(PARIS, 2024, 1, 1),
            BankDetailsBy.ANY_VALIDATED_THEN_ATTACH_VENUES,
            source="domain.md §8: S3",
            note="≈ 2024: an account is then linked to venues",
        ),
    ),
)


def right_at_sign_up(siren_is_known: bool, rule: FirstComer) -> Right | None:
    """What is written on the attachment; None since rights are gone."""
    match rule:
        case FirstComer.WITHOUT_RIGHTS:
            return None
        case FirstComer.ADMIN if not siren_is_known:
            return Right.ADMIN
        case _:
            return Right.EDITOR


def administers(right: Right | None, attachment: AttachmentStatus, rule: FirstComer) -> bool:
    """May this person administer the structure under the rule of the day?"""
    if attachment is not AttachmentStatus.VALIDATED:
        return False
    return rule is FirstComer.WITHOUT_RIGHTS or right is Right.ADMIN


def may_enter_bank_details(right: Right | None, attachment: AttachmentStatus, rule: BankDetailsBy) -> bool:
    if attachment is not AttachmentStatus.VALIDATED:
        return False
    return rule is not BankDetailsBy.ADMIN_ONLY or right is Right.ADMIN
