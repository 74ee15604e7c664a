"""The subgraph through its whole HTTP stack: what each kind of person gets."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from booking.api.graphql.access import JudgesViewer
from booking.main import SERVICE
from booking_support.world import NOW, World
from chassis.graphql import print_subgraph
from chassis.ids import new_id
from chassis.testing import SubgraphClient, principal

pytestmark = pytest.mark.servers

BOOKING_FIELDS = (
    *(
        "id",
        "status",
        "quantity",
        "offerName",
        "unitPriceCents",
        "totalCents",
        "createdAt",
        "startsAt",
        "usedAt",
    ),
    *(
        "cancelledAt",
        "cancellableUntil",
        "contremarque",
        "qrCode",
        "accessUrl",
        "stateShown",
        "isCancellable",
    ),
)

BOOK = """
mutation ($stock: ID!, $quantity: Int! = 1, $key: UUID!) {
  bookOffer(input: {stockId: $stock, quantity: $quantity}, idempotencyKey: $key) {
    __typename
    ... on OfferBooked { booking { ...whole } }
    ... on Refusal { code message }
    ... on InsufficientCredit { missingCents remainingCents }
    ... on SoldOut { remaining }
  }
}
"""
WHOLE = """
fragment whole on Booking {
  id contremarque qrCode status quantity offerName unitPriceCents totalCents createdAt startsAt usedAt
  cancellableUntil isCancellable stateShown accessUrl offer { id } stock { id remaining isBookable }
  beneficiary { firstName lastName email phone }
}
"""


def _fields_of(schema, name: str) -> list[str]:
    definition = schema.get_type_by_name(name)
    return [schema.config.name_converter.get_graphql_name(field) for field in definition.fields]


async def book(subgraph: SubgraphClient, by, stock, **more):
    variables = {"stock": str(stock), "key": str(new_id()), **more}
    return (await subgraph.data(BOOK + WHOLE, variables, by=by, at=NOW))["bookOffer"]


async def test_a_young_person_books_sees_and_cancels(world: World, subgraph: SubgraphClient) -> None:
    person, stock = await world.person(), await world.event_stock()
    me = principal("beneficiary", person_id=person)
    booked = await book(subgraph, me, stock, quantity=2)
    assert booked["__typename"] == "OfferBooked"
    booking = booked["booking"]
    assert len(booking["contremarque"]) == 6
    shown = await subgraph.http.get(booking["qrCode"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/svg+xml")
    assert (booking["status"], booking["totalCents"], booking["stateShown"]) == (
        "CONFIRMED",
        20_00,
        "réservé",
    )
    assert booking["cancellableUntil"] == "2026-11-24T10:00:00Z"
    assert booking["isCancellable"] is True
    assert booking["stock"] == {"id": str(stock), "remaining": 98, "isBookable": True}

    seen = await subgraph.data(
        "{ wallet { remainingCents grantedCents spentCents digitalRemainingCents expiresAt }"
        " myBookings { edges { node { id } } pageInfo { hasNextPage } } }",
        by=me,
        at=NOW,
    )
    assert seen["wallet"] == {
        "remainingCents": 280_00,
        "grantedCents": 300_00,
        "spentCents": 20_00,
        "digitalRemainingCents": 100_00,
        "expiresAt": "2028-01-01T00:00:00Z",
    }
    assert [edge["node"]["id"] for edge in seen["myBookings"]["edges"]] == [booking["id"]]

    cancel = """mutation ($id: ID!, $key: UUID!) { cancelBooking(bookingId: $id, idempotencyKey: $key) {
        __typename ... on BookingCancelled { booking { status isCancellable } } ... on Refusal { code } } }"""
    variables = {"id": booking["id"], "key": str(new_id())}
    done = (await subgraph.data(cancel, variables, by=me, at=NOW))["cancelBooking"]
    assert done["booking"] == {"status": "CANCELLED", "isCancellable": False}
    variables["key"] = str(new_id())
    again = (await subgraph.data(cancel, variables, by=me, at=NOW))["cancelBooking"]
    assert again == {"__typename": "AlreadyCancelled", "code": "ALREADY_CANCELLED"}


async def test_refusals_say_what_is_missing(world: World, subgraph: SubgraphClient) -> None:
    me = principal("beneficiary", person_id=await world.person(amount_cents=5_00))
    refused = await book(subgraph, me, await world.event_stock())
    assert refused["__typename"] == "InsufficientCredit"
    assert (refused["missingCents"], refused["remainingCents"]) == (5_00, 5_00)
    assert refused["message"] == "Votre crédit est insuffisant : il vous reste 5 €, il manque 5 €."
    assert (await book(subgraph, me, await world.event_stock(quantity=0)))["remaining"] == 0


async def test_a_digital_offer_gives_its_address_to_its_owner_only(
    world: World, subgraph: SubgraphClient
) -> None:
    person = await world.person()
    stock = await world.thing_stock("VOD", url="vod.example/?t={token}&m={email}&o={offerId}")
    booking = (await book(subgraph, principal("beneficiary", person_id=person), stock))["booking"]
    offer = booking["offer"]["id"]
    assert booking["accessUrl"] == (
        f"http://vod.example/?t={booking['contremarque']}&m={person.hex[-6:]}@example.fr&o={offer}"
    )
    pro = principal("pro", structures=(world.structure_id,))
    seen = await subgraph.data(
        "query ($id: ID!) { booking(id: $id) { contremarque qrCode accessUrl } }",
        {"id": booking["id"]},
        by=pro,
    )
    assert seen["booking"] == {"contremarque": "-", "qrCode": None, "accessUrl": None}


async def test_the_guichet(world: World, subgraph: SubgraphClient) -> None:
    me = principal("beneficiary", person_id=await world.person())
    booking = (await book(subgraph, me, await world.event_stock()))["booking"]
    pro, stranger = principal("pro", structures=(world.structure_id,)), principal("pro")
    show = """query ($code: String!) { contremarque(code: $code) { obstacle { code message }
        booking { id offerName quantity beneficiary { firstName lastName } } } }"""
    code = {"code": booking["contremarque"].lower()}
    shown = (await subgraph.data(show, code, by=pro, at=NOW))["contremarque"]
    assert shown["obstacle"]["code"] == "NOT_USABLE_YET"
    assert "24 novembre 2026 à 11 h 00" in shown["obstacle"]["message"]
    assert shown["booking"]["beneficiary"] == {"firstName": "Léa", "lastName": "Martin"}
    late = NOW + timedelta(hours=48)
    shown = (await subgraph.data(show, code, by=pro, at=late))["contremarque"]
    assert shown["obstacle"] is None

    validate = """mutation ($code: String!, $key: UUID!) {
        validateContremarque(code: $code, idempotencyKey: $key) {
            __typename ... on ContremarqueValidated { booking { status usedAt } } ... on Refusal { code } } }"""
    undo = """mutation ($code: String!, $key: UUID!) { undoValidation(code: $code, idempotencyKey: $key) {
            __typename ... on ValidationUndone { booking { status } } ... on Refusal { code } } }"""

    async def act(document: str, who) -> dict:
        data = await subgraph.data(document, {**code, "key": str(new_id())}, by=who, at=late)
        return next(iter(data.values()))

    assert (await act(validate, stranger))["code"] == "CONTREMARQUE_NOT_FOUND"
    assert (await subgraph.data(show, code, by=stranger, at=late))["contremarque"] is None
    assert (await act(validate, pro))["booking"] == {"status": "USED", "usedAt": "2026-11-24T10:00:00Z"}
    assert (await act(validate, pro))["code"] == "ALREADY_USED"
    assert (await act(undo, pro))["booking"]["status"] == "CONFIRMED"
    assert await subgraph.error_code(show, code, by=me) == "FORBIDDEN"
    assert await subgraph.error_code(show, code) == "UNAUTHENTICATED"


@pytest.mark.parametrize("role", ["admin", "finance"])
async def test_the_team_never_stands_at_the_guichet_of_a_structure(
    world: World, subgraph: SubgraphClient, role: str
) -> None:
    """Not even of one that it belongs to."""
    record = await world.booked(await world.person(), await world.thing_stock())
    code = {"code": record.token, "key": str(new_id())}
    show = "query ($code: String!) { contremarque(code: $code) { booking { id } } }"
    act = "mutation ($code: String!, $key: UUID!) { %s(code: $code, idempotencyKey: $key) { __typename } }"
    for roles in ((role,), ("pro", role)):
        who = principal(*roles, structures=(world.structure_id,))
        assert await subgraph.error_code(show, {"code": record.token}, by=who, at=NOW) == "FORBIDDEN"
        for field in ("validateContremarque", "undoValidation"):
            assert await subgraph.error_code(act % field, code, by=who, at=NOW) == "FORBIDDEN"
    cancel = """mutation ($id: ID!, $key: UUID!) { cancelBooking(bookingId: $id, idempotencyKey: $key) {
        __typename } }"""
    variables = {"id": str(record.id), "key": str(new_id())}
    done = await subgraph.data(cancel, variables, by=principal(role), at=NOW)
    assert done["cancelBooking"]["__typename"] == "BookingNotFound"
    assert (await world.one("SELECT status FROM bookings")).status == "CONFIRMED"


async def test_guessing_is_stopped(world: World, subgraph: SubgraphClient) -> None:
    pro = principal("pro", structures=(world.structure_id,))
    show = "query ($code: String!) { contremarque(code: $code) { booking { id } } }"
    for _ in range(world.runtime.settings.guichet_attempts_per_minute):
        assert (await subgraph.data(show, {"code": "AAAAAA"}, by=pro))["contremarque"] is None
    assert await subgraph.error_code(show, {"code": "AAAAAA"}, by=pro) == "TOO_MANY_REQUESTS"


async def test_bookings_are_shown_to_those_they_concern(world: World, subgraph: SubgraphClient) -> None:
    me = principal("beneficiary", person_id=await world.person())
    id_ = (await book(subgraph, me, await world.event_stock()))["booking"]["id"]
    ask = "query ($id: ID!) { booking(id: $id) { id } }"
    theirs = "query ($of: ID!) { structureBookings(structureId: $of) { edges { node { id } } } }"
    entity = """query ($ref: [_Any!]!) { _entities(representations: $ref) {
        ... on Booking { id } ... on Person { wallet { kind } bookings { edges { node { id } } } } } }"""
    reference = {"ref": [{"__typename": "Booking", "id": id_}]}
    person = {"ref": [{"__typename": "Person", "id": str(me.person_id)}]}
    pro, admin, other = (
        principal("pro", structures=(world.structure_id,)),
        principal("admin"),
        principal("pro"),
    )
    for who, visible in ((me, True), (pro, True), (admin, True), (other, False)):
        expected = {"id": id_} if visible else None
        assert (await subgraph.data(ask, {"id": id_}, by=who))["booking"] == expected
        assert (await subgraph.data(entity, reference, by=who))["_entities"] == [expected]
    assert (await subgraph.data(entity, reference))["_entities"] == [None]
    for who, visible in ((me, True), (admin, True), (pro, False), (other, False)):
        seen = (await subgraph.data(entity, person, by=who))["_entities"][0]
        assert (seen["wallet"] is not None, seen["bookings"] is not None) == (visible, visible)

    of = {"of": str(world.structure_id)}
    edges = (await subgraph.data(theirs, of, by=pro))["structureBookings"]["edges"]
    assert [edge["node"]["id"] for edge in edges] == [id_]
    assert await subgraph.error_code(theirs, of, by=other) == "FORBIDDEN"
    assert await subgraph.error_code(theirs, of, by=me) == "FORBIDDEN"


async def test_every_field_judges_its_viewer_whatever_leads_to_it(
    world: World, subgraph: SubgraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entry points that let everybody through: each field of a booking refuses by itself."""
    me = principal("beneficiary", person_id=await world.person())
    id_ = (await book(subgraph, me, await world.event_stock()))["booking"]["id"]
    monkeypatch.setattr("booking.api.graphql.queries.may_see", lambda *_: True)
    fields = {
        **{name: name for name in BOOKING_FIELDS},
        "nodeId": "nodeId",
        "offer": "offer { id }",
        "stock": "stock { id }",
        "beneficiary": "beneficiary { firstName }",
    }
    assert set(fields) == set(_fields_of(SERVICE.schema(True), "Booking"))
    for selection in fields.values():
        ask = f"query ($id: ID!) {{ booking(id: $id) {{ {selection} }} }}"
        assert await subgraph.error_code(ask, {"id": id_}, by=principal("pro")) == "FORBIDDEN", selection
        assert (await subgraph.data(ask, {"id": id_}, by=me))["booking"] is not None


