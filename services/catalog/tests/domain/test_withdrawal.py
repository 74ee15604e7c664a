from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalog.domain.refusals import offer as refusals
from catalog.domain.withdrawal import WITHDRAWALS, Withdrawal, WithdrawalType, check_withdrawal

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SINCE_2022 = datetime(2021, 12, 31, 23, tzinfo=UTC)
BY_EMAIL = Withdrawal(WithdrawalType.BY_EMAIL, delay_seconds=86_400, booking_contact="billets@salle.fr")


def test_modes_are_mandatory_for_concerts_from_the_first_instant_of_2022():
    none = Withdrawal()
    assert check_withdrawal("CONCERT", none, SINCE_2022 - timedelta(microseconds=1)) is None
    assert check_withdrawal("CONCERT", none, SINCE_2022) == refusals.WithdrawalRequired("CONCERT")


def test_modes_did_not_exist_before_2022():
    before = SINCE_2022 - timedelta(microseconds=1)
    assert check_withdrawal("CONCERT", BY_EMAIL, before) == refusals.WithdrawalModeNotAllowed("BY_EMAIL")
    assert check_withdrawal("CONCERT", BY_EMAIL, SINCE_2022) is None


@pytest.mark.parametrize(
    "subcategory_id",
    ["CONCERT", "EVENEMENT_MUSIQUE", "FESTIVAL_MUSIQUE", "FESTIVAL_SPECTACLE", "SPECTACLE_REPRESENTATION"],
)
def test_concerts_festivals_and_shows_must_choose(subcategory_id):
    assert check_withdrawal(subcategory_id, Withdrawal(), NOW) == refusals.WithdrawalRequired(subcategory_id)


def test_others_may_leave_it_out():
    assert len(WITHDRAWALS.at(NOW).mandatory_for) == 6
    assert check_withdrawal("CONFERENCE", Withdrawal(), NOW) is None
    assert check_withdrawal("CONFERENCE", replace(BY_EMAIL, booking_contact=None), NOW) is None


@pytest.mark.parametrize(
    ("withdrawal", "refusal"),
    [
        (replace(BY_EMAIL, type=WithdrawalType.NO_TICKET), refusals.WithdrawalDelayNotAllowed()),
        (replace(BY_EMAIL, delay_seconds=None), refusals.WithdrawalDelayRequired("BY_EMAIL")),
        (replace(BY_EMAIL, delay_seconds=-1), refusals.WithdrawalDelayRequired("BY_EMAIL")),
        (
            Withdrawal(WithdrawalType.ON_SITE, booking_contact="a@b.fr"),
            refusals.WithdrawalDelayRequired("ON_SITE"),
        ),
        (replace(BY_EMAIL, type=WithdrawalType.IN_APP), refusals.WithdrawalModeNotAllowed("IN_APP")),
        (replace(BY_EMAIL, booking_contact=None), refusals.BookingContactRequired()),
        (replace(BY_EMAIL, booking_contact="nobody"), refusals.BookingContactRequired()),
    ],
)
def test_each_rule(withdrawal, refusal):
    assert check_withdrawal("CONCERT", withdrawal, NOW) == refusal


def test_a_delay_of_zero_means_at_the_door():
    assert check_withdrawal("CONCERT", replace(BY_EMAIL, delay_seconds=0), NOW) is None


def test_ticketing_providers_may_use_the_app():
    in_app = Withdrawal(WithdrawalType.IN_APP, booking_contact="a@b.fr")
    assert check_withdrawal("CONCERT", in_app, NOW, by_ticketing_provider=True) is None
