import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.compliance import OfferValidation
from catalog.domain.isbn import normalised_isbn
from catalog.domain.offer import (
    MAX_NAME_LENGTH,
    Accessibility,
    OfferDraft,
    Synchronisation,
    artist_line,
    check_offer,
    check_offer_edition,
    is_effectively_duo,
    product_key,
)
from catalog.domain.refusals import offer as refusals
from catalog.domain.subcategories import SUBCATEGORIES, ConditionalField, Platform, is_selectable
from catalog.domain.withdrawal import Withdrawal, WithdrawalType

NOW = datetime(2026, 11, 1, 10, tzinfo=UTC)
TOLD = Accessibility(audio=False, mental=False, motor=True, visual=False)
NO_TICKET = Withdrawal(WithdrawalType.NO_TICKET, booking_contact="billets@salle.fr")
CONCERT = OfferDraft("Concert", "CONCERT", venue_is_virtual=False, accessibility=TOLD, withdrawal=NO_TICKET)
BOOK = OfferDraft(
    "Un livre", "LIVRE_PAPIER", venue_is_virtual=False, accessibility=TOLD, isbn="9782070360024"
)
VOD = OfferDraft("Un film", "VOD", venue_is_virtual=True, accessibility=TOLD, url="https://vod.fr/?t={token}")


@pytest.mark.parametrize("draft", [CONCERT, BOOK, VOD], ids=lambda draft: draft.subcategory_id)
def test_well_formed_offers_are_accepted(draft):
    assert check_offer(draft, NOW) is None


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (replace(CONCERT, name=""), refusals.InvalidOfferName(90)),
        (replace(CONCERT, name="   "), refusals.InvalidOfferName(90)),
        (replace(CONCERT, name="x" * 91), refusals.InvalidOfferName(90)),
        (replace(CONCERT, description="x" * 10_001), refusals.OfferTextTooLong("description", 10_000)),
        (replace(CONCERT, subcategory_id="BAL"), refusals.UnknownSubcategory("BAL")),
        (replace(CONCERT, subcategory_id="OEUVRE_ART"), refusals.SubcategoryNotSelectable("OEUVRE_ART")),
        (
            replace(CONCERT, subcategory_id="ACTIVATION_EVENT"),
            refusals.SubcategoryNotSelectable("ACTIVATION_EVENT"),
        ),
        (replace(BOOK, is_educational=True), refusals.SubcategoryNotEducational("LIVRE_PAPIER")),
        (replace(CONCERT, is_educational=True, is_duo=True), refusals.EducationalCannotBeDuo()),
        (replace(BOOK, isbn=None), refusals.IsbnRequired("LIVRE_PAPIER")),
        (replace(BOOK, isbn="9782070360025"), refusals.InvalidIsbn("9782070360025")),
        (replace(BOOK, isbn="207036002X"), refusals.InvalidIsbn("207036002X")),
        (replace(CONCERT, isbn="9782070360024"), refusals.ExtraFieldNotAllowed("isbn", "CONCERT")),
        (
            replace(CONCERT, extra={ConditionalField.VISA: "1"}),
            refusals.ExtraFieldNotAllowed("visa", "CONCERT"),
        ),
        (
            replace(BOOK, extra={ConditionalField.ISBN: "9782070360024"}),
            refusals.ExtraFieldNotAllowed("isbn", "LIVRE_PAPIER"),
        ),
        (replace(CONCERT, url="https://salle.fr"), refusals.UrlNotAllowed("CONCERT")),
        (replace(VOD, url=None), refusals.UrlRequired("VOD")),
        (replace(VOD, url=""), refusals.UrlRequired("VOD")),
        (replace(VOD, url="ftp://vod.fr"), refusals.InvalidUrl()),
        (replace(VOD, venue_is_virtual=False), refusals.DigitalOfferNeedsVirtualVenue()),
        (replace(CONCERT, venue_is_virtual=True), refusals.PhysicalOfferNeedsPhysicalVenue()),
        (
            replace(CONCERT, accessibility=Accessibility(None, True, True, None)),
            refusals.AccessibilityRequired(("audio", "visual")),
        ),
        (replace(CONCERT, withdrawal=Withdrawal()), refusals.WithdrawalRequired("CONCERT")),
        (
            replace(CONCERT, withdrawal=replace(NO_TICKET, details="x" * 2001)),
            refusals.OfferTextTooLong("withdrawal details", 2000),
        ),
    ],
)
def test_each_rule_of_an_offer(draft, refusal):
    assert check_offer(draft, NOW) == refusal


