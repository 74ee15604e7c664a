"""The engine on a real index, next to reading every document one by one."""

import random
import unicodedata
from dataclasses import replace
from datetime import time, timedelta
from math import inf
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from search.domain.document import Document
from search.domain.geography import Position, distance_km
from search.domain.hits import Hit
from search.domain.matching import SlotMatcher
from search.domain.query import Filters, Hours, Near, SearchQuery, Sort
from search.engine.interface import Change
from search.engine.tantivy_engine import IndexInUse, TantivyEngine


def _everything(engine: TantivyEngine, query: SearchQuery) -> list[Hit]:
    hits: list[Hit] = []
    while True:
        page = engine.search(replace(query, limit=37, after=hits[-1].place if hits else None))
        hits.extend(page.hits)
        if not page.has_more:
            return hits


def _everything_from_the_end(engine: TantivyEngine, query: SearchQuery) -> list[Hit]:
    hits: list[Hit] = []
    while True:
        page = engine.search(replace(query, limit=37, from_end=True, before=hits[0].place if hits else None))
        hits[:0] = page.hits
        if not page.has_more:
            return hits


def _answers(found: Document, query: SearchQuery) -> bool:
    """The verdict in plain words, without any index."""
    filters, near = query.filters, query.near
    facets = filters.subcategories | filters.search_groups
    kinds = {"event" if found.is_event else "thing", *(["online"] if found.is_digital else [])}
    if facets and found.subcategory_id not in facets and found.search_group not in facets:
        return False
    if (filters.kinds and not filters.kinds & kinds) or (filters.duo and not found.is_duo):
        return False
    if found.is_digital and not filters.digital:
        return False
    if near is not None and near.radius_km is not None and not found.is_digital:
        away = distance_km(near.position, found.position) if found.position else inf
        if away > near.radius_km:
            return False
    return bool(SlotMatcher(query)(found.opens_us, found.slots))


def _random_query(chance: random.Random, given: SimpleNamespace) -> SearchQuery:
    def maybe(value: object, odds: float = 0.3) -> object:
        return value if chance.random() < odds else None

    begin = given.now + timedelta(hours=chance.randrange(24 * 20))
    low = maybe(chance.choice([0, 500, 990]))
    filters = Filters(
        subcategories=frozenset(maybe(["CONCERT"]) or []),
        search_groups=frozenset(maybe(["LIVRE", "CINEMA"]) or []),
        online=bool(maybe(True)),
        events=bool(maybe(True)),
        things=bool(maybe(True)),
        duo=bool(maybe(True)),
        min_price_cents=low,
        max_price_cents=maybe(chance.choice([990, 1500])),
        dates_from=maybe(begin),
        dates_until=maybe(begin + timedelta(days=chance.choice([1, 5, 100]))),
        hours=maybe(Hours(time(chance.randrange(24)), time(chance.randrange(24)))),
        newest=bool(maybe(True, 0.15)),
        digital=not maybe(True),
    )
    place = chance.choice(list(given.towns.values()))
    near = Near(place, chance.choice([0, 3.0, 20.0, 100.0, 3000.0, None])) if chance.random() < 0.7 else None
    sorts = [Sort.RELEVANCE, Sort.PRICE, Sort.DATE, *([Sort.DISTANCE] if near else [])]
    return SearchQuery(given.now, near=near, filters=filters, sort=chance.choice(sorts))


SEEDS = range(60)


def test_the_random_queries_do_find_something(given: SimpleNamespace, filled: SimpleNamespace) -> None:
    queries = [_random_query(random.Random(seed), given) for seed in SEEDS]
    found = [sum(_answers(document, query) for document in filled.documents) for query in queries]

    assert sum(count > 0 for count in found) > len(SEEDS) // 2


@pytest.mark.parametrize("seed", SEEDS)
def test_any_filters_find_exactly_what_reading_everything_finds(
    given: SimpleNamespace, filled: SimpleNamespace, seed: int
) -> None:
    query = _random_query(random.Random(seed), given)
    by_id = {found.offer_id: found for found in filled.documents}
    expected = [found for found in filled.documents if _answers(found, query)]

    hits = _everything(filled.engine, query)

    assert {by_id[hit.offer_id].product_key for hit in hits} == {found.product_key for found in expected}
    assert {hit.offer_id for hit in hits} <= {found.offer_id for found in expected}
    assert len(hits) == len({by_id[hit.offer_id].product_key for hit in hits}), "one hit per product"