@pytest.mark.parametrize("name", ["Booking", "Beneficiary", "Wallet"])
def test_no_field_of_what_is_private_is_without_a_judge(name: str) -> None:
    definition = SERVICE.schema(True).get_type_by_name(name)
    assert definition.fields
    for field in definition.fields:
        assert any(isinstance(extension, JudgesViewer) for extension in field.extensions), field.name


async def test_the_wallet_comes_back_with_what_changed_it(world: World, subgraph: SubgraphClient) -> None:
    me = principal("beneficiary", person_id=await world.person())
    asked = {"stock": str(await world.event_stock()), "key": str(new_id())}
    document = """mutation ($stock: ID!, $key: UUID!) {
        bookOffer(input: {stockId: $stock}, idempotencyKey: $key) {
            ... on OfferBooked { booking { id } wallet { id remainingCents } } } }"""
    booked = (await subgraph.data(document, asked, by=me, at=NOW))["bookOffer"]
    assert booked["wallet"]["remainingCents"] == 290_00
    cancel = """mutation ($id: ID!, $key: UUID!) { cancelBooking(bookingId: $id, idempotencyKey: $key) {
        ... on BookingCancelled { wallet { id remainingCents } } } }"""
    variables = {"id": booked["booking"]["id"], "key": str(new_id())}
    done = (await subgraph.data(cancel, variables, by=me, at=NOW))["cancelBooking"]
    assert done["wallet"] == {"id": booked["wallet"]["id"], "remainingCents": 300_00}
    assert (await subgraph.data("{ wallet { id } }", by=me))["wallet"]["id"] == done["wallet"]["id"]


