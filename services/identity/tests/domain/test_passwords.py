"""Passwords (domain.md §2.7, §8)."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.dated import midnight
from identity.domain.passwords import PASSWORD_RULES, check_password, prepared
from identity.domain.refusals import WeakPassword

TODAY = datetime(2026, 11, 22, tzinfo=UTC)


def test_E76_a_special_character_is_needed_and_12_characters_are_enough() -> None:
    assert isinstance(check_password("Abcdefgh1234", TODAY), WeakPassword)
    assert check_password("Abcdefgh123!", TODAY) is None


@pytest.mark.parametrize(
    "password",
    ["Abcdefg123!", "abcdefgh123!", "ABCDEFGH123!", "Abcdefghijk!", "Abcdefgh1234é", "Àbcdefgh123é", ""],
)
def test_each_family_of_characters_is_needed(password: str) -> None:
    assert isinstance(check_password(password, TODAY), WeakPassword)


def test_the_refusal_says_what_is_needed() -> None:
    refusal = check_password("x", TODAY)
    assert isinstance(refusal, WeakPassword)
    assert refusal.minimum_length == 12
    assert "12 caractères" in refusal.message
    assert refusal.message.endswith("parmi !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


@pytest.mark.parametrize("special", list("\"'()/[\\]`{}"))
def test_all_ascii_punctuation_counts_since_2021_only(special: str) -> None:
    since = midnight("Europe/Paris", 2021, 1, 1)
    password = f"Abcdefgh123{special}"
    assert isinstance(check_password(password, since - timedelta(microseconds=1)), WeakPassword)
    assert check_password(password, since) is None


def test_the_specials_of_2018_are_all_ascii_punctuation() -> None:
    old, new = (edition.value for _, _, edition in PASSWORD_RULES.periods())
    assert set(old.specials) < set(new.specials)
    assert len(new.specials) == 32


@given(
    st.text(min_size=7, max_size=30),
    st.permutations("aZ7"),
    st.sampled_from(PASSWORD_RULES.rows[0].value.specials),
)
def test_whatever_was_accepted_in_2018_is_accepted_now(text: str, needed: list[str], special: str) -> None:
    password = f"{needed[0]}{text}{special}{needed[1]}{needed[2]}"
    assume(check_password(password, datetime(2018, 10, 1, tzinfo=UTC)) is None)
    assert check_password(password, TODAY) is None


def test_a_password_is_the_same_however_a_keyboard_composes_it() -> None:
    composed, decomposed = "Élève-2026-ça", unicodedata.normalize("NFD", "Élève-2026-ça")
    assert composed != decomposed
    assert prepared(composed) == prepared(decomposed) == composed
    assert prepared("un\u00a0mot\u3000de\u202fpasse") == "un mot de passe"


def test_case_width_and_surrounding_blanks_of_a_password_count() -> None:
    assert len({prepared(each) for each in ("mot", "Mot", "ｍot", " mot", "mot ", "mot\u200b")}) == 6


@given(st.text())
def test_a_prepared_password_is_prepared_already(password: str) -> None:
    assert prepared(prepared(password)) == prepared(password)


def test_a_password_is_as_long_as_it_is_prepared() -> None:
    decomposed = unicodedata.normalize("NFD", "Aé1!éééé")
    assert len(decomposed) == 13
    assert isinstance(check_password(decomposed, TODAY), WeakPassword)
