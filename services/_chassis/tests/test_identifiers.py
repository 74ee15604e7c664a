"""Any spelling of a valid number is read as that number; what is none says why."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from schwifty import IBAN

from chassis.identifiers import (
    LA_POSTE,
    Flaw,
    compact,
    read_bic,
    read_company,
    read_ean,
    read_establishment,
    read_iban,
    read_isbn,
    read_phone,
    read_postal_code,
    read_rid7,
    read_ridet,
    read_siren,
    read_siret,
)

Read = Callable[[str], str | Flaw]

DIGIT_SCRIPTS = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]
BETWEEN = [
    "",
    " ",
    ".",
    "-",
    "\u00a0",
    "\u202f",
    "‑",
    "–",
    "−",
    "\u3000",
    "\t",
    " - ",
    "\u200b",
    "\u00ad",
    "\u202a",
    "/",
]
EXAMPLES: dict[Read, list[str]] = {
    read_siren: ["732829320", "552100554", LA_POSTE],
    read_siret: ["73282932000074", "35600000049837", "35600000000048"],
    read_rid7: ["NC1234567"],
    read_ridet: ["NC1234567001XX"],
    read_company: ["732829320", "NC1234567"],
    read_establishment: ["73282932000074", "NC1234567001XX"],
    read_iban: [
        "FR7630006000011234567890189",
        "DE89370400440532013000",
        "NO9386011117947",
        "MT84MALT011000012345MTLCAST001S",
    ],
    read_bic: ["BNPAFRPP", "BNPAFRPPXXX", "NDEANOKK"],
    read_ean: ["3017620422003", "96385074"],
    read_isbn: ["9782070360024", "9791032900123"],
    read_postal_code: ["75011", "97400", "2A004", "98800"],
    read_phone: ["+33612345678", "+262692123456", "+687751234", "+508412345"],
}
LABELS: dict[Read, list[str]] = {
    read_siren: [
        "SIREN",
        "N° SIREN :",
        "numéro de Siren : ",
        "nº",
        "No. siren ",
        "siren=",
        "RCS Saint-Étienne B ",
    ],
    read_siret: ["SIRET:", "N° SIRET ", "siret n° ", "Numéro SIRET :"],
    read_company: [""],
    read_rid7: ["RID7 : ", "RID "],
    read_ridet: ["RIDET ", "n° RIDET : "],
    read_establishment: [""],
    read_iban: ["IBAN", "iban : ", "Code IBAN : "],
    read_bic: ["BIC ", "BIC/SWIFT : ", "swift:", "Code BIC "],
    read_ean: ["EAN ", "EAN-13 : ", "Code-barres : ", "GTIN "],
    read_isbn: ["ISBN ", "ISBN-13: ", "isbn : ", "EAN "],
    read_postal_code: ["CP ", "Code postal : ", "F-"],
    read_phone: ["Tél. : ", "tel:", "Téléphone ", "Portable : "],
}
KNOWN = [(read, number) for read, numbers in EXAMPLES.items() for number in numbers]


@st.composite
def spellings(draw: st.DrawFn) -> tuple[Read, str, str]:
    """A reading, a number, and a way in which somebody might type it."""
    read, number = draw(st.sampled_from(KNOWN))
    digits, between = draw(st.sampled_from(DIGIT_SCRIPTS)), draw(st.sampled_from(BETWEEN))
    signs = [
        digits[int(sign)] if sign.isdigit() else draw(st.sampled_from([sign, sign.lower()]))
        for sign in number
    ]
    gaps = draw(st.lists(st.booleans(), min_size=len(signs), max_size=len(signs)))
    typed = "".join(sign + (between if gap else "") for sign, gap in zip(signs, gaps, strict=True))
    label = draw(st.sampled_from(["", *LABELS[read]])) if digits[0] == "0" else ""
    around = draw(st.sampled_from(["", " ", "\u00a0", "\n", "\u200b"]))
    # « F- » and a colon belong to what follows; a country's letters never come after them.
    assume(not (label == "F-" and not number.isdigit()))
    return read, number, around + label + typed + around


@given(spellings())
def test_any_spelling_of_a_number_is_read_as_that_number(case: tuple[Read, str, str]) -> None:
    read, number, typed = case
    assert read(typed) == number


@pytest.mark.parametrize("read", EXAMPLES, ids=lambda read: read.__name__)
@given(typed=st.text() | st.text("0123456789 .-NCXFRZé", max_size=20))
def test_what_is_read_is_in_its_canonical_form_and_what_is_not_has_a_reason(read: Read, typed: str) -> None:
    number = read(typed)
    assert isinstance(number, Flaw) or (number.isascii() and read(number) == number)


@pytest.mark.parametrize("read", EXAMPLES, ids=lambda read: read.__name__)
@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u00ad", "\u00a0\t"])
def test_nothing_to_see_is_nothing_typed(read: Read, typed: str) -> None:
    assert read(typed) is Flaw.EMPTY


@pytest.mark.parametrize("read", EXAMPLES, ids=lambda read: read.__name__)
def test_a_page_of_text_is_no_number(read: Read) -> None:
    assert isinstance(read(f"{EXAMPLES[read][0]}{' ' * 100_000}"), Flaw)
    assert isinstance(read("9" * 100_000), Flaw)


@pytest.mark.parametrize(
    ("read", "number"),
    [
        (read_siren, "732829320"),
        (read_siret, "73282932000074"),
        (read_iban, "FR7630006000011234567890189"),
        (read_ean, "3017620422003"),
        (read_isbn, "9782070360024"),
        (read_isbn, "2070360024"),
    ],
)
def test_a_mistyped_digit_is_noticed_wherever_it_is(read: Read, number: str) -> None:
    for at in (4, len(number) // 2, len(number) - 1):
        wrong = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
        assert read(wrong) is Flaw.KEY


@pytest.mark.parametrize(
    ("read", "typed", "flaw"),
    [
        (read_siren, "73282932", Flaw.LENGTH),
        (read_siren, "73282932000074", Flaw.LENGTH),
        (read_siren, "73282932O", Flaw.SIGNS),
        (read_siren, "000000000", Flaw.UNKNOWN),
        (read_siren, "000 000 000", Flaw.UNKNOWN),
        (read_siret, "00000000000000", Flaw.UNKNOWN),
        (read_siret, "73282932100002", Flaw.KEY),
        (read_company, "1234567", Flaw.LENGTH),
        (read_rid7, "1234567", Flaw.SIGNS),
        (read_rid7, "NC123456", Flaw.LENGTH),
        (read_rid7, "NC0000000", Flaw.UNKNOWN),
        (read_ridet, "NC1234567", Flaw.LENGTH),
        (read_iban, "XX7630006000011234567890189", Flaw.UNKNOWN),
        (read_iban, "FR76300060000112345678901", Flaw.LENGTH),
        (read_iban, "FR76 3000 6000 0112 3456 7890 1é9", Flaw.SIGNS),
        (read_bic, "BNPAXXPP", Flaw.UNKNOWN),
        (read_bic, "BNPAFRP", Flaw.LENGTH),
        (read_ean, "12345", Flaw.LENGTH),
        (read_isbn, "3017620422003", Flaw.UNKNOWN),
        (read_postal_code, "7A000", Flaw.SIGNS),
        (read_postal_code, "7501", Flaw.LENGTH),
        (read_postal_code, "00100", Flaw.UNKNOWN),
        (read_postal_code, "96000", Flaw.UNKNOWN),
        (read_phone, "06 12 34 56 7O", Flaw.SIGNS),
        (read_phone, "0800 FNAC", Flaw.SIGNS),
        (read_phone, "12", Flaw.LENGTH),
        (read_phone, "+33 6 12 34 56 78 90 12", Flaw.LENGTH),
    ],
)
def test_what_is_wrong_is_told(read: Read, typed: str, flaw: Flaw) -> None:
    assert read(typed) is flaw


@given(st.text("0123456789", min_size=5, max_size=5))
def test_la_poste_may_use_luhn_or_a_sum_that_is_a_multiple_of_5(office: str) -> None:
    number = LA_POSTE + office
    doubled = [int(digit) * (2 - position % 2) for position, digit in enumerate(number)]
    by_luhn = sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
    by_sum = sum(map(int, number)) % 5 == 0
    assert read_siret(number) == (number if by_luhn or by_sum else Flaw.KEY)


def test_nobody_else_may_use_the_plain_sum() -> None:
    number = "73282932000004"
    assert sum(map(int, number)) % 5 == 0
    assert read_siret(number) is Flaw.KEY


def test_a_book_number_of_ten_signs_is_written_in_thirteen() -> None:
    assert read_isbn("2-07-036002-4") == read_isbn("978-2-07-036002-4") == "9782070360024"
    assert read_isbn("0-8044-2957-x") == read_isbn("ISBN 080442957X") == "9780804429573"


def test_an_american_bar_code_gets_its_zero() -> None:
    assert read_ean("0 36000 29145 2") == read_ean("0036000291452") == "0036000291452"


def test_a_ridet_ends_in_xx_whether_it_was_typed_or_not() -> None:
    assert read_ridet("NC 1 234 567.001") == read_ridet("NC1234567001XX") == "NC1234567001XX"


def test_the_national_key_of_a_french_account_counts() -> None:
    right, wrong_key = "FR7630006000011234567890189", "30006000011234567890188"
    assert read_iban(right) == right
    assert read_iban(str(IBAN.generate("FR", "30006", "12345678901", "00001"))) == right
    checked = 98 - int(f"{wrong_key}152700") % 97
    assert read_iban(f"FR{checked:02}{wrong_key}") is Flaw.KEY


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0692 12 34 56", "+262692123456"),  # La Réunion
        ("0693123456", "+262693123456"),
        ("0262 12 34 56", "+262262123456"),
        ("0639 12 34 56", "+262639123456"),  # Mayotte
        ("0269 61 12 34", "+262269611234"),
        ("0690 12 34 56", "+590690123456"),  # Guadeloupe
        ("0691 12 34 56", "+590691123456"),
        ("0590123456", "+590590123456"),
        ("0694 12 34 56", "+594694123456"),  # Guyane
        ("0594 12 34 56", "+594594123456"),
        ("0696 12 34 56", "+596696123456"),  # Martinique
        ("0697 12 34 56", "+596697123456"),
        ("0596 12 34 56", "+596596123456"),
        ("0508 41 23 45", "+508412345"),  # Saint-Pierre-et-Miquelon
        ("+33 6 92 12 34 56", "+262692123456"),
        ("0033 (0)692 12 34 56", "+262692123456"),
        ("0709 12 34 56", "+596709123456"),
        ("06 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("(+33) 6 12 34 56 78", "+33612345678"),
        ("01 99 00 12 34", "+33199001234"),
        ("+262 692 00 12 34", "+262692001234"),
        ("+44 20 7946 0000", "+442079460000"),
    ],
)
def test_a_phone_number_is_kept_where_it_is_reached(typed: str, number: str) -> None:
    assert read_phone(typed) == number
    assert read_phone(number) == number


def test_a_label_is_left_out_only_before_the_number() -> None:
    assert compact("code : ab-12 c", "code") == "AB12C"
    assert compact("ab code 12", "code") == "ABCODE12"


@pytest.mark.parametrize(
    "typed",
    [
        "DE 89 3704 0044 0532 0130 00",
        "N° DE 89 3704 0044 0532 0130 00",
        "numéro de IBAN : DE89370400440532013000",
    ],
)
def test_the_country_of_a_german_account_is_not_read_as_a_word(typed: str) -> None:
    assert read_iban(typed) == "DE89370400440532013000"


@pytest.mark.parametrize("typed", ["NO.9386 0111 17947", "NO: 93 8601 1117 947", "no. no.93.86011117947"])
def test_the_country_of_a_norwegian_account_is_not_read_as_a_number_sign(typed: str) -> None:
    assert read_iban(typed) == "NO9386011117947"
