"""One address, one form, that every relay takes."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.mail_addresses import MailFlaw, can_leave, read_mail_address, shown

THEATRE = "accueil@xn--thtre-ville-x7a4g.example"


@pytest.mark.parametrize(
    "typed",
    [
        "accueil@théâtre-ville.example",
        "Accueil@THÉÂTRE-ville.example",
        unicodedata.normalize("NFD", "accueil@théâtre-ville.example"),
        "accueil@xn--thtre-ville-x7a4g.example",
        "ACCUEIL@XN--THTRE-VILLE-X7A4G.EXAMPLE",
        "  accueil@théâtre-ville.example\u00a0\n",
        "mailto:accueil@théâtre-ville.example",
        "<accueil@théâtre-ville.example>",
        "acc\u200bueil@thé\u00adâtre-ville.example",
        "ａｃｃｕｅｉｌ＠théâtre-ville．example",
        "accueil@théâtre-ville。example",
    ],
)
def test_all_ways_to_type_an_address_are_one_address(typed: str) -> None:
    assert read_mail_address(typed) == THEATRE


@pytest.mark.parametrize("local", ["josé-1", "léa", "пётр", "用户", "ñ"])
def test_a_name_that_needs_smtputf8_is_refused_where_it_is_typed(local: str) -> None:
    assert read_mail_address(f"{local}@exemple.fr") is MailFlaw.ACCENTED_NAME


def test_dots_and_tags_make_other_addresses() -> None:
    kept = {read_mail_address(typed) for typed in ("a.b@exemple.fr", "ab@exemple.fr", "a.b+c@exemple.fr")}
    assert kept == {"a.b@exemple.fr", "ab@exemple.fr", "a.b+c@exemple.fr"}


def test_domains_that_idna_tells_apart_stay_apart() -> None:
    assert read_mail_address("a@straße.example") == "a@xn--strae-oqa.example"
    assert read_mail_address("a@strasse.example") == "a@strasse.example"


@pytest.mark.parametrize(
    ("typed", "flaw"),
    [
        ("", MailFlaw.EMPTY),
        (" \u200b ", MailFlaw.EMPTY),
        ("mailto:", MailFlaw.EMPTY),
        ("jeune", MailFlaw.FORM),
        ("@exemple.fr", MailFlaw.FORM),
        ("jeune@", MailFlaw.FORM),
        ("a b@exemple.fr", MailFlaw.FORM),
        ("a@b@exemple.fr", MailFlaw.FORM),
        ("é@b@exemple.fr", MailFlaw.FORM),
        ("jeune@intranet", MailFlaw.FORM),
        ("jeune@[127.0.0.1]", MailFlaw.FORM),
        ("jeune@localhost.local", MailFlaw.FORM),
        ("jeune@ex_emple.fr", MailFlaw.FORM),
        ("jeune@☕.fr", MailFlaw.FORM),
        ("jeune@xn--a.fr", MailFlaw.FORM),
        ("a@exemple.fr, b@exemple.fr", MailFlaw.FORM),
        ("a@exemple.fr\r\nBcc: b@exemple.fr", MailFlaw.FORM),
        ("Léa <lea@exemple.fr>", MailFlaw.FORM),
        ("a" * 65 + "@exemple.fr", MailFlaw.LENGTH),
        ("a@" + "b." * 200 + "fr", MailFlaw.FORM),
        ("a" * 1_001, MailFlaw.LENGTH),
    ],
)
def test_what_is_no_address_says_why(typed: str, flaw: MailFlaw) -> None:
    assert read_mail_address(typed) is flaw


def test_length_is_that_of_the_kept_form() -> None:
    assert len(THEATRE) == 37
    assert read_mail_address("accueil@théâtre-ville.example", longest=37) == THEATRE
    assert read_mail_address("accueil@théâtre-ville.example", longest=36) is MailFlaw.LENGTH
    assert read_mail_address(f"{'a' * 64}@exemple.fr") == f"{'a' * 64}@exemple.fr"


@given(st.emails() | st.text() | st.text("aéß@.-xn‑ ａ", max_size=12))
def test_what_is_kept_can_leave_and_is_its_own_form(typed: str) -> None:
    kept = read_mail_address(typed)
    assume(isinstance(kept, str))
    assert isinstance(kept, str)
    assert can_leave(kept)
    assert kept == kept.lower()
    for again in (kept, kept.upper(), unicodedata.normalize("NFD", shown(kept)), f" <{kept}> "):
        assert read_mail_address(again) == kept


def test_an_address_is_shown_as_people_write_it() -> None:
    assert shown(THEATRE) == "accueil@théâtre-ville.example"
    assert shown("a@exemple.fr") == "a@exemple.fr"
    assert shown("a@xn--a.fr") == "a@xn--a.fr"


@pytest.mark.parametrize(
    "address", ["josé@exemple.fr", "accueil@théâtre.example", "", "a\n@exemple.fr", "jeune"]
)
def test_what_was_kept_before_and_cannot_leave_is_known(address: str) -> None:
    assert not can_leave(address)