def test_sorted_by_price_date_and_distance(given: SimpleNamespace, filled: SimpleNamespace) -> None:
    near = Near(given.towns["Paris"], None)
    soon = Filters(dates_from=given.now + timedelta(days=9), min_price_cents=500)

    def hits(sort: Sort, **asked: Any) -> list[Hit]:
        return _everything(filled.engine, SearchQuery(given.now, sort=sort, **asked))

    prices = [min(hit.prices_cents) for hit in hits(Sort.PRICE, filters=soon)]
    dates = [hit.dates[0] for hit in hits(Sort.DATE, filters=soon)]
    away = [hit.distance_km for hit in hits(Sort.DISTANCE, near=near)]

    assert prices == sorted(prices)
    assert prices[0] >= 500
    assert dates == sorted(dates)
    located = [distance for distance in away if distance is not None]
    assert located == sorted(located)
    assert away[: len(located)] == located, "offers without a place come last"


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("text", ["", "concert"])
def test_what_comes_and_goes_between_two_pages_repeats_and_hides_nothing(
    given: SimpleNamespace, engine: TantivyEngine, sort: Sort, text: str
) -> None:
    engine.apply([_numbered(given, number) for number in range(40)])
    query = SearchQuery(given.now, text=text, sort=sort, near=Near(Position(47.9, 2.3), None), limit=10)
    first = engine.search(query)
    seen = [hit.offer_id for hit in first.hits]

    newcomers = [
        _numbered(given, number, price_cents=0, starts_at=given.now + timedelta(hours=1))
        for number in range(100, 103)
    ]
    gone = Change(seen[4], None)
    engine.apply([*newcomers, gone])
    page = first
    while page.has_more:
        page = engine.search(replace(query, after=page.hits[-1].place))
        seen += [hit.offer_id for hit in page.hits]

    assert len(seen) == len(set(seen)), "nothing twice"
    assert {str(number) for number in range(40)} <= set(seen), "nothing hidden"


def _numbered(given: SimpleNamespace, number: int, **of: Any) -> Change:
    """A concert like forty others, told apart by price, day and place."""
    starts = given.now + timedelta(days=1 + number % 5)
    stock = {"price_cents": 500 + 100 * (number % 7), "starts_at": starts, "booking_limit_at": starts}
    place = {"position": Position(48.0 + number / 100, 2.3)}
    made = given.document(f"{number}", at=place, stocks=[stock | of], name=f"Concert numéro {number}")
    return Change(f"{number}", made)


@pytest.mark.parametrize("seed", SEEDS)
def test_from_the_end_are_the_same_hits_in_the_same_order(
    given: SimpleNamespace, filled: SimpleNamespace, seed: int
) -> None:
    chance = random.Random(seed)
    query = replace(_random_query(chance, given), text=chance.choice(["", "concert", "le", "jaz"]))

    hits = _everything(filled.engine, query)

    assert _everything_from_the_end(filled.engine, query) == hits
    if len(hits) < 3:
        return
    first, last = sorted(chance.sample(range(len(hits)), 2))
    size = chance.randrange(1, 12)
    between = replace(query, after=hits[first].place, before=hits[last].place, limit=size)
    within = hits[first + 1 : last]
    for from_end, wanted in ((False, within[:size]), (True, within[-size:])):
        page = filled.engine.search(replace(between, from_end=from_end))
        assert (page.hits, page.has_more) == (wanted, len(within) > size)


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("text", ["", "concert"])
def test_what_comes_and_goes_repeats_and_hides_nothing_on_the_way_back_either(
    given: SimpleNamespace, engine: TantivyEngine, sort: Sort, text: str
) -> None:
    engine.apply([_numbered(given, number) for number in range(40)])
    query = SearchQuery(
        given.now, text=text, sort=sort, near=Near(Position(47.9, 2.3), None), limit=10, from_end=True
    )
    page = engine.search(query)
    seen = [hit.offer_id for hit in page.hits]

    newcomers = [_numbered(given, number, price_cents=900_00) for number in range(100, 103)]
    bound = page.hits[0]
    engine.apply([*newcomers, Change(bound.offer_id, None)])  # the very hit that the cursor names is gone
    while page.has_more:
        page = engine.search(replace(query, before=page.hits[0].place))
        seen += [hit.offer_id for hit in page.hits]

    assert len(seen) == len(set(seen)), "nothing twice"
    assert {str(number) for number in range(40)} <= set(seen), "nothing hidden"


