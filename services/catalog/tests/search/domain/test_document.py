"""What an offer becomes in the index (domain.md §3.7)."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from search.domain.document import document, prices_cents, starts
from search.domain.geography import CENTRE_OF_FRANCE
from search.domain.instants import microseconds


def test_prices_and_starts_are_distinct_and_sorted(given: SimpleNamespace) -> None:
    later = given.now + timedelta(days=9)
    found = given.document(
        stocks=[
            {"price_cents": 2000},
            {"price_cents": 500, "starts_at": later},
            {"price_cents": 2000, "starts_at": later},
        ]
    )

    assert prices_cents(found.slots) == [500, 2000]
    assert starts(found.slots) == [given.now + timedelta(days=7), later]


def test_the_document_lapses_with_its_last_stock_and_says_when_the_first_goes(given: SimpleNamespace) -> None:
    first, last = given.now + timedelta(days=1), given.now + timedelta(days=5)
    found = given.document(stocks=[{"booking_limit_at": last}, {"booking_limit_at": first}])

    assert (found.next_lapse_us, found.lapses_us) == (microseconds(first), microseconds(last))


def test_a_stock_without_start_or_limit_never_lapses(given: SimpleNamespace) -> None:
    found = given.document(
        subcategory_id="LIVRE_PAPIER", stocks=[{"starts_at": None, "booking_limit_at": None}]
    )

    assert found.lapses_us is None
    assert found.next_lapse_us is None


def test_lapsed_stocks_are_left_out_and_an_offer_without_any_other_has_no_document(
    given: SimpleNamespace,
) -> None:
    facts = given.venue(), given.offer(), [given.stock(booking_limit_at=given.now)]

    assert document(*facts, horizon=given.now) is None
    assert document(*facts, horizon=given.now - timedelta(seconds=1)) is not None
    assert document(*facts, horizon=None) is not None


def test_e93_a_digital_offer_is_put_at_the_centre_of_france_and_is_near_nobody(
    given: SimpleNamespace,
) -> None:
    found = given.document(is_digital=True)

    assert found.map_position == CENTRE_OF_FRANCE
    assert (CENTRE_OF_FRANCE.latitude, CENTRE_OF_FRANCE.longitude) == (47.158459, 2.409289)
    assert found.position is None


def test_times_of_day_are_those_on_the_wall_of_the_venue(given: SimpleNamespace) -> None:
    start = datetime(2026, 12, 1, 19, 30, tzinfo=UTC)
    at_paris = given.document(stocks=[{"starts_at": start}])
    at_noumea = given.document(at={"timezone": "Pacific/Noumea"}, stocks=[{"starts_at": start}])
    unknown = given.document(at={"timezone": "Mars/Olympus"}, stocks=[{"starts_at": start}])

    assert at_paris.slots[0].local_seconds == (20 * 60 + 30) * 60
    assert at_noumea.slots[0].local_seconds == (6 * 60 + 30) * 60
    assert unknown.slots == at_paris.slots


def test_an_offer_without_product_stands_for_itself(given: SimpleNamespace) -> None:
    assert given.document("one").product_key == "one"
    assert given.document("one", product_key="9782070584628").product_key == "9782070584628"


def test_a_subcategory_unknown_yet_is_shown_without_group(given: SimpleNamespace) -> None:
    found = given.document(subcategory_id="HOLOGRAMME")

    assert (found.search_group, found.is_event) == (None, False)


def test_a_hit_is_read_by_the_clock_of_its_venue(given: SimpleNamespace) -> None:
    zones = {"Indian/Reunion": "Indian/Reunion", "Pacific/Noumea": "Pacific/Noumea", None: "Europe/Paris"}
    for published, shown in {**zones, "Mars/Olympus": "Europe/Paris"}.items():
        assert given.document(at={"timezone": published}).timezone == shown
