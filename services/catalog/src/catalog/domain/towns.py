"""French towns and where they are: what gives a venue its position when nobody gave one.

Derived from GeoNames (CC BY 4.0) by `scripts/derive_towns.py`: towns of 500 inhabitants and
more. A town is recognised by its name within the region of its postal code; of two with the
same name in one region, the one nearer to the préfecture of the département is meant.
"""

import csv
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import cos, hypot, radians

from catalog.domain.geography import department_of

_ARRONDISSEMENT = re.compile(r" \d+(?: ?(?:er|e|eme))?(?: arrondissement)?$")
_CEDEX = re.compile(r" cedex(?: \d+)?$")


@dataclass(frozen=True, slots=True)
class Town:
    """`region` is its INSEE code, or the département overseas."""

    name: str
    region: str
    latitude: float
    longitude: float
    population: int


@dataclass(frozen=True, slots=True)
class _Department:
    code: str
    region: str
    prefecture: str


def comparable(name: str) -> str:
    """A name without accents, case, hyphens, cedex and arrondissement; `St` is `Saint`."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("œ", "oe"))
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark))
    words = re.sub(r"[^a-z0-9]+", " ", letters).strip()
    words = re.sub(r"\bst\b", "saint", words)
    words = re.sub(r"\bste\b", "sainte", words)
    return _ARRONDISSEMENT.sub("", _CEDEX.sub("", words))


def _lines(name: str) -> Iterator[dict[str, str]]:
    table = files(__package__).joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(table.splitlines())


@cache
def _departments() -> Mapping[str, _Department]:
    return {line["code"]: _Department(**line) for line in _lines("departments.csv")}


@cache
def _towns_by_name() -> Mapping[tuple[str, str], Sequence[Town]]:
    """Towns by region and comparable name; the most populated first."""
    found: dict[tuple[str, str], list[Town]] = {}
    for line in _lines("towns.csv"):
        town = Town(
            line["name"],
            line["region"],
            float(line["latitude"]),
            float(line["longitude"]),
            int(line["population"]),
        )
        found.setdefault((town.region, comparable(town.name)), []).append(town)
    return {key: sorted(towns, key=lambda town: -town.population) for key, towns in found.items()}


@cache
def _by_beginning() -> Sequence[tuple[str, Town]]:
    return sorted(
        ((name, town) for (_, name), towns in _towns_by_name().items() for town in towns),
        key=lambda entry: (entry[0], -entry[1].population),
    )


def find_town(city: str, postal_code: str) -> Town | None:
    """The town meant by a city and a valid postal code, None when the table does not hold it."""
    department = _departments().get(department_of(postal_code))
    if department is None:
        return None
    namesakes = _towns_by_name().get((department.region, comparable(city)), ())
    if len(namesakes) < 2:
        return namesakes[0] if namesakes else None
    seat = _towns_by_name()[department.region, comparable(department.prefecture)][0]
    return min(namesakes, key=lambda town: _distance(town, seat))


def _distance(one: Town, other: Town) -> float:
    """Good enough to compare within a region; in degrees of latitude."""
    middle = radians((one.latitude + other.latitude) / 2)
    return hypot(one.latitude - other.latitude, (one.longitude - other.longitude) * cos(middle))


def towns_beginning_with(prefix: str, limit: int) -> list[Town]:
    """Towns whose name begins so, the most populated first; none for less than two letters."""
    beginning = comparable(prefix)
    if len(beginning) < 2:
        return []
    entries = _by_beginning()
    position = bisect_left(entries, beginning, key=lambda entry: entry[0])
    found = []
    while position < len(entries) and entries[position][0].startswith(beginning):
        found.append(entries[position][1])
        position += 1
    return sorted(found, key=lambda town: -town.population)[:limit]
