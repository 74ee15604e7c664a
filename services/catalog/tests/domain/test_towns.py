import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.towns import comparable, find_town, towns_beginning_with


@pytest.mark.parametrize(
    ("city", "postal_code", "name", "region"),
    [
        ("Brest", "29200", "Brest", "53"),
        ("  brest ", "29200", "Brest", "53"),
        ("PARIS 11E", "75011", "Paris", "11"),
        ("Lyon 3ème arrondissement", "69003", "Lyon", "84"),
        ("Nantes CEDEX 1", "44000", "Nantes", "52"),
        ("St Denis", "93200", "Saint-Denis", "11"),
        ("Saint-Denis", "97400", "Saint-Denis", "974"),
        ("L’Haÿ les Roses", "94240", "L'Haÿ-les-Roses", "11"),
        ("Bastia", "20200", "Bastia", "94"),
        ("Nouméa", "98800", "Nouméa", "988"),
        ("Ste Foy lès Lyon", "69110", "Sainte-Foy-lès-Lyon", "84"),
        ("Vandoeuvre les Nancy", "54500", "Vandœuvre-lès-Nancy", "44"),
        ("VANDŒUVRE-LÈS-NANCY", "54500", "Vandœuvre-lès-Nancy", "44"),
    ],
)
def test_towns_are_found_as_people_write_them(city, postal_code, name, region):
    town = find_town(city, postal_code)
    assert town is not None
    assert (town.name, town.region) == (name, region)


def test_of_two_with_one_name_the_nearer_to_the_prefecture_is_meant():
    auvergne = find_town("Beaumont", "63110")
    drome = find_town("Beaumont", "26760")
    assert auvergne is not None
    assert drome is not None
    assert auvergne.region == drome.region == "84"
    assert auvergne.longitude < 4 < drome.longitude


def test_a_degree_of_longitude_is_shorter_than_one_of_latitude():
    """Of the two Amilly the one of the Loiret is nearer to Orléans in km, and farther in bare degrees."""
    loiret = find_town("Amilly", "45200")
    assert loiret is not None
    assert (loiret.latitude, loiret.longitude) == (47.9728, 2.7719)
    eure_et_loir = find_town("Amilly", "28300")
    assert eure_et_loir is not None
    assert (eure_et_loir.latitude, eure_et_loir.longitude) == (48.4433, 1.3935)


@pytest.mark.parametrize(
    ("city", "postal_code"), [("Nulle Part", "29200"), ("Brest", "75001"), ("Brest", "99000")]
)
def test_what_is_not_in_the_table(city, postal_code):
    assert find_town(city, postal_code) is None


def test_every_prefecture_is_in_the_table():
    text = files("catalog.domain").joinpath("departments.csv").read_text(encoding="utf-8")
    for line in csv.DictReader(text.splitlines()):
        found = [
            town for town in towns_beginning_with(line["prefecture"], 50) if town.region == line["region"]
        ]
        assert found, line


def test_beginnings_give_the_largest_first():
    assert [town.name for town in towns_beginning_with("Bres", 2)] == ["Brest", "Bressuire"]
    assert towns_beginning_with("b", 5) == []
    assert towns_beginning_with("  ", 5) == []
    assert len(towns_beginning_with("sa", 7)) == 7


def test_the_last_town_of_the_alphabet_is_found():
    assert [town.name for town in towns_beginning_with("zuy", 5)] == ["Zuydcoote"]


@given(st.text(max_size=30))
def test_comparable_names_compare_equal_to_themselves(name):
    assert comparable(comparable(name)) == comparable(name) or any(mark.isdigit() for mark in name)
    assert find_town(name, "29200") is None or comparable(name)
