import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog.domain.refusals.venue import AmbiguousTown, PositionRequired, TownNotThere, UnknownTown
from catalog.domain.towns import Town, comparable, find_town, towns_beginning_with
from chassis.departments import department_of


@pytest.mark.parametrize(
    ("city", "postal_code", "name", "department"),
    [
        ("Brest", "29200", "Brest", "29"),
        ("  brest ", "29200", "Brest", "29"),
        ("PARIS 11E", "75011", "Paris", "75"),
        ("Lyon 3ème arrondissement", "69003", "Lyon", "69"),
        ("Nantes CEDEX 1", "44000", "Nantes", "44"),
        ("St Denis", "93200", "Saint-Denis", "93"),
        ("Saint-Denis", "97400", "Saint-Denis", "974"),
        ("L’Haÿ les Roses", "94240", "L'Haÿ-les-Roses", "94"),
        ("Bastia", "20200", "Bastia", "2B"),
        ("Nouméa", "98800", "Nouméa", "988"),
        ("Ste Foy lès Lyon", "69110", "Sainte-Foy-lès-Lyon", "69"),
        ("Vandoeuvre les Nancy", "54500", "Vandœuvre-lès-Nancy", "54"),
        ("VANDŒUVRE-LÈS-NANCY", "54500", "Vandœuvre-lès-Nancy", "54"),
        # Communes that GeoNames knows by another name, in English or from before they merged.
        ("Dunkerque", "59140", "Dunkerque", "59"),
        ("Évry-Courcouronnes", "91000", "Évry-Courcouronnes", "91"),
        ("Cherbourg-en-Cotentin", "50100", "Cherbourg-en-Cotentin", "50"),
        ("Ancenis", "44150", "Ancenis-Saint-Géréon", "44"),
        ("Évry", "91000", "Évry-Courcouronnes", "91"),
        ("Tourlaville", "50110", "Cherbourg-en-Cotentin", "50"),
        ("Saint-Barthélemy", "97133", "Saint-Barthélemy", "977"),
        ("Saint-Martin", "97150", "Saint-Martin", "978"),
    ],
)
def test_towns_are_found_as_people_write_them(city, postal_code, name, department):
    town = find_town(city, postal_code)
    assert isinstance(town, Town)
    assert (town.name, town.department) == (name, department)


@pytest.mark.parametrize(
    ("city", "postal_code", "latitude", "longitude"),
    [
        ("Mérignac", "33700", 44.84, -0.65),
        ("Beaumont", "63110", 45.75, 3.08),
        ("Amilly", "45200", 47.97, 2.77),
        ("Amilly", "28300", 48.44, 1.39),
        ("Paris", "75011", 48.85, 2.35),
        ("Mulhouse", "68100", 47.75, 7.33),
        ("Saint-Martin", "97150", 18.1, -63.05),
    ],
)
def test_namesakes_lie_where_their_postal_code_is(city, postal_code, latitude, longitude):
    town = find_town(city, postal_code)
    assert isinstance(town, Town)
    assert town.position == pytest.approx((latitude, longitude), abs=0.01)


@pytest.mark.parametrize(
    ("city", "postal_code"), [("Mérignac", "16200"), ("Mérignac", "17210"), ("Beaumont", "07110")]
)
def test_a_namesake_that_is_not_known_to_lie_anywhere_asks_for_a_position(city, postal_code):
    assert find_town(city, postal_code) == PositionRequired(city, postal_code)


@pytest.mark.parametrize(("city", "postal_code"), [("Nulle Part", "29999"), ("Brest", "75999")])
def test_what_is_not_in_the_table(city, postal_code):
    assert find_town(city, postal_code) == UnknownTown(city, postal_code)


@pytest.mark.parametrize(
    ("city", "postal_code"), [("Brest", "75001"), ("Bordeaux", "16200"), ("Lyon", "42000")]
)
def test_a_postal_code_of_others_says_whose_it_is(city, postal_code):
    refusal = find_town(city, postal_code)
    assert isinstance(refusal, TownNotThere)
    assert refusal.choices


@pytest.mark.parametrize(
    ("city", "postal_code", "name"),
    [("Brest", "29208", "Brest"), ("Lyon", "69000", "Lyon"), ("Paris", "75000", "Paris")],
)
def test_a_postal_code_of_no_commune_leads_to_the_only_one_of_that_name_in_the_department(
    city, postal_code, name
):
    town = find_town(city, postal_code)
    assert isinstance(town, Town)
    assert town.name == name


@pytest.mark.parametrize(
    ("city", "postal_code", "choices"),
    [
        ("Achiet", "62121", ("Achiet-le-Grand (62121)", "Achiet-le-Petit (62121)")),
        ("Vouthon", "55130", ("Vouthon-Bas (55130)", "Vouthon-Haut (55130)")),
        ("Villers", "62690", ("Villers-Brûlin (62690)", "Villers-Châtel (62690)")),
    ],
)
def test_what_may_be_several_asks(city, postal_code, choices):
    refusal = find_town(city, postal_code)
    assert isinstance(refusal, AmbiguousTown)
    assert set(refusal.choices) == set(choices)


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


SAINTS = st.sampled_from(towns_beginning_with("sa", 2000))
"""Names that many communes share."""


@given(SAINTS, SAINTS, st.integers(0, 999), st.booleans())
def test_no_postal_code_gives_a_place_in_another_department(town, other, number, is_near):
    # Of Corsica and overseas, two digits are of more than one department.
    beginning = (town if is_near else other).postal_codes[0][:2]
    postal_code = f"{beginning}{number:03}"
    found = find_town(town.name, postal_code)
    assume(isinstance(found, Town))
    assert isinstance(found, Town)
    assert department_of(postal_code) in {department_of(code) for code in found.postal_codes}
