"""French communes by name and postal code, and where they are: what gives a venue its position when nobody did.

Derived by `scripts/derive_communes.py`: every commune of today with its postal codes (INSEE and La Poste, Licence
Ouverte), what it was formerly, and its position where GeoNames (CC BY 4.0) tells it beyond doubt. The lines are
kept as they are in the file, sorted by comparable name, and read when they are asked for.
"""

import csv
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from catalog.domain.refusals.venue import AmbiguousTown, PositionRequired, TownNotThere, UnknownTown
from chassis.departments import department_of

_ARRONDISSEMENT = re.compile(r" \d+(?: ?(?:er|e|eme))?(?: arrondissement)?$")
_CEDEX = re.compile(r" cedex(?: \d+)?$")
_CHOICES = 12
"""So many communes are named in a refusal at most."""

FindTownRefusal = UnknownTown | TownNotThere | AmbiguousTown | PositionRequired


@dataclass(frozen=True, slots=True)
class Town:
    """A commune. `insee` is its code, `region` INSEE's (the département's overseas); no position: not known."""

    insee: str
    name: str
    department: str
    region: str
    population: int
    position: tuple[float, float] | None
    postal_codes: tuple[str, ...]


def comparable(name: str) -> str:
    """A name without accents, case, hyphens, cedex and arrondissement; `St` is `Saint`."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark))
    words = re.sub(r"[^a-z0-9]+", " ", letters).strip()
    words = re.sub(r"\bst\b", "saint", words)
    words = re.sub(r"\bste\b", "sainte", words)
    return _ARRONDISSEMENT.sub("", _CEDEX.sub("", words))


@cache
def _lines() -> Sequence[str]:
    text = files(__package__).joinpath("communes.csv").read_text(encoding="utf-8")
    return text.splitlines()[1:]


@dataclass(frozen=True, slots=True)
class _Indexes:
    """Numbers of lines: by comparable name of today, by former name, and by postal code."""

    today: Mapping[str, tuple[int, ...]]
    formerly: Mapping[str, tuple[int, ...]]
    by_postal_code: Mapping[str, tuple[int, ...]]
    names: Sequence[str]
    located: "array[int]"
    """The population of each line's commune; -1 when it has no position."""


@cache
def _indexes() -> _Indexes:
    today: dict[str, tuple[int, ...]] = {}
    formerly: dict[str, tuple[int, ...]] = {}
    by_postal_code: dict[str, tuple[int, ...]] = {}
    located = array("i")
    for number, line in enumerate(csv.reader(_lines())):
        key, *_, population, latitude, _, postal_codes, former_keys = line
        located.append(int(population) if latitude else -1)
        today[key] = (*today.get(key, ()), number)
        for index, keys in ((formerly, former_keys.split("|")), (by_postal_code, postal_codes.split())):
            for each in filter(None, keys):
                index[each] = (*index.get(each, ()), number)
    return _Indexes(today, formerly, by_postal_code, list(today), located)


def _town(number: int) -> Town:
    (line,) = csv.reader([_lines()[number]])
    _, insee, name, department, region, population, latitude, longitude, postal_codes, _ = line
    position = (float(latitude), float(longitude)) if latitude else None
    return Town(insee, name, department, region, int(population), position, tuple(postal_codes.split()))


def find_town(city: str, postal_code: str) -> Town | FindTownRefusal:
    """The commune with a known position that a city and a valid postal code mean, or why there is none.

    By a postal code that communes have, one of these is meant, by its name of today, a former one or the
    beginning of it (« Évry » has become Évry-Courcouronnes). By any other (a CEDEX, « 69000 »), the only commune
    of that name in the département. Never one of another département.
    """
    indexes, name = _indexes(), comparable(city)
    sharing = indexes.by_postal_code.get(postal_code)
    found: Sequence[Town] = ()
    for by_name in (indexes.today, indexes.formerly):
        if not found:
            found = [
                town
                for number in by_name.get(name, ())
                if (town := _town(number)) and _is_there(town, number, postal_code, sharing)
            ]
    if not found and sharing is not None and name:
        found = [town for town in map(_town, sharing) if comparable(town.name).startswith(f"{name} ")]
    if not found:
        if sharing is None:
            return UnknownTown(city, postal_code)
        return TownNotThere(city, postal_code, _labels(sorted(map(_town, sharing), key=_largest_first)))
    if len(found) > 1:
        return AmbiguousTown(city, postal_code, _labels(found))
    return found[0] if found[0].position is not None else PositionRequired(found[0].name, postal_code)


def _is_there(town: Town, number: int, postal_code: str, sharing: Sequence[int] | None) -> bool:
    if sharing is not None:
        return number in sharing
    return department_of(postal_code) in map(department_of, town.postal_codes)


def _labels(towns: Sequence[Town]) -> tuple[str, ...]:
    return tuple(f"{town.name} ({town.postal_codes[0]})" for town in towns[:_CHOICES])


def _largest_first(town: Town) -> int:
    return -town.population


def towns_beginning_with(prefix: str, limit: int) -> list[Town]:
    """Communes whose name begins so and whose position is known, the most populated first; two letters at least."""
    beginning = comparable(prefix)
    if len(beginning) < 2:
        return []
    indexes = _indexes()
    found: list[int] = []
    position = bisect_left(indexes.names, beginning)
    while position < len(indexes.names) and indexes.names[position].startswith(beginning):
        found += (number for number in indexes.today[indexes.names[position]] if indexes.located[number] >= 0)
        position += 1
    return [_town(number) for number in sorted(found, key=indexes.located.__getitem__, reverse=True)[:limit]]
