"""Numbers and codes as people type, paste and scan them: one reading each, in one canonical form.

Blanks of all kinds, points, hyphens, slashes and invisible characters between the signs do not
count, nor do case, width and the script of the digits, nor a label before it (« SIRET : … »). A
reading is the number, or the `Flaw` that keeps it from being one; the sentence is the caller's.
"""

import re
import unicodedata
from enum import Enum

import phonenumbers
from schwifty import BIC, IBAN
from schwifty.exceptions import (
    InvalidBankCode,
    InvalidBBANChecksum,
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    SchwiftyException,
)
from stdnum import ean as _ean
from stdnum import isbn as _isbn
from stdnum import luhn

from chassis.text import folded


class Flaw(Enum):
    """Why what was typed is not such a number."""

    EMPTY = "nothing was typed"
    SIGNS = "it holds signs that the number never has"
    LENGTH = "it is too short or too long"
    KEY = "its check digits do not fit the others: a typing error"
    UNKNOWN = "well formed, but no such country, block or kind of number was ever given out"


LA_POSTE = "356000000"
"""SIREN of La Poste, which ran out of numbers that satisfy Luhn for its post offices."""

LONGEST_READ = 200
"""Nobody types an identifier of more characters; what is longer is none."""

_SEPARATORS = re.compile(r"[\s.\-_/·•:]")
_NUMBER_SIGN = r"(?:(?:n°|no(?=[.:])|num[eé]ro)\.?\s*)?"
"""« no » needs its point, « de » a label behind it: accounts of Norway begin with NO, of Germany with DE."""


def compact(typed: str, *labels: str) -> str:
    """`typed` in capitals and ASCII digits without separators, nor one of `labels` before it.

    Labels are patterns; « N° », « numéro » and a colon around them are read as well. "" when
    nothing is left; "?", which is no number's, for more than 200 characters.
    """
    if len(typed) > LONGEST_READ:
        return "?"
    text = "".join(map(_ascii_digit, folded(typed.replace("º", "°"))))
    if labels:
        label = rf"^{_NUMBER_SIGN}(?:(?:de\s+)?(?:{'|'.join(labels)})\s*{_NUMBER_SIGN})?[\s:=#.\-]*"
        text = re.sub(label, "", text)
    return _SEPARATORS.sub("", text).upper()


def _ascii_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _digits(text: str, *lengths: int) -> Flaw | None:
    if not text:
        return Flaw.EMPTY
    if not (text.isascii() and text.isdigit()):
        return Flaw.SIGNS
    return None if len(text) in lengths else Flaw.LENGTH


# -- companies and their establishments


def read_siren(typed: str) -> str | Flaw:
    """Nine digits under a Luhn key. All zeros satisfy Luhn and are nobody's number."""
    number = compact(typed, "siren", r"rcs(?:\s+[a-zà-ÿ' \-]+?)?(?:\s+[ab])?(?=\s*\d)")
    if (flaw := _digits(number, 9)) is not None:
        return flaw
    if number == "000000000":
        return Flaw.UNKNOWN
    return number if luhn.is_valid(number) else Flaw.KEY


def read_siret(typed: str) -> str | Flaw:
    """A SIREN and five digits, under a Luhn key; for La Poste a sum that is a multiple of 5 will do as well."""
    number = compact(typed, "siret")
    if (flaw := _digits(number, 14)) is not None:
        return flaw
    if isinstance(siren := read_siren(number[:9]), Flaw):
        return siren
    by_sum = siren == LA_POSTE and sum(map(int, number)) % 5 == 0
    return number if by_sum or luhn.is_valid(number) else Flaw.KEY


_IS_CALEDONIAN = re.compile(r"NC[0-9]")
_RID7 = re.compile(r"NC([0-9]{7})")
_RIDET = re.compile(r"NC([0-9]{10})(?:XX)?")


def read_rid7(typed: str) -> str | Flaw:
    """New Caledonia's number of a company: `NC` and 7 digits, as long as a SIREN. The `NC` is needed."""
    return _caledonian(compact(typed, "rid7?", "ridet"), _RID7, 7, "NC{}")


def read_ridet(typed: str) -> str | Flaw:
    """New Caledonia's number of an establishment: `NC`, 10 digits and `XX`, as long as a SIRET.

    The RID7 and three digits; the `XX` need not be typed.
    """
    return _caledonian(compact(typed, "ridet"), _RIDET, 10, "NC{}XX")


def _caledonian(number: str, form: re.Pattern[str], count: int, canonical: str) -> str | Flaw:
    if not number:
        return Flaw.EMPTY
    found = form.fullmatch(number)
    if found is None:
        bare = number.removeprefix("NC").removesuffix("XX")
        return Flaw.LENGTH if number.startswith("NC") and bare.isdigit() else Flaw.SIGNS
    digits = found[1]
    return Flaw.UNKNOWN if digits[:7] == "0" * 7 else canonical.format(digits)


def read_company(typed: str) -> str | Flaw:
    """A SIREN, or a RID7 in New Caledonia: nine characters either way."""
    return read_rid7(typed) if _IS_CALEDONIAN.search(compact(typed)) else read_siren(typed)


def read_establishment(typed: str) -> str | Flaw:
    """A SIRET, or a RIDET in New Caledonia: fourteen characters either way."""
    return read_ridet(typed) if _IS_CALEDONIAN.search(compact(typed)) else read_siret(typed)


# -- bank accounts


