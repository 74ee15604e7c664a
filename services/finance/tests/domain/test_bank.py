"""Bank details, the application that brings them, and who is paid."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.domain.bank_application import (
    MOVES,
    STATUS_OF_DMS_STATE,
    Application,
    Event,
    KnownVenue,
    Status,
    attach_to_venue,
    check_details,
    move,
    refuse_update,
)
from finance.domain.bank_details import BankDetails, check, masked, recipient
from finance.domain.refusals import (
    ApplicationOutdated,
    ApplicationOutranked,
    BankDetailsMissing,
    BankDetailsTooEarly,
    BicOfAnotherCountry,
    IbanOutsideSepa,
    InvalidBic,
    InvalidIban,
    MoveNotAllowed,
    VenueNotFound,
)
from finance.domain.transfers import Due, by_account

IBAN, BIC = "FR7630006000011234567890189", "AGRIFRPP"
DETAILS = BankDetails(IBAN, BIC)
MODIFIED = datetime(2026, 5, 1, tzinfo=UTC)
SUBMITTED = Application(1, Status.SUBMITTED, MODIFIED)


def test_bank_details_are_normalised():
    assert check(" fr76 3000 6000 0112 3456 7890 189 ", "agrifrpp") == DETAILS
    assert check("IBAN : FR76-3000-6000-0112-3456-7890-189", "BIC : agri fr pp") == DETAILS
    assert check("fr76\u00a03000\u202f6000.0112.3456.7890.189", "ＡＧＲＩＦＲＰＰ") == DETAILS


@pytest.mark.parametrize("iban", ["", "FR76", IBAN[:-1] + "0", "XX" + IBAN[2:], IBAN + "1", "é" * 27])
def test_a_wrong_iban_is_refused(iban):
    assert check(iban, BIC) == InvalidIban()


def test_an_account_that_sepa_does_not_reach_is_refused():
    refusal = check("TN5910006035183598478831", BIC)
    assert refusal == IbanOutsideSepa(country="TN")
    assert "TN" in refusal.message


@pytest.mark.parametrize("bic", ["", "AGRI", "AGRIFRPPXX", "AGRIZZPP", "1234FRPP!"])
def test_a_wrong_bic_is_refused(bic):
    assert check(IBAN, bic) == InvalidBic()


@pytest.mark.parametrize(
    ("iban", "bic", "country"),
    [(IBAN, "COBADEFF", "DE"), (IBAN, "BDFEMCMC", "MC"), ("DE89370400440532013000", BIC, "FR")],
)
def test_a_bank_of_another_country_is_refused(iban, bic, country):
    refusal = check(iban, bic)
    assert refusal == BicOfAnotherCountry(iban_country=iban[:2], bic_country=country)
    assert country in refusal.message


@pytest.mark.parametrize("bic", ["BFCORERX", "BDAFGPPX", "CEPAFRPP", "BCADNCNN"])
def test_an_overseas_bank_goes_with_a_french_iban(bic):
    assert check(IBAN, bic) == BankDetails(IBAN, bic)


@given(st.integers(0, len(IBAN) - 1), st.sampled_from("0123456789"))
def test_one_wrong_digit_never_passes(position, digit):
    mistyped = IBAN[:position] + digit + IBAN[position + 1 :]
    assert (check(mistyped, BIC) == DETAILS) == (mistyped == IBAN)


@given(st.text(max_size=40), st.text(max_size=12))
def test_any_text_gives_an_answer(iban, bic):
    assert not isinstance(check(iban, bic), BankDetails)


def test_an_iban_is_never_whole_in_a_repr():
    assert masked(IBAN) == "FR76 •••• 0189"
    assert IBAN not in repr(DETAILS)
    assert "FR76 •••• 0189" in repr(DETAILS)


def test_a_venues_own_account_is_paid_first_under_the_structures_name():
    own = BankDetails("FR1420041010050500013M02606", "PSSTFRPP")
    assert recipient("Mairie", "853318459", DETAILS, own) == ("Mairie", "853318459", own)
    assert recipient("Mairie", "853318459", None, None) is None


def test_states_of_demarches_simplifiees():
    assert STATUS_OF_DMS_STATE == {
        "received": Status.SUBMITTED,
        "initiated": Status.SUBMITTED,
        "closed": Status.ACCEPTED,
        "refused": Status.REJECTED,
        "without_continuation": Status.REJECTED,
    }


def test_an_application_moves_only_as_the_table_says():
    for state, event in product([None, *Status], Event):
        after = move(state, event)
        if (state, event) in MOVES:
            assert after is MOVES[state, event]
        else:
            assert after == MoveNotAllowed(state=state or "none", event=event)
    assert [event for state, event in MOVES if state is Status.ACCEPTED] == [Event.REPLACE]


def test_details_come_with_acceptance_only():
    accepted = replace(SUBMITTED, status=Status.ACCEPTED, iban=IBAN, bic=BIC)
    assert check_details(accepted) == DETAILS
    assert check_details(replace(accepted, iban="")) == BankDetailsMissing()
    assert check_details(replace(accepted, bic="")) == BankDetailsMissing()
    assert check_details(replace(accepted, bic="NON")) == InvalidBic()
    assert check_details(SUBMITTED) is None
    assert check_details(replace(SUBMITTED, iban=IBAN)) == BankDetailsTooEarly()
    assert check_details(replace(SUBMITTED, status=Status.REJECTED, bic=BIC)) == BankDetailsTooEarly()


def test_an_older_update_is_refused():
    older = replace(SUBMITTED, modified_at=MODIFIED - timedelta(microseconds=1))
    assert refuse_update(SUBMITTED, older) == ApplicationOutdated(known_modified_at=MODIFIED)
    assert refuse_update(SUBMITTED, SUBMITTED) is None


@pytest.mark.parametrize(
    ("current", "new", "refused"),
    [
        (Status.ACCEPTED, Status.SUBMITTED, True),
        (Status.ACCEPTED, Status.REJECTED, True),
        (Status.ACCEPTED, Status.ACCEPTED, False),
        (Status.SUBMITTED, Status.REJECTED, True),
        (Status.SUBMITTED, Status.WITH_PENDING_CORRECTIONS, False),
        (Status.REJECTED, Status.SUBMITTED, False),
        (Status.REJECTED, Status.REJECTED, False),
    ],
)
def test_another_application_replaces_only_an_equal_or_lighter_status(current, new, refused):
    known = replace(SUBMITTED, status=current)
    refusal = refuse_update(known, replace(SUBMITTED, application_id=2, status=new))
    assert refusal == (ApplicationOutranked(current_status=current) if refused else None)
    assert refuse_update(known, replace(SUBMITTED, status=new)) is None


def test_an_application_finds_its_venue_by_siret_else_by_exact_name():
    port = KnownVenue(UUID(int=1), "85331845900015", "Librairie du Port")
    quai = KnownVenue(UUID(int=2), None, "Librairie du Quai")
    twin = KnownVenue(UUID(int=3), "85331845900023", "Librairie du Quai")
    venues = [port, quai, twin]
    assert attach_to_venue("85331845900015", "autre nom", venues) == port.venue_id
    assert attach_to_venue(None, "Librairie du Port", venues) == port.venue_id
    assert attach_to_venue("85331845900031", "Librairie du Port", venues) == VenueNotFound(matches=0)
    refusal = attach_to_venue(None, "Librairie du Quai", venues)
    assert refusal == VenueNotFound(matches=2)
    assert "2 lieux" in refusal.message
    assert "Aucun lieu" in VenueNotFound(matches=0).message


def test_transfers_are_one_per_account_sorted_with_the_least_names():
    other = BankDetails("DE89370400440532013000", "COBADEFF")
    same_iban = BankDetails(IBAN, "PSSTFRPP")
    transfers = by_account(
        [
            Due(DETAILS, 1, "Zoé", "2", "b"),
            Due(other, 4, "Max", "3", "c"),
            Due(DETAILS, 2, "Ana", "1", "a"),
            Due(same_iban, 8, "Eva", "4", "d"),
        ]
    )
    assert transfers == (
        Due(other, 4, "Max", "3", "c"),
        Due(DETAILS, 3, "Ana", "1", "a"),
        Due(same_iban, 8, "Eva", "4", "d"),
    )