async def test_pages_follow_each_other(world: World, subgraph: SubgraphClient) -> None:
    person = await world.person()
    me = principal("beneficiary", person_id=person)
    made = [str((await world.booked(person, await world.event_stock())).id) for _ in range(3)]
    ask = """query ($after: String) { myBookings(first: 2, after: $after) {
        edges { node { id } } pageInfo { hasNextPage endCursor } } }"""
    first = (await subgraph.data(ask, {}, by=me))["myBookings"]
    second = (await subgraph.data(ask, {"after": first["pageInfo"]["endCursor"]}, by=me))["myBookings"]
    assert [edge["node"]["id"] for edge in first["edges"] + second["edges"]] == made[::-1]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


async def test_bad_input_is_named_and_writes_nothing(world: World, subgraph: SubgraphClient) -> None:
    me = principal("beneficiary", person_id=await world.person())
    good, key = str(await world.event_stock()), str(new_id())
    assert await subgraph.error_code(BOOK + WHOLE, {"stock": "7", "key": key}, by=me) == "BAD_INPUT"
    assert await subgraph.error_code(BOOK + WHOLE, {"stock": good, "key": key}) == "UNAUTHENTICATED"
    assert (await book(subgraph, me, good, quantity=-1))["code"] == "WRONG_QUANTITY"
    assert (await book(subgraph, me, good, quantity=2**31 - 1))["code"] == "WRONG_QUANTITY"
    await book(subgraph, me, good, key=key)
    variables = {"stock": str(await world.event_stock()), "key": key}
    assert await subgraph.error_code(BOOK + WHOLE, variables, by=me) == "IDEMPOTENCY_CONFLICT"
    assert (await world.one("SELECT count(*) AS n FROM bookings")).n == 1


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    committed = Path(__file__).parents[3] / "contracts" / "schema.graphql"
    assert committed.read_text(encoding="utf-8") == print_subgraph(SERVICE.schema(True))