def read_iban(typed: str) -> str | Flaw:
    """Country, form and key; French ones by their national key (clé RIB) as well.

    « NO.93 … » is an account of Norway before it is number 93: what is none without its label is read whole.
    """
    labelled = _iban(compact(typed, "iban", r"code\s+iban"))
    if not isinstance(labelled, Flaw):
        return labelled
    whole = _iban(compact(typed))
    return labelled if isinstance(whole, Flaw) else whole


def _iban(number: str) -> str | Flaw:
    if not number:
        return Flaw.EMPTY
    try:
        return str(IBAN(number, validate_bban=number.startswith(("FR", "MC"))))
    except SchwiftyException as error:
        return _bank_flaw(error)


def read_bic(typed: str) -> str | Flaw:
    """Eight or eleven characters of a country that exists."""
    number = compact(typed, r"bic(?:\s*[/-]\s*swift)?", r"(?:code\s+)?swift(?:\s*[/-]\s*bic)?", r"code\s+bic")
    if not number:
        return Flaw.EMPTY
    try:
        return str(BIC(number))
    except SchwiftyException as error:
        return _bank_flaw(error)


_BANK_FLAWS: tuple[tuple[type[SchwiftyException], Flaw], ...] = (
    (InvalidLength, Flaw.LENGTH),
    (InvalidChecksumDigits, Flaw.KEY),
    (InvalidBBANChecksum, Flaw.KEY),
    (InvalidCountryCode, Flaw.UNKNOWN),
    (InvalidBankCode, Flaw.UNKNOWN),
)


def _bank_flaw(error: SchwiftyException) -> Flaw:
    return next((flaw for kind, flaw in _BANK_FLAWS if isinstance(error, kind)), Flaw.SIGNS)


# -- products


def read_ean(typed: str) -> str | Flaw:
    """The 8 or 13 digits of a bar code; the 12 of an American one get the zero that makes them 13."""
    number = compact(
        typed, r"ean(?:[\s-]?(?:8|13))?", r"gtin(?:[\s-]?(?:8|12|13))?", "upc", r"code[\s-]barres?"
    )
    if (flaw := _digits(number, 8, 12, 13)) is not None:
        return flaw
    number = number.rjust(13, "0") if len(number) == 12 else number
    return number if _ean.is_valid(number) else Flaw.KEY


def read_isbn(typed: str) -> str | Flaw:
    """The 13 bare digits of a book's number; one of 10 signs is written in 13."""
    number = compact(typed, r"isbn(?:[\s-]?1[03](?!\d))?", r"ean(?:[\s-]?13(?!\d))?")
    flaw = _digits(number[:-1], 9) if len(number) == 10 and number[-1] == "X" else _digits(number, 10, 13)
    if flaw is not None:
        return flaw
    if len(number) == 13 and not number.startswith(("978", "979")):
        return Flaw.UNKNOWN
    return str(_isbn.to_isbn13(number)) if _isbn.is_valid(number) else Flaw.KEY


# -- places and people

_POSTAL_CODE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")


def read_postal_code(typed: str) -> str | Flaw:
    """Five digits, or 2A or 2B and three (Corsica). Whether a place has it is not known here."""
    code = compact(typed, r"code\s+postal", "cp")
    code = re.sub(r"^(?:FR?)(?=[0-9])", "", code)
    if not code:
        return Flaw.EMPTY
    if len(code) != 5:
        return Flaw.LENGTH if code.isascii() and code.isalnum() else Flaw.SIGNS
    if not _POSTAL_CODE.fullmatch(code):
        return Flaw.SIGNS
    return Flaw.UNKNOWN if code[:2] in ("00", "96", "99") else code


_OVERSEAS = {
    **dict.fromkeys(("262", "263", "269", "639", "692", "693"), 262),
    **dict.fromkeys(("590", "690", "691"), 590),
    **dict.fromkeys(("594", "694"), 594),
    **dict.fromkeys(("596", "696", "697"), 596),
    "508": 508,
}
"""Blocks of the French national numbering plan (Arcep) that are reached under a country code of their own."""

_OVERSEAS_REGIONS = ("GP", "MQ", "GF", "RE", "PM")
_PHONE = re.compile(r"\(?\+?[0-9()]+")


def read_phone(typed: str) -> str | Flaw:
    """E.164. Without a country it is French, and overseas where its block is (0692 … is +262 692 …)."""
    number = compact(typed, "tel(?:ephone)?", "téléphone", "tél", "portable", "mobile", "fixe")
    if not number:
        return Flaw.EMPTY
    if not _PHONE.fullmatch(number):
        return Flaw.SIGNS
    try:
        parsed = phonenumbers.parse(number, "FR")
    except phonenumbers.NumberParseException:
        return Flaw.LENGTH if number.isdigit() else Flaw.SIGNS
    if parsed.country_code == 33:
        parsed = _at_its_place(parsed)
    if not phonenumbers.is_possible_number(parsed):
        return Flaw.LENGTH
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _at_its_place(number: phonenumbers.PhoneNumber) -> phonenumbers.PhoneNumber:
    """A number of the French plan under the country code that reaches it."""
    national = str(number.national_number)
    if len(national) != 9:
        return number
    code = _OVERSEAS.get(national[:3])
    if code is None and not phonenumbers.is_valid_number(number):
        for region in _OVERSEAS_REGIONS:
            there = phonenumbers.parse(f"0{national}", region)
            if phonenumbers.is_valid_number(there):
                return there
    if code is None:
        return number
    # Saint-Pierre-et-Miquelon's own numbers are the six digits after the block.
    rest = national[3:] if code == 508 else national
    return phonenumbers.PhoneNumber(country_code=code, national_number=int(rest))
