"""Which family of the barème a sub-category belongs to, at any date.

The sub-categories are the 67 of 2021-11 (domain.md §3.1) and the eight that came later
(M:core/categories/subcategories.py); finance keeps of them only what it needs to pay. What was
sold on line has not always been reimbursed (domain.md §5.2, §8).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from chassis.dated import BEGINNING, DatedTable, midnight, row


class Family(StrEnum):
    """Columns of the barème."""

    STANDARD = "STANDARD"
    BOOK = "BOOK"
    NOT_REIMBURSED = "NOT_REIMBURSED"


class UnknownSubcategory(LookupError):
    """A sub-category that finance has no rule for: it must never be guessed."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STANDARD: Final = _names(
    """
    MATERIEL_ART_CREATIF
    CARTE_CINE_ILLIMITE CARTE_CINE_MULTISEANCES CINE_PLEIN_AIR EVENEMENT_CINE FESTIVAL_CINE SEANCE_CINE
    CONFERENCE DECOUVERTE_METIERS RENCONTRE SALON
    ABO_MEDIATHEQUE SUPPORT_PHYSIQUE_FILM
    ACHAT_INSTRUMENT BON_ACHAT_INSTRUMENT LOCATION_INSTRUMENT PARTITION
    ABO_LUDOTHEQUE CONCOURS ESCAPE_GAME EVENEMENT_JEU RENCONTRE_JEU
    ABO_BIBLIOTHEQUE FESTIVAL_LIVRE LIVRE_AUDIO_PHYSIQUE
    ABO_MUSEE CARTE_MUSEE EVENEMENT_PATRIMOINE VISITE VISITE_GUIDEE
    FESTIVAL_ART_VISUEL CARTE_JEUNES
    SUPPORT_PHYSIQUE_MUSIQUE SUPPORT_PHYSIQUE_MUSIQUE_CD SUPPORT_PHYSIQUE_MUSIQUE_VINYLE
    ABO_CONCERT CONCERT EVENEMENT_MUSIQUE FESTIVAL_MUSIQUE LIVESTREAM_MUSIQUE
    ABO_PRATIQUE_ART ATELIER_PRATIQUE_ART LIVESTREAM_PRATIQUE_ARTISTIQUE SEANCE_ESSAI_PRATIQUE_ART
    ABO_SPECTACLE FESTIVAL_SPECTACLE LIVESTREAM_EVENEMENT SPECTACLE_REPRESENTATION
    """
)
"""Live streams are here in every edition: the rule of 2018 was about on-line *things*."""

_DISTANCE_SELLING: Final = _names(
    "CINE_VENTE_DISTANCE MUSEE_VENTE_DISTANCE PRATIQUE_ART_VENTE_DISTANCE SPECTACLE_VENTE_DISTANCE"
)
_PAPER_BOOKS: Final = frozenset({"LIVRE_PAPIER"})
_EBOOKS: Final = frozenset({"LIVRE_NUMERIQUE", "ABO_LIVRE_NUMERIQUE"})

_NOT_REIMBURSED: Final = _names(
    """
    RENCONTRE_EN_LIGNE
    ABO_PLATEFORME_VIDEO AUTRE_SUPPORT_NUMERIQUE VOD
    ABO_JEU_VIDEO JEU_EN_LIGNE
    TELECHARGEMENT_LIVRE_AUDIO
    ABO_PRESSE_EN_LIGNE APP_CULTURELLE PODCAST
    VISITE_VIRTUELLE
    ABO_PLATEFORME_MUSIQUE CAPTATION_MUSIQUE TELECHARGEMENT_MUSIQUE
    PLATEFORME_PRATIQUE_ARTISTIQUE
    SPECTACLE_ENREGISTRE
    ACTIVATION_EVENT ACTIVATION_THING JEU_SUPPORT_PHYSIQUE OEUVRE_ART
    """
)

SUBCATEGORIES: Final = _STANDARD | _DISTANCE_SELLING | _PAPER_BOOKS | _EBOOKS | _NOT_REIMBURSED
"""Every sub-category finance can price."""


def _families(*, standard: frozenset[str], book: frozenset[str]) -> Mapping[str, Family]:
    return {
        subcategory: Family.STANDARD
        if subcategory in standard
        else Family.BOOK
        if subcategory in book
        else Family.NOT_REIMBURSED
        for subcategory in sorted(SUBCATEGORIES)
    }


FAMILIES: Final = DatedTable(
    name="family of the barème by sub-category",
    keyed_by="date of use",
    rows=(
        row(
            BEGINNING,
            _families(standard=_STANDARD, book=_PAPER_BOOKS),
            source="domain.md §5.2 (2018-08: physical 100 %, online 0 %)",
            note="e-books were announced as reimbursed from the start (S0); the code waited for 2019-03",
        ),
        row(
            midnight("Europe/Paris", 2019, 3, 27),
            _families(standard=_STANDARD, book=_PAPER_BOOKS | _EBOOKS),
            source="domain.md §5.2 (2019-03-27: e-books reimbursed)",
        ),
        row(
            midnight("Europe/Paris", 2021, 9, 28),
            _families(standard=_STANDARD | _DISTANCE_SELLING, book=_PAPER_BOOKS | _EBOOKS),
            source="domain.md §5.2 (2021-09-28: distance-selling museum and cinema tickets)",
        ),
    ),
)


def family(subcategory_id: str, used_at: datetime) -> Family:
    """Family of a sub-category for a booking used at `used_at` (aware).

    Raises UnknownSubcategory rather than paying by a guess.
    """
    try:
        return FAMILIES.at(used_at)[subcategory_id]
    except KeyError:
        raise UnknownSubcategory(subcategory_id) from None