def test_the_hit_that_a_page_begins_behind_is_not_on_it_though_it_has_moved(
    given: SimpleNamespace, engine: TantivyEngine
) -> None:
    engine.apply(
        [Change(f"{n}", given.document(f"{n}", stocks=[{"price_cents": 100 * n}])) for n in range(9)]
    )
    query = SearchQuery(given.now, sort=Sort.PRICE)
    bound = engine.search(query).hits[5]
    engine.apply([Change("5", given.document("5", stocks=[{"price_cents": 50}]))])

    before = engine.search(replace(query, before=bound.place, from_end=True))
    after = engine.search(replace(query, after=bound.place))

    assert [hit.offer_id for hit in before.hits] == ["0", "1", "2", "3", "4"]
    assert [hit.offer_id for hit in after.hits] == ["6", "7", "8"]


def test_from_the_end_the_thousandth_hit_is_the_last(given: SimpleNamespace, engine: TantivyEngine) -> None:
    engine.apply([Change(f"{n}", given.document(f"{n}", ranking_weight=n % 7)) for n in range(1_050)])
    query = SearchQuery(given.now)

    page = engine.search(replace(query, limit=10, from_end=True))

    assert list(page.hits) == _everything(engine, query)[-10:]
    assert page.has_more


@pytest.mark.parametrize("sort", [Sort.PRICE, Sort.DATE])
def test_a_thousand_equals_are_paged_through_without_gap(
    given: SimpleNamespace, engine: TantivyEngine, sort: Sort
) -> None:
    engine.apply([Change(f"{n}", given.document(f"{n}", stocks=[{"price_cents": 0}])) for n in range(999)])

    hits = _everything(engine, SearchQuery(given.now, sort=sort))

    assert len({hit.offer_id for hit in hits}) == len(hits) == 999


def test_the_nearest_shop_stands_for_its_product(given: SimpleNamespace, engine: TantivyEngine) -> None:
    book = {"product_key": "9782070584628", "subcategory_id": "LIVRE_PAPIER"}
    engine.apply(
        [
            Change(name, given.document(name, at={"position": place, "city": name}, **book))
            for name, place in given.towns.items()
        ]
    )

    for sort in (Sort.DISTANCE, Sort.RELEVANCE):
        query = SearchQuery(given.now, near=Near(given.towns["Lyon"], None), sort=sort)
        assert [hit.city for hit in engine.search(query).hits] == ["Lyon"]


def _titled(given: SimpleNamespace, engine: TantivyEngine, *titles: str, **more: str) -> None:
    engine.apply([Change(title, given.document(title, name=title, **more)) for title in titles])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("été", "L'Été des concerts"),
        ("l’ete", "L'Été des concerts"),
        ("concerts", "Concert de jazz"),
        ("cheval", "Chevaux sauvages"),
        ("coeur", "Cœur de pierre"),
        ("theatre", "Le théâtre et la nuit"),
        ("théâtre de la nuit", "Le théâtre et la nuit"),
        ("pott", "Harry Potter, tome 3"),
        ("harry pottre", "Harry Potter, tome 3"),
        ("atellier", "Atelier de poterie"),
        ("sauvgaess", "Chevaux sauvages"),
        ("histoire naturelle", "Une histoire du cinéma"),
        ("petit bain", "Concert de jazz"),
    ],
)
def test_people_find_what_they_mean(
    given: SimpleNamespace, filled: SimpleNamespace, typed: str, found: str
) -> None:
    assert found in [
        hit.name for hit in filled.engine.search(SearchQuery(given.now, text=typed, limit=100)).hits
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        # Accents are folded before stems are made, on both sides.
        ("randonnee", "Sortie: une randonnée en forêt"),
        ("randonnées", "Sortie: une randonnée en forêt"),
        ("RANDONNEES", "Sortie: une randonnée en forêt"),
        ("foret", "Sortie: une randonnée en forêt"),
        # One letter, two code points; and what nobody sees.
        ("épopée", unicodedata.normalize("NFD", "Épopée mystérieuse")),
        (unicodedata.normalize("NFD", "mystérieuse"), "Épopée mystérieuse"),
        ("mysterieuse", unicodedata.normalize("NFD", "Épopée mystérieuse")),
        ("marionnettes", "Mario\u00adnnettes"),
        ("mario\u200bnnettes", "Marionnettes"),
        ("\ufeffmarionnettes", "Marionnettes"),
        # Plurals in -x.
        ("jeu", "Les jeux"),
        ("jeux", "Un jeu"),
        ("bijou", "Bijoux anciens"),
        ("bateau", "Bateaux"),
        ("journaux", "Le journal"),
        ("vœu", "Les vœux"),
        # Apostrophes of all kinds.
        ("l'histoire", "L\u02bchistoire"),
        ("l\u2019histoire", "L'histoire"),
        ("l`histoire", "L\u2032histoire"),
        ("histoire", "l\uff07histoire"),
        # Compounds, together or apart.
        ("weekend", "Un week-end à la mer"),
        ("week end", "Un weekend à la mer"),
        ("week-end", "Un weekend à la mer"),
        ("rendezvous", "Le rendez\u2011vous"),
        ("portemanteau", "Porte-manteau"),
        # Wide letters and ligatures.
        ("ＪＡＺＺ", "Jazz"),
        ("ﬁlm", "Film"),
    ],
)
@pytest.mark.parametrize("where", ["name", "description"])
def test_the_same_words_however_they_are_written(
    given: SimpleNamespace, engine: TantivyEngine, typed: str, found: str, where: str
) -> None:
    written = {"name": found} if where == "name" else {"name": "Sortie", "description": found}
    engine.apply(
        [
            Change("written", given.document("written", **written)),
            Change("other", given.document("other", name="Tout autre chose")),
        ]
    )

    assert [hit.offer_id for hit in engine.search(SearchQuery(given.now, text=typed)).hits] == ["written"]


