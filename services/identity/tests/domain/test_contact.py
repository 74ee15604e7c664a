"""E-mail addresses, phone numbers, names (domain.md §2.8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    assert parse_email(text) == MalformedEmail()


def test_an_address_has_at_most_120_characters() -> None:
    longest = f"{'a' * 60}@{'b' * 56}.fr"
    assert len(longest) == 120
    assert parse_email(longest) == longest
    assert parse_email(f"a{longest}") == MalformedEmail()


def test_nothing_but_an_at_sign_is_asked_of_the_form_of_a_domain() -> None:
    assert parse_email("jeune@intranet") == "jeune@intranet"


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_email(text)
    if once == once.lower():
        assert normalise_email(once) == once


@given(st.emails())
def test_a_kept_address_is_its_own_normal_form(text: str) -> None:
    kept = parse_email(text)
    if isinstance(kept, str):
        assert kept == normalise_email(kept)
        assert parse_email(kept.upper()) in (kept, parse_email(kept))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("01 99 00 12 34", "+33199001234"),
        ("+33 1 99 00 12 34", "+33199001234"),
        ("+262 692 00 12 34", "+262692001234"),
    ],
)
def test_a_phone_number_is_kept_in_international_form(text: str, kept: str) -> None:
    assert parse_phone(text) == kept


@pytest.mark.parametrize("text", ["", "phone", "12", "+33 1 99 00 12 34 56 78 90"])
def test_a_phone_number_that_cannot_be_is_refused(text: str) -> None:
    assert parse_phone(text) == InvalidPhone()


def test_a_name_is_trimmed() -> None:
    assert parse_name("  Élise ", "firstName") == "Élise"


@pytest.mark.parametrize("text", ["", "   ", "x" * 129, "a\x00b", "a\nb"])
def test_an_empty_long_or_unprintable_name_is_refused(text: str) -> None:
    refusal = parse_name(text, "lastName")
    assert refusal == InvalidName("lastName", 128)


@pytest.mark.parametrize("text", ["Ô", "x" * 128])
def test_a_name_has_between_1_and_128_characters(text: str) -> None:
    assert parse_name(text, "lastName") == text
