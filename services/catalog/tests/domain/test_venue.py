from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from catalog.domain.refusals import venue as refusals
from catalog.domain.refusals.venue import InvalidBookingEmail, VenueFieldRequired
from catalog.domain.venue import (
    MAX_LENGTHS,
    VenueDraft,
    check_venue,
    check_venue_edition,
    is_siret,
    normalised,
)

SIREN = "732829320"
SIRET = "73282932000074"
LIBRARY = VenueDraft(siren=SIREN, name="Librairie", siret=SIRET, postal_code="29200", city="Brest")
VIRTUAL = VenueDraft(siren=SIREN, name="Offre numérique", is_virtual=True)


def test_E74_siret_73282932000074_is_valid_and_73282932000075_is_not():
    assert is_siret("73282932000074")
    assert not is_siret("73282932000075")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7328293200007",
        "732829320000740",
        "7328293200007A",
        "٧٣٢٨٢٩٣٢٠٠٠٠٧٤",
        " 3282932000074",
        "073282932000074",
        "3560000000004A",
        "356000000٤٩٨٣٧",
    ],
)
def test_what_is_not_fourteen_digits_is_no_siret(text):
    assert not is_siret(text)


def test_la_poste_may_use_its_own_key():
    assert is_siret("35600000000048")  # head office, Luhn
    assert not luhn.is_valid("35600000049837")
    assert is_siret("35600000049837")  # digits add up to a multiple of 5
    assert not is_siret("35600000049838")
    assert not is_siret("73282932000001")


@given(
    st.sampled_from(["732829320", "552100554", "775670417"]),
    st.text(alphabet="0123456789", min_size=4, max_size=4),
)
def test_exactly_one_last_digit_completes_a_siren_and_an_office(siren, office):
    assert sum(is_siret(siren + office + digit) for digit in "0123456789") == 1


def test_a_siret_of_no_siren_is_none():
    assert not is_siret("00000000000000")
    number = "7328293210000" + luhn.calc_check_digit("7328293210000")
    assert luhn.is_valid(number)
    assert not is_siret(number)


def test_a_place_in_new_caledonia_has_a_ridet():
    assert is_siret("NC1234567001XX")
    assert normalised(replace(LIBRARY, siret="RIDET 1 234 567.001")).siret == "RIDET 1 234 567.001"
    assert normalised(replace(LIBRARY, siret="nc 1 234 567.001")).siret == "NC1234567001XX"


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "Mé\u00addiathèque\u00a0 José\u200b Cabanis", "Médiathèque José Cabanis"),
        ("siret", "SIRET : 732 829 320 00074", "73282932000074"),
        ("siret", "732\u00a0829\u202f320.000-74", "73282932000074"),
        ("siret", "７３２８２９３２００００７４", "73282932000074"),
        ("siret", " \u200b", None),
        ("siret", "73282932000075", "73282932000075"),
        ("comment", "\u200b", None),
        ("comment", " Pas de\tSIRET \r\n\r\n\r\nencore ", "Pas de SIRET\n\nencore"),
        ("public_name", "\u00ad", None),
        ("street", "1,\tallée\u00a0Chaban", "1, allée Chaban"),
        ("postal_code", "F-31 500", "31500"),
        ("postal_code", "abc", "abc"),
        ("city", "Toulouse\u202e", "Toulouse"),
        ("booking_email", "Accueil@Théâtre-Ville.example ", "accueil@xn--thtre-ville-x7a4g.example"),
        ("booking_email", "josé@exemple.fr", "josé@exemple.fr"),
    ],
)
def test_a_venue_is_kept_as_it_was_meant(field, typed, kept):
    draft = normalised(replace(LIBRARY, **{field: typed}))
    assert getattr(draft, field) == kept
    assert normalised(draft) == draft


@pytest.mark.parametrize("address", ["josé-1@exemple.fr", "accueil@intranet", "a@b@c.fr", "a b@exemple.fr"])
def test_a_booking_address_that_no_mail_reaches_is_refused(address):
    assert check_venue(normalised(replace(LIBRARY, booking_email=address))) == InvalidBookingEmail()


@pytest.mark.parametrize("name", ["\u200b", "\u00ad", " \u202e\u2060 ", "\ufeff"])
def test_a_name_of_nothing_visible_is_none(name):
    assert check_venue(normalised(replace(LIBRARY, name=name))) == VenueFieldRequired("name")