@pytest.mark.parametrize(
    "typed",
    [
        "978-2-07-036002-4",
        "9782070360024",
        "978 2 07 036002 4",
        "2-07-036002-4",
        "2070360024",
        "ISBN : 2 07 036002 4",
    ],
)
def test_the_number_of_a_book_finds_that_book_alone(
    given: SimpleNamespace, engine: TantivyEngine, typed: str
) -> None:
    engine.apply(
        [
            Change("naruto", given.document("naruto", name="Naruto, tome 4", isbn="9782871294177")),
            Change("stranger", given.document("stranger", name="L'Étranger", isbn="9782070360024")),
        ]
    )

    assert [hit.offer_id for hit in engine.search(SearchQuery(given.now, text=typed)).hits] == ["stranger"]


def test_the_number_of_a_book_that_nobody_offers_finds_nothing(
    given: SimpleNamespace, engine: TantivyEngine
) -> None:
    _titled(given, engine, "Naruto, tome 4")

    assert engine.search(SearchQuery(given.now, text="978-2-07-036002-4")).hits == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("jeu de société", "Jeux de société"),
        ("jeux de société", "Un jeu de société"),
        ("feu d'artifice", "Feux d'artifice"),
        ("société des loups", "La société des loups"),
    ],
)
def test_what_holds_all_the_words_comes_first(
    given: SimpleNamespace, engine: TantivyEngine, typed: str, first: str
) -> None:
    _titled(given, engine, "La société des loups", "Artifices", "La société", first)

    assert engine.search(SearchQuery(given.now, text=typed)).hits[0].name == first


@pytest.mark.parametrize("typed", ["jaz4", "zzzzzz", "tome 4 harry potter concert xyz", "potrie tome 33"])
def test_a_word_too_far_off_finds_nothing_by_itself(
    given: SimpleNamespace, engine: TantivyEngine, typed: str
) -> None:
    _titled(given, engine, "Harry Potter, tome 3")

    hits = engine.search(SearchQuery(given.now, text=typed)).hits

    assert [hit.name for hit in hits] == (["Harry Potter, tome 3"] if "tome" in typed else [])


def test_what_is_spelled_out_comes_before_what_is_guessed(
    given: SimpleNamespace, engine: TantivyEngine
) -> None:
    _titled(given, engine, "Concept", "Concert", "Concertina")

    names = [hit.name for hit in engine.search(SearchQuery(given.now, text="concert")).hits]

    assert names == ["Concert", "Concertina", "Concept"]


def test_the_name_counts_more_than_the_description(given: SimpleNamespace, engine: TantivyEngine) -> None:
    engine.apply(
        [
            Change(
                "described",
                given.document("described", name="Soirée", description="Du jazz, du jazz et encore du jazz"),
            ),
            Change("named", given.document("named", name="Jazz")),
        ]
    )

    assert [hit.offer_id for hit in engine.search(SearchQuery(given.now, text="jazz")).hits] == [
        "named",
        "described",
    ]


