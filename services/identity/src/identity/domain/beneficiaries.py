"""One person, one credit: how two files are known to be of the same person (domain.md §2.2)."""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from chassis.text import name_key, one_line
from identity.domain.refusals import InvalidDocumentNumber, UnknownActivity

_DOCUMENT_NUMBER = re.compile(r"\w{8,12}|[\w ]{14}", re.ASCII)


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


def likeness(first_name: str, last_name: str, birth_date: date) -> str:
    """Equal for two files exactly when they count as the same person, however their names are spelt."""
    return f"{name_key(first_name)}|{name_key(last_name)}|{birth_date.isoformat()}"


def parse_document_number(text: str) -> str | InvalidDocumentNumber:
    """8 to 12 letters or digits, or 14 characters spaces included; kept without spaces, upper case."""
    number = one_line(unicodedata.normalize("NFKC", text))
    if _DOCUMENT_NUMBER.fullmatch(number) is None:
        return InvalidDocumentNumber()
    return number.replace(" ", "").upper()


def parse_activity(text: str) -> Activity | UnknownActivity:
    """The activity of this exact French name, accents and case ignored."""
    wanted = name_key(text)
    for activity in Activity:
        if name_key(activity) == wanted:
            return activity
    return UnknownActivity()
