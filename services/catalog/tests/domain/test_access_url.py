import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.access_url import completed_url, humanized, is_offer_url, with_scheme

BOOKING = {"token": "ABC23F", "email": "jeune@example.com", "offer_id": "AE"}


def test_E89_placeholders_are_replaced_and_a_scheme_is_added():
    url = completed_url("site.fr/x?c={token}&m={email}", **BOOKING)
    assert url == "http://site.fr/x?c=ABC23F&m=jeune@example.com"


def test_every_occurrence_is_replaced():
    assert (
        completed_url("https://a.fr/{offerId}/{token}/{token}", **BOOKING) == "https://a.fr/AE/ABC23F/ABC23F"
    )


def test_the_activation_code_takes_the_place_of_the_token():
    assert completed_url("a.fr/{token}", **BOOKING, activation_code="CODE-1") == "http://a.fr/CODE-1"


def test_what_a_placeholder_brings_in_is_not_read_again():
    url = completed_url("a.fr/{email}", token="T", email="{token}@x.fr", offer_id="AE")
    assert url == "http://a.fr/{token}@x.fr"


def test_unknown_placeholders_stay():
    assert completed_url("a.fr/{nom}", **BOOKING) == "http://a.fr/{nom}"


def test_schemes():
    assert with_scheme("HTTPS://a.fr") == "HTTPS://a.fr"
    assert with_scheme("a.fr?next=https://b.fr") == "http://a.fr?next=https://b.fr"


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "AE"), (0, "AA"), (255, "74"), (256, "AEAA"), (112, "8A"), (64, "9A"), (2**32 + 23, "AEAAAAAX")],
)
def test_public_ids_of_the_older_interfaces(number, text):
    assert humanized(number) == text


@given(st.integers(0, 2**128 - 1))
def test_humanized_ids_can_be_read_back(number):
    text = humanized(number).replace("8", "O").replace("9", "I")
    padded = text + "=" * (-len(text) % 8)
    assert int.from_bytes(base64.b32decode(padded)) == number


@pytest.mark.parametrize(
    "url",
    [
        "site.fr",
        "https://site.fr/x?c={token}&m={email}",
        "http://site.fr:8080/{offerId}",
        "site.fr:8080",
        "https://théâtre.fr/é",
        "https://site.fr/?m=a@b.fr",
        "http://192.0.2.1/",
    ],
)
def test_addresses_of_offers(url):
    assert is_offer_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "mailto:a@b.c",
        "MAILTO:a@b.fr?x=site.fr",
        "tel:+33.199001234",
        "data:text/html,a.b",
        "https:site.fr",
        "http:/site.fr",
        "http://a.b\\@evil",
        "http://a.b\\@evil.fr",
        "http://bank.fr@evil.fr",
        "http://bank.fr:80@evil.fr/",
        "http://{email}",
        "http://{token}@site.fr",
        "//site.fr@evil.fr",
        "https://site\u202e.fr",
        "https://site.fr/\u200b",
        "https://si\u00adte.fr",
        "https://-site.fr\x00",
        "https://site.fr;evil/",
        "https://☕.fr/",
        "ftp://site.fr",
        "http://",
        "https://site.fr/a b",
        "http://site.fr:port/",
        "http://site.fr:{token}/",
        "http://site.fr:{offerId}/",
        "http:///site.fr",
        "http://[::1",
        "site",
        "https://site.fr/" + "x" * 240,
    ],
)
def test_what_is_no_address(url):
    assert not is_offer_url(url)


def test_255_characters_are_allowed():
    assert is_offer_url("https://site.fr/" + "x" * 239)