def test_bounds_that_are_allowed():
    assert check_offer(replace(CONCERT, name="x" * MAX_NAME_LENGTH, description="x" * 10_000), NOW) is None
    assert check_offer(replace(CONCERT, name="x"), NOW) is None
    assert check_offer(replace(CONCERT, extra={ConditionalField.PERFORMER: "Zaz"}), NOW) is None
    assert check_offer(replace(CONCERT, is_educational=True), NOW) is None
    assert check_offer(replace(CONCERT, withdrawal=replace(NO_TICKET, details="x" * 2000)), NOW) is None


def test_only_the_team_makes_activation_offers():
    activation = replace(
        CONCERT, subcategory_id="ACTIVATION_EVENT", withdrawal=Withdrawal(), asked_by_admin=True
    )
    assert check_offer(activation, NOW) is None
    other = replace(activation, subcategory_id="OEUVRE_ART")
    assert check_offer(other, NOW) == refusals.SubcategoryNotSelectable("OEUVRE_ART")


def test_in_app_tickets_are_for_ticketing_providers():
    in_app = replace(CONCERT, withdrawal=Withdrawal(WithdrawalType.IN_APP, booking_contact="a@salle.fr"))
    assert check_offer(in_app, NOW) == refusals.WithdrawalModeNotAllowed("IN_APP")
    assert check_offer(replace(in_app, from_ticketing_provider=True), NOW) is None


def test_an_accepted_offer_is_digital_exactly_where_it_may_be():
    accepted = 0
    for (subcategory_id, subcategory), has_url, virtual in itertools.product(
        SUBCATEGORIES.items(), (True, False), (True, False)
    ):
        draft = OfferDraft(
            "Titre",
            subcategory_id,
            venue_is_virtual=virtual,
            accessibility=TOLD,
            url="site.fr" if has_url else None,
            isbn="9782070360024" if subcategory.needs_isbn else None,
            withdrawal=NO_TICKET,
        )
        if check_offer(draft, NOW) is None:
            accepted += 1
            assert has_url == virtual
            assert not (has_url and subcategory.platform is Platform.OFFLINE)
            assert is_selectable(subcategory, NOW)
    assert accepted > 30


def test_duo_is_void_where_the_subcategory_cannot_be_duo():
    assert is_effectively_duo(SUBCATEGORIES["CONCERT"], True)
    assert not is_effectively_duo(SUBCATEGORIES["CONCERT"], False)
    assert not is_effectively_duo(SUBCATEGORIES["LIVRE_PAPIER"], True)


def test_the_artist_line_joins_the_people_of_the_offer():
    extra = {
        ConditionalField.STAGE_DIRECTOR: "Mnouchkine",
        ConditionalField.AUTHOR: " Molière ",
        ConditionalField.SHOW_TYPE: "1300",
        ConditionalField.PERFORMER: " ",
    }
    assert artist_line(extra) == "Molière Mnouchkine"
    assert artist_line({}) is None


def test_the_product_key_is_isbn_else_visa_else_the_offer():
    visa = {ConditionalField.VISA: "129521"}
    assert product_key("978-2-07-036002-4", visa, "o") == "9782070360024"
    assert product_key(None, visa, "o") == "129521"
    assert product_key(None, {}, "o") == "o"


