"""Everything is found again by its id, through either router; and by nobody who might not see it otherwise."""

from typing import Any
from uuid import uuid4

import pytest

from identity.api.graphql.types import NODES

from .asking import Asker
from .ids import nothing, plain
from .world import World

pytestmark = pytest.mark.platform

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES_BY_IDS = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
OFFER = """
query ($concert: ID!) { node(id: $concert) { id ... on Offer {
  name venue { id name } stocks { id priceCents remaining isBookable }
} } }
"""
BOOKING = """
query ($booking: ID!) { node(id: $booking) { ...Shown } }
fragment Shown on Booking { id status offer { id name } stock { id } beneficiary { firstName } }
"""
FOREIGN_TYPES = [stub.__name__ for stub in NODES.stubs]
OWN_TYPES = ["Person", "Structure", "Attachment", "Grant", "IdentityCheck"]


def test_a_thing_comes_with_all_that_the_contexts_know_of_it(asker: Asker, world: World) -> None:
    found = asker.ask(OFFER, **world.variables(OFFER)).data["node"]
    assert found["id"] == world.of["concert"]
    assert found["venue"]["id"] == world.of["venue"]
    assert {stock["isBookable"] for stock in found["stocks"]} == {True}
    booked = asker.ask(BOOKING, world.who["beneficiary"], **world.variables(BOOKING)).data["node"]
    assert booked["id"] == world.of["booking"]
    assert booked["offer"]["name"]
    assert booked["beneficiary"]["firstName"]


@pytest.mark.parametrize("type_name", [*OWN_TYPES, *FOREIGN_TYPES, "Lamp", "OfferSubcategory", "Job"])
def test_what_somebody_made_up_is_not_there(type_name: str, asker: Asker, world: World) -> None:
    for who in ("anonymous", "admin", "finance"):
        reply = asker.ask("query ($id: ID!) { node(id: $id) { id } }", world.who[who], id=nothing(type_name))
        assert reply.body == {"data": {"node": None}}


@pytest.mark.parametrize("malformed", ["x", "", "\0", str(uuid4()), "Offer:1", "T2ZmZXI6MQ"])
def test_what_is_no_id_is_said_to_be_none(malformed: str, asker: Asker) -> None:
    reply = asker.ask(NODE, id=malformed)
    assert (reply.body["data"], reply.codes) == ({"node": None}, {"BAD_INPUT"})


def test_several_are_found_in_their_places(asker: Asker, world: World) -> None:
    mine = ("concert", "booking", "young", "wallet", "structure", "seat", "venue", "grant")
    theirs = ("otherBooking", "account", "pending", "draft")
    ids = [*(world.of[name] for name in (*mine, *theirs)), nothing("Offer")]
    found = asker.ask(NODES_BY_IDS, world.who["beneficiary"], ids=ids).data["nodes"]
    assert [each and each["id"] for each in found] == [*ids[: len(mine)], *[None] * (len(theirs) + 1)]
    assert [each["__typename"] for each in found[: len(mine)]] == [
        *("Offer", "Booking", "Person", "Wallet", "Structure", "Stock", "Venue", "Grant")
    ]


def test_one_that_is_wrong_harms_no_other(asker: Asker, world: World) -> None:
    reply = asker.ask(NODES_BY_IDS, ids=[world.of["concert"], "x"])
    assert [each and each["id"] for each in reply.body["data"]["nodes"]] == [world.of["concert"], None]
    assert reply.codes == {"BAD_INPUT"}


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("query ($id: ID!) { offer(id: $id) { id } }", "venue"),
        ("query ($id: ID!) { booking(id: $id) { id } }", "concert"),
        ("query ($id: ID!) { structure(id: $id) { id } }", "young"),
        ("query ($id: ID!) { reimbursements(structureId: $id) { pageInfo { hasNextPage } } }", "venue"),
    ],
)
def test_an_id_of_another_type_and_the_uuid_behind_one_are_refused(
    document: str, name: str, asker: Asker, world: World
) -> None:
    for id_ in (world.of[name], plain(world.of[name])):
        reply = asker.ask(document, world.who["finance"], id=id_)
        assert reply.codes == {"BAD_INPUT"}
        assert not any(_values(reply.body["data"]))


def _values(data: Any) -> list[Any]:
    return list((data or {}).values())