@pytest.mark.parametrize("field", ["myBookings", "structureBookings"])
async def test_lists_are_read_in_both_directions(world: World, subgraph: SubgraphClient, field: str) -> None:
    person = await world.person()
    made = [await world.booked(person, await world.event_stock()) for _ in range(5)]
    newest_first = [str(record.id) for record in sorted(made, key=lambda record: record.id, reverse=True)]
    me = principal("beneficiary", person_id=person)
    pro = principal("pro", structures=(world.structure_id,))
    by, whose = (me, "") if field == "myBookings" else (pro, f'structureId: "{world.structure_id}", ')

    async def page(part: str) -> tuple[list[str], dict[str, Any]]:
        ask = f"""{{ {field}({whose}{part}) {{ edges {{ node {{ id }} }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"""
        found = (await subgraph.data(ask, by=by))[field]
        return [edge["node"]["id"] for edge in found["edges"]], found["pageInfo"]

    last, about = await page("last: 2")
    assert last == newest_first[3:]
    assert (about["hasNextPage"], about["hasPreviousPage"]) == (False, True)
    earlier, about = await page(f'last: 2, before: "{about["startCursor"]}"')
    assert earlier == newest_first[1:3]
    first, about = await page(f'first: 5, before: "{about["startCursor"]}"')
    assert first == newest_first[:1]
    rest, _ = await page(f'after: "{about["endCursor"]}"')
    assert rest == newest_first[1:]


BY_NODE = """
query ($of: [_Any!]!) { _entities(representations: $of) { ... on Booking { id } ... on Wallet { id kind } } }
"""


async def test_what_is_found_by_its_id_is_seen_by_whom_it_is_seen_elsewhere(
    world: World, subgraph: SubgraphClient
) -> None:
    """A router that came by `node` asks by the key that clients never see."""
    person, other = await world.person(), await world.person()
    booking = str((await world.booked(person, await world.event_stock())).id)
    of = [{"__typename": "Booking", "nodeId": booking}, {"__typename": "Wallet", "nodeId": str(person)}]

    async def seen(by: Any) -> list[str | None]:
        found = (await subgraph.data(BY_NODE, {"of": of}, by=by))["_entities"]
        return [each and each["id"] for each in found]

    assert await seen(principal("beneficiary", person_id=person)) == [booking, str(person)]
    assert await seen(principal("admin")) == [booking, str(person)]
    assert await seen(principal("pro", structures=(world.structure_id,))) == [booking, None]
    for stranger in (
        None,
        principal("beneficiary", person_id=other),
        principal("pro", structures=(new_id(),)),
    ):
        assert await seen(stranger) == [None, None]
    assert (await subgraph.data(BY_NODE, {"of": [{"__typename": "Wallet", "nodeId": "x"}]}))["_entities"] == [
        None
    ]