@pytest.mark.parametrize(
    "text",
    [
        "9782070360024",
        "978-2-07-036002-4",
        "978 2070360024",
        "978‑2‑07‑036002‑4",
        "ISBN : 978\u00a02\u00a007\u00a0036002\u00a04",
        "2-07-036002-4",
        "2070360024",
        "٩782070360024",
    ],
)
def test_an_isbn_is_read_however_it_is_written(text):
    assert normalised_isbn(text) == "9782070360024"


@pytest.mark.parametrize(
    "text", ["", "2070360025", "9782070360025", "97820703600240", "4006381333931", "978207036002X"]
)
def test_what_is_no_isbn(text):
    assert normalised_isbn(text) is None


@given(st.integers(0, 10**9 - 1))
def test_exactly_one_key_digit_completes_an_isbn(number):
    assert sum(normalised_isbn(f"978{number:09}{digit}") is not None for digit in range(10)) == 1


NOW = datetime(2026, 11, 22, tzinfo=UTC)
IN_2021 = datetime(2021, 11, 22, tzinfo=UTC)
APPROVED, MANUAL = OfferValidation.APPROVED, Synchronisation.MANUAL


def test_nothing_of_a_rejected_offer_is_editable_nor_until_2022_of_a_pending_one():
    for now in (IN_2021, NOW):
        refusal = check_offer_edition(OfferValidation.REJECTED, MANUAL, {"name"}, now)
        assert refusal == refusals.OfferNotEditable()
    pending = OfferValidation.PENDING
    assert check_offer_edition(pending, MANUAL, {"name"}, IN_2021) == refusals.OfferNotEditable()
    assert check_offer_edition(pending, MANUAL, {"name"}, NOW) is None


@pytest.mark.parametrize("field", ["subcategory_id", "venue_id", "is_educational"])
def test_what_never_changes(field):
    refusal = check_offer_edition(APPROVED, MANUAL, {"name", field}, NOW)
    assert refusal == refusals.OfferFieldImmutable(field)


def test_what_changes_of_a_synchronised_offer():
    assert check_offer_edition(APPROVED, MANUAL, {"name", "is_duo"}, NOW) is None
    assert check_offer_edition(OfferValidation.DRAFT, MANUAL, {"name"}, NOW) is None
    open_fields = {"audio_accessible", "external_ticket_office_url"}
    refused = refusals.SynchronisedOfferNotEditable
    provider, allocine = Synchronisation.PROVIDER, Synchronisation.ALLOCINE
    for now in (IN_2021, NOW):
        assert check_offer_edition(APPROVED, provider, open_fields, now) is None
        assert check_offer_edition(APPROVED, provider, {"is_duo"}, now) == refused("is_duo")
        assert check_offer_edition(APPROVED, allocine, {"is_duo"}, now) is None
    for synchronisation in (provider, allocine):
        assert check_offer_edition(APPROVED, synchronisation, {"name"}, IN_2021) == refused("name")


@pytest.mark.parametrize("field", ["name", "description", "url", "address"])
def test_V05_since_2025_more_of_a_synchronised_offer_is_editable(field):
    for synchronisation in (Synchronisation.PROVIDER, Synchronisation.ALLOCINE):
        assert check_offer_edition(APPROVED, synchronisation, {field}, NOW) is None
        assert check_offer_edition(APPROVED, synchronisation, {field}, IN_2021) is not None
    kind = check_offer_edition(APPROVED, Synchronisation.PROVIDER, {"subcategory_id"}, NOW)
    assert kind == refusals.OfferFieldImmutable("subcategory_id")


@pytest.mark.parametrize(
    "name", ["9782070360024", "L'Étranger 9782070360024", "EAN:3701234567890.", "12345678901234"]
)
def test_V03_a_name_holds_no_number_of_a_product_since_2024(name):
    draft = replace(CONCERT, name=name)
    assert check_offer(draft, NOW) == refusals.NumberInOfferName()
    assert check_offer(draft, datetime(2023, 12, 31, tzinfo=UTC)) is None


@pytest.mark.parametrize("name", ["123456789012", "1984", "06 12 34 56 78 90 12 34"])
def test_other_numbers_stay_in_names(name):
    assert check_offer(replace(CONCERT, name=name), NOW) is None
