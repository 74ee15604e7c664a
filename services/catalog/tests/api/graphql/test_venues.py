import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis.ids import new_id
from chassis.testing import principal

pytestmark = pytest.mark.servers

VENUE = "query ($id: ID!) { venue(id: $id) { id name bookingEmail structure { id } } }"
CREATE = """
mutation ($input: CreateVenueInput!, $key: UUID!) {
  createVenue(input: $input, idempotencyKey: $key) { __typename }
}
"""
VENUES_OF = """
query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Structure { id venues { id name isVirtual } }
    ... on Venue { id name }
  }
}
"""


async def venues_of(pro, structure_id=None, by=None):
    wanted = [{"__typename": "Structure", "id": str(structure_id or pro.structure_id)}]
    answer = await pro.client.data(VENUES_OF, {"representations": wanted}, by=by or pro.who)
    return answer["_entities"][0]["venues"]


async def test_a_venue_gets_its_position_from_its_town(pro):
    result = await pro.create_venue()
    venue = result["venue"]
    assert (venue["latitude"], venue["longitude"]) == (48.3903, -4.4863)
    assert (venue["departmentCode"], venue["timezone"]) == ("29", "Europe/Paris")


async def test_a_position_that_is_given_is_kept_and_overseas_time_is_noted(pro):
    result = await pro.create_venue(postalCode="97400", city="Nulle Part", latitude=-20.9, longitude=55.4)
    venue = result["venue"]
    assert (venue["latitude"], venue["longitude"]) == (-20.9, 55.4)
    assert (venue["departmentCode"], venue["timezone"]) == ("974", "Indian/Reunion")


async def test_blanks_in_a_siret_and_nul_in_a_name_are_dropped(pro):
    result = await pro.create_venue(siret=" 732 829 320 00074 ", name=" Le\x00 Quartz ")
    assert (result["venue"]["siret"], result["venue"]["name"]) == ("73282932000074", "Le Quartz")


REFUSED = [
    ({"siret": "73282932000075"}, "INVALID_SIRET"),
    ({"siret": "35600000000048"}, "SIRET_NOT_OF_STRUCTURE"),
    ({"siret": None}, "SIRET_OR_COMMENT_REQUIRED"),
    ({"siret": None, "comment": "Sous chapiteau"}, "VENUE_FIELD_REQUIRED"),
    ({"name": " "}, "VENUE_FIELD_REQUIRED"),
    ({"name": "x" * 129}, "VENUE_TEXT_TOO_LONG"),
    ({"postalCode": "2920"}, "INVALID_POSTAL_CODE"),
    ({"latitude": 91.0, "longitude": 0.0}, "INVALID_COORDINATES"),
    ({"latitude": 48.0}, "INVALID_COORDINATES"),
    ({"city": "Nulle Part"}, "TOWN_NOT_THERE"),
    ({"bookingEmail": "nobody"}, "INVALID_BOOKING_EMAIL"),
]


async def test_refusals_write_nothing(pro, outbox):
    events = len(await outbox())
    for changes, code in REFUSED:
        assert (await pro.create_venue(**changes))["code"] == code
    assert len(await outbox()) == events


async def test_a_siret_is_used_once(pro):
    await pro.a_venue()
    assert (await pro.create_venue(name="Bis"))["code"] == "SIRET_ALREADY_USED"


async def test_other_peoples_structures_look_unknown(pro, stranger):
    foreign = await stranger.create_venue()
    unknown = await pro.create_venue(structureId=str(new_id()))
    assert (
        foreign
        == unknown
        == {
            "__typename": "StructureNotFound",
            "code": "STRUCTURE_NOT_FOUND",
            "message": "Cette structure n'existe pas ou vous n'y avez pas accès.",
        }
    )


async def test_only_pros_create(pro):
    variables = {
        "input": {"structureId": "x", "name": "x", "postalCode": "x", "city": "x"},
        "key": str(new_id()),
    }
    assert await pro.client.error_code(CREATE, variables) == "UNAUTHENTICATED"
    assert await pro.client.error_code(CREATE, variables, by=principal("beneficiary")) == "FORBIDDEN"
    assert await pro.client.error_code(CREATE, variables, by=principal("admin")) == "FORBIDDEN"
    assert await pro.client.error_code(CREATE, variables, by=pro.who) == "BAD_INPUT"


