"""E-mail addresses, phone numbers, names (domain.md §2.8)."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.mail_addresses import MailFlaw
from identity.domain.contact import normalise_email, parse_email, parse_name, parse_phone
from identity.domain.refusals import InvalidName, InvalidPhone, MalformedEmail


def test_E77_an_address_is_kept_in_lower_case_without_blanks() -> None:
    assert parse_email("  Jeune@Example.COM ") == "jeune@example.com"
    assert parse_email("JEUNE@example.com") == parse_email("  Jeune@Example.COM ")


def test_dots_and_tags_make_different_addresses() -> None:
    assert parse_email("a.b+c@gmail.com") == "a.b+c@gmail.com"


@pytest.mark.parametrize(
    "text",
    ["", "jeune", "@example.com", "jeune@", "a b@example.com", "a@b@c.fr", "a\n@b.fr", f"{'a' * 120}@b.fr"],
)
def test_a_malformed_address_is_refused(text: str) -> None:
    assert parse_email(text) in (MalformedEmail("FORM"), MalformedEmail("EMPTY"), MalformedEmail("LENGTH"))


def test_an_address_has_at_most_120_characters() -> None:
    longest = f"{'a' * 60}@{'b' * 56}.fr"
    assert len(longest) == 120
    assert parse_email(longest) == longest
    assert parse_email(f"a{longest}") == MalformedEmail("LENGTH")


def test_a_domain_that_no_mail_reaches_is_refused() -> None:
    assert parse_email("jeune@intranet") == MalformedEmail("FORM")


def test_an_accented_domain_is_kept_in_the_form_that_every_relay_takes() -> None:
    assert parse_email("accueil@Théâtre-Ville.example") == "accueil@xn--thtre-ville-x7a4g.example"
    assert normalise_email("accueil@Théâtre-Ville.example") == "accueil@xn--thtre-ville-x7a4g.example"


def test_accents_before_the_at_sign_are_refused_in_so_many_words() -> None:
    refusal = parse_email("josé-1@exemple.fr")
    assert refusal == MalformedEmail("ACCENTED_NAME")
    assert "avant" in refusal.message or "après le @" in refusal.message


@pytest.mark.parametrize("flaw", MailFlaw)
def test_every_flaw_of_an_address_has_its_sentence(flaw: MailFlaw) -> None:
    assert MalformedEmail(flaw.name).message.endswith(".")


@given(st.emails())
def test_a_kept_address_is_its_own_normal_form(text: str) -> None:
    kept = parse_email(text)
    assume(isinstance(kept, str))
    assert isinstance(kept, str)
    assert kept == normalise_email(kept)
    assert parse_email(kept) == parse_email(kept.upper()) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("01 99 00 12 34", "+33199001234"),
        ("+33 1 99 00 12 34", "+33199001234"),
        ("+262 692 00 12 34", "+262692001234"),
        ("0692 12 34 56", "+262692123456"),
        ("0690 12 34 56", "+590690123456"),
        ("Tél. : 01.99.00.12.34", "+33199001234"),
    ],
)
def test_a_phone_number_is_kept_in_international_form(text: str, kept: str) -> None:
    assert parse_phone(text) == kept


@pytest.mark.parametrize("text", ["", "phone", "12", "+33 1 99 00 12 34 56 78 90"])
def test_a_phone_number_that_cannot_be_is_refused(text: str) -> None:
    assert parse_phone(text) == InvalidPhone()


def test_a_name_is_trimmed() -> None:
    assert parse_name("  Élise ", "firstName") == "Élise"


@pytest.mark.parametrize("text", ["", "   ", "x" * 129, "\u200b", "\u00ad \u202e", "'-", "42"])
def test_a_name_of_nothing_visible_too_long_or_without_a_letter_is_refused(text: str) -> None:
    refusal = parse_name(text, "lastName")
    assert refusal == InvalidName("lastName", 128)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b", "ab"),
        ("a\nb", "a b"),
        ("Marie\u00a0\tAnne", "Marie Anne"),
        ("É\u00adlise", "Élise"),
        ("E\u0301lise", "Élise"),
        ("\u202eAnne\u202c", "Anne"),
        ("D’Arc", "D’Arc"),
    ],
)
def test_a_name_is_kept_without_what_nobody_sees(text: str, kept: str) -> None:
    assert parse_name(text, "firstName") == kept


def test_a_structure_may_be_called_by_a_number() -> None:
    assert parse_name("104", "structureName") == "104"


@pytest.mark.parametrize("text", ["Ô", "x" * 128, ("E\u0301" * 128)])
def test_a_name_has_between_1_and_128_characters(text: str) -> None:
    assert parse_name(text, "lastName") == unicodedata.normalize("NFC", text)