def test_stop_words_alone_still_find_a_title(given: SimpleNamespace, engine: TantivyEngine) -> None:
    _titled(given, engine, "Elle et lui", "Harry Potter")

    assert [hit.name for hit in engine.search(SearchQuery(given.now, text="elle et lui")).hits] == [
        "Elle et lui"
    ]


@pytest.mark.parametrize("text", ["", "  ", "!!! ?", "' \" \\ AND OR ( * ~ [ : ^"])
def test_nothing_typed_finds_everything_and_signs_are_no_syntax(
    given: SimpleNamespace, engine: TantivyEngine, text: str
) -> None:
    _titled(given, engine, "AND OR", "Harry Potter")

    assert len(engine.search(SearchQuery(given.now, text=text)).hits) >= 1


def test_deletes_really_delete(given: SimpleNamespace, engine: TantivyEngine) -> None:
    documents = given.catalogue(300)
    engine.apply([Change(found.offer_id, found) for found in documents])
    assert engine.count() == 300

    engine.apply([Change(found.offer_id, None) for found in documents[:120]])

    assert engine.count() == 180
    left = {hit.offer_id for hit in _everything(engine, SearchQuery(given.now))}
    assert not left & {found.offer_id for found in documents[:120]}


def test_a_change_replaces_the_document_however_often_it_is_applied(
    given: SimpleNamespace, engine: TantivyEngine
) -> None:
    engine.apply([Change("offer", given.document(name="Avant"))])
    change = Change("offer", given.document(name="Après"))
    engine.apply([change])
    engine.apply([change, change])

    assert engine.count() == 1
    assert [hit.name for hit in engine.search(SearchQuery(given.now)).hits] == ["Après"]


def test_at_most_a_thousand_hits_and_pages_do_not_overlap(
    given: SimpleNamespace, engine: TantivyEngine
) -> None:
    engine.apply([Change(f"{n}", given.document(f"{n}", ranking_weight=n % 7)) for n in range(1_050)])

    hits = _everything(engine, SearchQuery(given.now))

    assert len(hits) == len({hit.offer_id for hit in hits}) == 1_000


def test_a_best_seller_in_more_shops_than_a_tier_holds_does_not_hide_the_rest(
    given: SimpleNamespace, engine: TantivyEngine
) -> None:
    engine.apply(
        [
            Change(f"{n}", given.document(f"{n}", name="Asterix", product_key="isbn", ranking_weight=9))
            for n in range(1_200)
        ]
    )
    engine.apply([Change("rare", given.document("rare", name="Asterix inédit"))])

    hits = engine.search(SearchQuery(given.now, text="asterix")).hits

    assert {hit.name for hit in hits} == {"Asterix", "Asterix inédit"}


def test_the_index_survives_a_restart_and_keeps_its_generation(
    given: SimpleNamespace, tmp_path: Path
) -> None:
    first = TantivyEngine(tmp_path / "index", writer_bytes=20_000_000)
    first.apply([Change("offer", given.document())])
    generation = first.generation
    with pytest.raises(IndexInUse):
        TantivyEngine(tmp_path / "index")
    first.close()

    again = TantivyEngine(tmp_path / "index", writer_bytes=20_000_000)

    assert (again.count(), again.generation) == (1, generation)
    again.rebuild()
    assert again.count() == 0
    assert again.generation != generation
    again.close()


def test_an_index_that_cannot_be_read_is_begun_anew(given: SimpleNamespace, tmp_path: Path) -> None:
    first = TantivyEngine(tmp_path / "index", writer_bytes=20_000_000)
    first.apply([Change("offer", given.document())])
    generation = first.generation
    first.close()
    (tmp_path / "index" / "meta.json").write_text("torn")

    again = TantivyEngine(tmp_path / "index", writer_bytes=20_000_000)

    assert again.count() == 0
    assert again.generation != generation
    again.close()


def test_offers_found_around_the_date_line(given: SimpleNamespace, engine: TantivyEngine) -> None:
    engine.apply([Change("futuna", given.document("futuna", at={"position": Position(-14.3, -179.9)}))])

    hits = engine.search(
        SearchQuery(given.now, near=Near(Position(-14.3, 179.9), 50), sort=Sort.DISTANCE)
    ).hits

    assert hits[0].distance_km == pytest.approx(21.5, abs=0.2)
