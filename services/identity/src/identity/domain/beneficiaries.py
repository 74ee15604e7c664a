"""One person, one credit: how two files are known to be of the same person (domain.md §2.2)."""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from identity.domain.refusals import InvalidDocumentNumber, UnknownActivity

_DOCUMENT_NUMBER = re.compile(r"\w{8,12}|[\w ]{14}", re.ASCII)
_NOT_A_LETTER = re.compile(r"[\s\-‐‑–—'’]")


class Activity(StrEnum):
    COLLEGIEN = "Collégien"
    LYCEEN = "Lycéen"
    ETUDIANT = "Étudiant"
    EMPLOYE = "Employé"
    APPRENTI = "Apprenti"
    ALTERNANT = "Alternant"
    VOLONTAIRE = "Volontaire"
    INACTIF = "Inactif"
    CHOMEUR = "Chômeur"


def plain_name(name: str) -> str:
    """A name without accents, dashes, apostrophes, spaces and case."""
    decomposed = unicodedata.normalize("NFKD", name)
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _NOT_A_LETTER.sub("", letters).casefold()


def likeness(first_name: str, last_name: str, birth_date: date) -> str:
    """Equal for two files exactly when they count as the same person."""
    return f"{plain_name(first_name)}|{plain_name(last_name)}|{birth_date.isoformat()}"


def parse_document_number(text: str) -> str | InvalidDocumentNumber:
    """8 to 12 letters or digits, or 14 characters spaces included; kept without spaces, upper case."""
    number = text.strip()
    if _DOCUMENT_NUMBER.fullmatch(number) is None:
        return InvalidDocumentNumber()
    return number.replace(" ", "").upper()


def parse_activity(text: str) -> Activity | UnknownActivity:
    """The activity of this exact French name, accents and case ignored."""
    wanted = plain_name(text)
    for activity in Activity:
        if plain_name(activity) == wanted:
            return activity
    return UnknownActivity()
