"""What is derived from elsewhere is whole: the script that derives it asks a package registry, and is run by hand."""

import csv
from collections import Counter
from importlib.resources import files

from catalog.domain.towns import comparable

LINES = list(csv.DictReader(files("catalog.domain").joinpath("communes.csv").read_text("utf-8").splitlines()))


def test_every_commune_is_there_once_with_its_postal_codes():
    assert len(LINES) > 34_900
    assert max(Counter(line["insee"] for line in LINES).values()) == 1
    assert all(line["postal_codes"] for line in LINES)


def test_lines_are_sorted_by_the_key_under_which_names_are_looked_for():
    keys = [line["key"] for line in LINES]
    assert keys == sorted(keys)
    assert keys == [comparable(line["name"]) for line in LINES]


def test_towns_of_some_size_have_a_position_as_a_rule():
    sizeable = [line for line in LINES if int(line["population"]) >= 2_000]
    assert sum(bool(line["latitude"]) for line in sizeable) / len(sizeable) > 0.95


def test_no_two_communes_lie_at_one_place():
    positions = Counter((line["latitude"], line["longitude"]) for line in LINES if line["latitude"])
    assert max(positions.values()) == 1
