"""The contremarque: six characters that a beneficiary shows and a place types (domain.md §4.2)."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.identifiers import compact

LENGTH = 6
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ234567"
"""Thirty characters: no I, O, 0, 1, which the eye confuses; 30⁶ = 729 million codes."""

_READABLE = re.compile(r"[A-Z0-9]{6}")


@dataclass(frozen=True, slots=True)
class Format:
    """The shape of the codes written in a period."""

    pattern: re.Pattern[str]
    count: int
    """How many different codes there are."""


FORMATS: DatedTable[Format] = DatedTable(
    "shape of contremarques",
    keyed_by="booking date",
    rows=(
        row(
            BEGINNING,
            # Three bytes (1–255), each written in base32 with 8 for O and 9 for I.
            Format(re.compile(r"(?:[A-HJ-NP-Z2-9][AEMQUY49]){3}"), 255**3),
            source="domain.md §4.2 (A@2018-08)",
        ),
        row(
            midnight("Europe/Paris", 2020, 12, 1),
            Format(re.compile(rf"[{ALPHABET}]{{6}}"), len(ALPHABET) ** LENGTH),
            source="domain.md §4.2 (A)",
        ),
    ),
)


_A_NUMBER = re.compile(r"[0-9]+E[0-9]+|[0-9]+")
"""What a spreadsheet takes for one (`2222E5` for 222 200 000): a place that keeps a list would lose the code."""


def write() -> str:
    """A new code in the present alphabet, from the system's secure random source; none that is a number."""
    while _A_NUMBER.fullmatch(code := _draw()):
        pass
    return code


def _draw() -> str:
    number, characters = secrets.randbelow(len(ALPHABET) ** LENGTH), []
    for _ in range(LENGTH):
        number, position = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[position])
    return "".join(characters)


def read(typed: str) -> str | None:
    """What a person typed or a reader scanned, as it is stored: case, blanks, hyphens and widths do not matter.

    A scan of the platform's own QR code is read as the code in it, of whichever version. None when no
    edition of the platform can have written it.
    """
    code = compact(typed, r"passculture\s*:\s*v\d+\s*;\s*token", r"contremarque", r"code", r"token")
    return code if _READABLE.fullmatch(code) else None


def could_date_from(code: str, booked_at: datetime) -> bool:
    """Whether a stored code has the shape of the contremarques written on that day."""
    return FORMATS.at(booked_at).pattern.fullmatch(code) is not None


def qr_payload(code: str) -> str:
    """What the QR code of a booking says."""
    return f"PASSCULTURE:v3;TOKEN:{code}"