def test_a_venue_with_siret_needs_no_street():
    assert check_venue(LIBRARY) is None


def test_a_venue_without_siret_needs_a_comment_and_a_street():
    bare = replace(LIBRARY, siret=None)
    assert check_venue(bare) == refusals.SiretOrCommentRequired()
    explained = replace(bare, comment="Chapiteau itinérant")
    assert check_venue(explained) == refusals.VenueFieldRequired("street")
    assert check_venue(replace(explained, street="1 quai")) is None


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": "  "}, refusals.VenueFieldRequired("name")),
        ({"siret": "73282932000075"}, refusals.InvalidSiret()),
        ({"siren": "356000000"}, refusals.SiretNotOfStructure(SIRET, "356000000")),
        ({"postal_code": None}, refusals.VenueFieldRequired("postal_code")),
        ({"city": " "}, refusals.VenueFieldRequired("city")),
        ({"postal_code": "2920"}, refusals.InvalidPostalCode()),
        ({"latitude": 90.0, "longitude": 0.0}, refusals.InvalidCoordinates(90.0, 0.0)),
        ({"latitude": -90.0, "longitude": 0.0}, refusals.InvalidCoordinates(-90.0, 0.0)),
        ({"latitude": 0.0, "longitude": 180.0}, refusals.InvalidCoordinates(0.0, 180.0)),
        ({"latitude": 0.0, "longitude": -180.0}, refusals.InvalidCoordinates(0.0, -180.0)),
        ({"latitude": 48.4}, refusals.InvalidCoordinates(48.4, None)),
        ({"longitude": 48.4}, refusals.InvalidCoordinates(None, 48.4)),
        ({"booking_email": "nobody"}, refusals.InvalidBookingEmail()),
    ],
)
def test_each_rule_of_a_physical_venue(change, refusal):
    assert check_venue(replace(LIBRARY, **change)) == refusal


def test_what_is_well_formed_is_accepted():
    whole = replace(
        LIBRARY,
        latitude=89.9,
        longitude=-179.9,
        booking_email="contact@librairie.fr",
        **{
            field: "x" * MAX_LENGTHS[field]
            for field in ("name", "public_name", "street", "city", "description")
        },
    )
    assert check_venue(whole) is None


@pytest.mark.parametrize("field", sorted(MAX_LENGTHS))
def test_texts_have_an_end(field):
    too_long = replace(LIBRARY, **{field: "x" * (MAX_LENGTHS[field] + 1)})
    assert check_venue(too_long) == refusals.VenueTextTooLong(field, MAX_LENGTHS[field])


def test_a_structure_not_known_yet_does_not_stop_its_venue():
    assert check_venue(replace(LIBRARY, siren=None)) is None


def test_a_virtual_venue_has_a_name_and_nothing_of_a_place():
    assert check_venue(VIRTUAL) is None
    for field, value in (
        ("siret", SIRET),
        ("comment", "-"),
        ("street", "-"),
        ("postal_code", "29200"),
        ("city", "B"),
    ):
        assert check_venue(replace(VIRTUAL, **{field: value})) == refusals.VenueFieldForbidden(field)
    assert check_venue(replace(VIRTUAL, latitude=1.0)) == refusals.VenueFieldForbidden("latitude")
    assert check_venue(replace(VIRTUAL, longitude=1.0)) == refusals.VenueFieldForbidden("longitude")


def test_a_siret_can_be_set_once():
    without = replace(LIBRARY, siret=None, comment="En travaux", street="1 quai")
    assert check_venue_edition(without, replace(without, siret=SIRET)) is None
    assert check_venue_edition(LIBRARY, replace(LIBRARY, name="Autre")) is None
    assert check_venue_edition(LIBRARY, replace(LIBRARY, siret=None)) == refusals.VenueFieldImmutable("siret")
    assert check_venue_edition(LIBRARY, replace(LIBRARY, name="")) == refusals.VenueFieldRequired("name")


def test_a_venue_stays_physical_or_virtual():
    moved = replace(LIBRARY, siret=None, comment="x", is_virtual=True)
    before = replace(LIBRARY, siret=None, comment="x")
    assert check_venue_edition(before, moved) == refusals.VenueFieldImmutable("is_virtual")
