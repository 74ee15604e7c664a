"""Who administers a structure, who enters the IBAN, what the form asks: by date (domain.md §8)."""

from datetime import datetime, timedelta

import pytest

from chassis.dated import midnight
from identity.domain.administration import (
    BANK_DETAILS_BY,
    FIRST_COMER,
    BankDetailsBy,
    FirstComer,
    Right,
    administers,
    may_enter_bank_details,
    right_at_sign_up,
)
from identity.domain.attachments import AttachmentStatus
from identity.domain.sign_up_form import PRO_FORM

VALIDATED = AttachmentStatus.VALIDATED
INSTANT = timedelta(microseconds=1)


def paris(year: int, month: int, day: int) -> datetime:
    return midnight("Europe/Paris", year, month, day)


def test_until_november_2018_the_first_of_a_siren_becomes_administrator() -> None:
    before = FIRST_COMER.at(paris(2018, 11, 5) - INSTANT)
    assert right_at_sign_up(False, before) is Right.ADMIN
    assert right_at_sign_up(True, before) is Right.EDITOR


def test_from_5_november_2018_everybody_is_editor_until_the_team_designates() -> None:
    rule = FIRST_COMER.at(paris(2018, 11, 5))
    assert right_at_sign_up(False, rule) is Right.EDITOR
    assert right_at_sign_up(True, rule) is Right.EDITOR
    assert not administers(Right.EDITOR, VALIDATED, rule)
    assert administers(Right.ADMIN, VALIDATED, rule)
    assert FIRST_COMER.at(paris(2021, 2, 1) - INSTANT) is rule


def test_from_february_2021_every_validated_person_administers() -> None:
    rule = FIRST_COMER.at(paris(2021, 2, 1))
    assert rule is FirstComer.WITHOUT_RIGHTS
    assert right_at_sign_up(False, rule) is None
    assert administers(None, VALIDATED, rule)
    assert administers(Right.EDITOR, VALIDATED, rule)


@pytest.mark.parametrize("rule", FirstComer)
@pytest.mark.parametrize("status", [AttachmentStatus.PENDING, AttachmentStatus.REJECTED])
def test_nobody_administers_without_a_validated_attachment(
    rule: FirstComer, status: AttachmentStatus
) -> None:
    assert not administers(Right.ADMIN, status, rule)


def test_only_the_administrator_enters_the_iban_until_2021() -> None:
    before = BANK_DETAILS_BY.at(paris(2021, 2, 1) - INSTANT)
    assert may_enter_bank_details(Right.ADMIN, VALIDATED, before)
    assert not may_enter_bank_details(Right.EDITOR, VALIDATED, before)


def test_any_validated_person_enters_the_iban_from_2021() -> None:
    rule = BANK_DETAILS_BY.at(paris(2021, 2, 1))
    assert rule is BankDetailsBy.ANY_VALIDATED
    assert may_enter_bank_details(None, VALIDATED, rule)
    assert not may_enter_bank_details(None, AttachmentStatus.PENDING, rule)


def test_venues_are_attached_to_the_account_from_2024() -> None:
    assert BANK_DETAILS_BY.at(paris(2024, 1, 1) - INSTANT) is BankDetailsBy.ANY_VALIDATED
    rule = BANK_DETAILS_BY.at(paris(2024, 1, 1))
    assert rule is BankDetailsBy.ANY_VALIDATED_THEN_ATTACH_VENUES
    assert may_enter_bank_details(Right.EDITOR, VALIDATED, rule)


def test_the_pseudo_is_gone_and_the_phone_asked_from_2021() -> None:
    before = PRO_FORM.at(paris(2021, 1, 1) - INSTANT)
    after = PRO_FORM.at(paris(2021, 1, 1))
    assert (before.pseudo_minimum_length, before.phone_required, before.contact_opt_in_required) == (
        3,
        False,
        True,
    )
    assert (after.pseudo_minimum_length, after.phone_required, after.contact_opt_in_required) == (
        None,
        True,
        False,
    )
