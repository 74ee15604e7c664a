"""How offers have been classified over the years (domain.md §3.1, §8)."""

from dataclasses import dataclass

from catalog.domain.subcategories import GONE, LATER, NEWER_LIST, SUBCATEGORIES
from chassis.dated import BEGINNING, DatedTable, midnight, row


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """`families` are what people browse, `entries` what an offer carries."""

    families: tuple[str, ...]
    entries: tuple[str, ...]


_FAMILIES_2018 = (
    "Musées / Patrimoine",
    "Spectacle vivant",
    "Cours / ateliers",
    "Cinéma",
    "Audiovisuel",
    "Musique",
    "Livre",
    "Presse",
    "Jeu / Concours / Tournoi",
    "Dédicaces / Rencontres / Conférences",
)
_EVENT_TYPES_2018 = (
    "event: spectacle vivant",
    "event: musique live",
    "event: cinéma",
    "event: jeux",
    "event: musées-patrimoine",
    "event: conférence",
    "event: pratique artistique",
    "event: activation",
)
_THING_TYPES_2018 = (
    "thing: livre",
    "thing: audiovisuel",
    "thing: musique",
    "thing: jeux vidéo",
    "thing: presse",
    "thing: instrument",
    "thing: cinéma abo",
    "thing: musée abo",
    "thing: pratique abo",
    "thing: jeux",
    "thing: œuvre d'art",
)


def _subcategories(*, without: frozenset[str]) -> Taxonomy:
    kept = [entry for entry in SUBCATEGORIES.values() if entry.id not in without]
    return Taxonomy(tuple(dict.fromkeys(entry.category for entry in kept)), tuple(entry.id for entry in kept))


TAXONOMY = DatedTable(
    name="offer taxonomy",
    keyed_by="instant at which the offer is created",
    rows=(
        row(
            BEGINNING,
            Taxonomy(_FAMILIES_2018, _EVENT_TYPES_2018 + _THING_TYPES_2018),
            source="S0; domain.md §3.1",
        ),
        row(
            midnight("Europe/Paris", 2021, 7, 1),
            _subcategories(without=LATER),
            source="A:core/categories/subcategories.py; domain.md §3.1",
            note="the source gives the month only",
        ),
        row(
            NEWER_LIST,
            _subcategories(without=GONE),
            source="M:core/categories/subcategories.py",
            note="≈ the source gives no day; a remark of this date already speaks of the newer list",
        ),
    ),
)
