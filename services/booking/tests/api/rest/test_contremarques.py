"""`GET /v2/bookings/token/{token}`: what a till is told, to whom, and in which order it is refused."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from booking.main import SERVICE
from booking_support.world import NOW, World
from chassis.auth import Principal
from chassis.clock import TRAVEL_HEADER, iso
from chassis.ids import new_id
from chassis.public_numbers import dehumanize
from chassis.testing import OpenRuntime, OpenSubgraph, SubgraphClient, principal, token_for

pytestmark = pytest.mark.servers

FIRM = NOW + timedelta(hours=48)


@pytest.fixture
def pro(world: World) -> Principal:
    return principal("pro", structures=(world.structure_id,))


async def check(
    subgraph: SubgraphClient, token: str, by: Principal | None, at: datetime = FIRM, **headers: str
) -> httpx.Response:
    sent = {TRAVEL_HEADER: iso(at) or "", **headers}
    if by is not None:
        sent["authorization"] = f"Bearer {token_for(by)}"
    return await subgraph.http.get(f"/v2/bookings/token/{token}", headers=sent)


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_till_is_told_who_comes_and_for_what(
    world: World, subgraph: SubgraphClient, pro: Principal
) -> None:
    stock = await world.stock(await world.offer(number=20_000))
    record = await world.booked(await world.person(), stock, quantity=2)
    answer = await check(subgraph, record.token, pro)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    number = (await world.one("SELECT number FROM bookings WHERE id = :id", id=record.id)).number
    assert dehumanize(told.pop("bookingId")) == number >= 1
    assert told == {
        "dateOfBirth": "2008-05-01",
        "datetime": "2026-12-20T20:00:00Z",
        "ean13": None,
        "email": record.email,
        "formula": None,
        "isUsed": False,
        "offerId": 20_000,
        "publicOfferId": "JYQA",
        "offerName": "Concert de Miossec",
        "offerType": "EVENEMENT",
        "phoneNumber": "+33612345678",
        "price": 10.0,
        "priceCategoryLabel": "Plein tarif",
        "quantity": 2,
        "theater": "",
        "userName": "Léa Martin",
        "firstName": "Léa",
        "lastName": "Martin",
        "venueAddress": "17 avenue Clemenceau",
        "venueDepartmentCode": "29",
        "venueName": "Le Vauban",
    }


@pytest.mark.parametrize(
    ("subcategory_id", "formula"),
    [("LIVRE_PAPIER", None), ("CARTE_CINE_ILLIMITE", "ABO"), ("CARTE_CINE_MULTISEANCES", "ABO")],
)
async def test_a_good_has_no_instant_and_a_card_of_a_cinema_a_formula(
    subcategory_id: str, formula: str | None, world: World, subgraph: SubgraphClient, pro: Principal
) -> None:
    offer = await world.offer(subcategory_id, is_duo=False, isbn="9782070360024")
    stock = await world.stock(offer, starts_at=None, booking_limit_at=None, price_label=None, price_cents=790)
    record = await world.booked(await world.person(), stock)
    told = (await check(subgraph, record.token.lower(), pro, NOW)).json()
    assert (told["datetime"], told["formula"], told["price"]) == ("", formula, 7.9)
    assert (told["ean13"], told["priceCategoryLabel"]) == ("9782070360024", None)
    assert (told["offerId"], told["publicOfferId"]) == (None, None), "the catalogue has not told it"


async def test_a_showing_of_a_film_is_a_place(world: World, subgraph: SubgraphClient, pro: Principal) -> None:
    record = await world.booked(await world.person(), await world.stock(await world.offer("SEANCE_CINE")))
    assert (await check(subgraph, record.token, pro)).json()["formula"] == "PLACE"


async def test_checking_changes_nothing_and_gives_the_same_number_again(
    world: World, subgraph: SubgraphClient, pro: Principal
) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    await world.one("UPDATE bookings SET number = NULL WHERE id = :id RETURNING id", id=record.id)
    first = (await check(subgraph, record.token, pro)).json()
    assert (await check(subgraph, record.token, pro)).json() == first
    row = await world.one("SELECT status, version FROM bookings WHERE id = :id", id=record.id)
    assert tuple(row) == ("CONFIRMED", 1)


async def test_U05_unknown_and_somebody_elses_look_the_same(
    world: World, subgraph: SubgraphClient, pro: Principal
) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    await world.validate(record.token, now=FIRM)
    stranger = principal("pro", structures=(new_id(),))
    trace = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    answers = [
        await check(subgraph, record.token, stranger, **trace),
        await check(subgraph, "ZZZZZZ", pro, **trace),
        await check(subgraph, "pas-un-code", pro, **trace),
        await check(subgraph, "%00", pro, **trace),
    ]
    assert {said(answer) for answer in answers} == {(404, "CONTREMARQUE_NOT_FOUND")}
    assert len({answer.text for answer in answers}) == 1


async def test_who_is_no_pro_or_of_the_team_is_forbidden_and_nobody_unauthenticated(
    world: World, subgraph: SubgraphClient
) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    young = principal("beneficiary", person_id=record.person_id, structures=(world.structure_id,))
    assert said(await check(subgraph, record.token, young)) == (403, "FORBIDDEN")
    staff = principal("pro", "admin", structures=(world.structure_id,))
    assert said(await check(subgraph, record.token, staff)) == (403, "FORBIDDEN")
    assert said(await check(subgraph, record.token, None)) == (401, "UNAUTHENTICATED")


async def test_the_first_reason_is_the_one_that_is_told(
    world: World, subgraph: SubgraphClient, pro: Principal
) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    early = await check(subgraph, record.token, pro, NOW)
    assert said(early) == (403, "NOT_USABLE_YET")
    assert early.json()["facts"] == {"usableFrom": "2026-11-24T10:00:00Z", "timezone": "Europe/Paris"}
    assert early.json()["booking"] == [early.json()["detail"]]

    await world.validate(record.token, now=FIRM)
    assert said(await check(subgraph, record.token, pro)) == (410, "ALREADY_USED")
    await _pay(world, record.id)
    paid = await check(subgraph, record.token, pro)
    assert said(paid) == (403, "REIMBURSEMENT_STARTED")
    assert paid.json()["payment"] == [paid.json()["detail"]]


async def test_a_closed_structure_validates_nothing_more(
    world: World, subgraph: SubgraphClient, pro: Principal
) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    await world.venue(structure_status="closed")
    assert said(await check(subgraph, record.token, pro)) == (403, "STRUCTURE_CLOSED")


async def test_a_cancelled_one_was_gone_in_2018_and_is_forbidden_today(
    world: World, subgraph: SubgraphClient, pro: Principal
) -> None:
    stock = await world.event_stock()
    record = await world.booked(await world.person(), stock)
    await world.one(
        "UPDATE bookings SET status = 'CANCELLED', cancelled_at = now() WHERE id = :id RETURNING id",
        id=record.id,
    )
    assert said(await check(subgraph, record.token, pro)) == (403, "CANCELLED_BOOKING")
    in_2018 = datetime(2018, 12, 1, tzinfo=UTC)
    assert said(await check(subgraph, record.token, pro, in_2018)) == (410, "CANCELLED_BOOKING")


async def test_tries_are_counted_with_those_of_the_graphql_guichet(
    open_runtime: OpenRuntime, open_subgraph: OpenSubgraph
) -> None:
    runtime = await open_runtime(SERVICE, guichet_attempts_per_minute=2)
    subgraph, pro = await open_subgraph(SERVICE, runtime), principal("pro")
    assert (await check(subgraph, "ZZZZZZ", pro)).status_code == 404
    await subgraph.data('{ contremarque(code: "ZZZZZZ") { obstacle { code } } }', by=pro)
    answer = await check(subgraph, "ZZZZZZ", pro)
    assert said(answer) == (429, "TOO_MANY_REQUESTS")
    assert answer.headers["retry-after"] == "60"


async def _pay(world: World, booking_id: UUID) -> None:
    payment: Mapping[str, object] = {
        "id": new_id(),
        "booking_id": booking_id,
        "structure_id": world.structure_id,
    }
    await world.tell("finance.reimbursement.v1", **payment, status="processed", paid_at=None)