async def test_a_venue_is_public_once_its_structure_is_validated(subgraph, pro, publish_structure):
    venue_id = await pro.a_venue()
    seen = await subgraph.data(VENUE, {"id": venue_id})
    assert seen["venue"] == {
        "id": venue_id,
        "name": "Le Quartz",
        "bookingEmail": None,
        "structure": {"id": str(pro.structure_id)},
    }
    await publish_structure(pro.structure_id, version=2, status="closed")
    assert (await subgraph.data(VENUE, {"id": venue_id}))["venue"] is None
    mine = await subgraph.data(VENUE, {"id": venue_id}, by=pro.who)
    assert mine["venue"]["bookingEmail"] == "reservations@quartz.example"


async def test_unknown_and_malformed_ids(subgraph):
    assert (await subgraph.data(VENUE, {"id": str(new_id())}))["venue"] is None
    assert await subgraph.error_code(VENUE, {"id": "quartz"}) == "BAD_INPUT"
    wanted = [{"__typename": "Venue", "id": "quartz"}, {"__typename": "Venue", "id": str(new_id())}]
    assert (await subgraph.data(VENUES_OF, {"representations": wanted}))["_entities"] == [None, None]


async def test_a_structure_shows_its_venues_the_virtual_one_first(pro, publish_structure):
    venue_id = await pro.a_venue()
    shown = await venues_of(pro)
    assert [(venue["name"], venue["isVirtual"]) for venue in shown] == [
        ("Offre numérique", True),
        ("Le Quartz", False),
    ]
    assert shown[1]["id"] == venue_id
    await publish_structure(pro.structure_id, version=2, status="pending")
    assert await venues_of(pro, by=principal("beneficiary")) == []
    assert len(await venues_of(pro)) == 2


async def test_a_pro_may_begin_before_the_structures_event_has_come(
    pro, subgraph, runtime, publish_structure, outbox
):
    new = new_id()
    early = type(pro)(subgraph, principal("pro", structures=(new,)), new)
    venue_id = await early.a_venue()
    assert [venue["isVirtual"] for venue in await venues_of(early)] == [True, False]
    assert (await subgraph.data(VENUE, {"id": venue_id}))["venue"] is None
    before = len(await outbox())
    await publish_structure(new)
    assert (await subgraph.data(VENUE, {"id": venue_id}))["venue"]["id"] == venue_id
    events = (await outbox())[before:]
    assert {event["is_virtual"] for _, event in events} == {True, False}
    assert all(event["structure_status"] == "validated" and event["version"] == 2 for _, event in events)


async def test_a_venue_made_early_under_a_foreign_siret_stays_hidden(
    pro, subgraph, publish_structure, outbox
):
    new = new_id()
    early = type(pro)(subgraph, principal("pro", structures=(new,)), new)
    venue_id = await early.a_venue(siret="35600000000048")
    await publish_structure(new)
    assert (await subgraph.data(VENUE, {"id": venue_id}))["venue"] is None
    events = {event["id"]: event["structure_status"] for _, event in await outbox()}
    assert events[venue_id] == "pending"
    offer_id = await early.an_offer(venueId=venue_id)
    facts = "query ($id: ID!) { offer(id: $id) { bookableFacts { condition holds explanation } } }"
    shown = await subgraph.data(facts, {"id": offer_id}, by=early.who)
    assert {
        "condition": "VENUE_VALIDATED",
        "holds": False,
        "explanation": "Le lieu doit être validé.",
    } in shown["offer"]["bookableFacts"]


async def test_the_database_keeps_one_virtual_venue_and_one_shape(runtime, pro):
    async with runtime.database.read() as connection:
        for change in ("is_virtual = true, siret = null", "latitude = null", "siret = null"):
            await pro.create_venue()
            with pytest.raises(IntegrityError):
                await connection.execute(sa.text(f"UPDATE venues SET {change} WHERE NOT is_virtual"))
        with pytest.raises(IntegrityError):
            await connection.execute(
                sa.text(
                    "INSERT INTO venues (id, structure_id, is_virtual, is_validated, name, timezone, created_at)"
                    " SELECT gen_random_uuid(), structure_id, true, true, name, timezone, now()"
                    " FROM venues WHERE is_virtual"
                )
            )
