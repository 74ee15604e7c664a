"""The close and what came of it, through the subgraph."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from chassis.ids import new_id
from chassis.testing import principal
from finance.files import sepa

pytestmark = pytest.mark.servers

CLOSE = """
    mutation ($day: Date!, $key: UUID!) {
      closeFortnight(lastDay: $day, idempotencyKey: $key) {
        __typename
        ... on FortnightClosed {
          batch {
            id label lastDay cutoff totalCents transferCount bookingCount transferLabel executionDate
            acceptedAt sepaFile { name }
          }
        }
        ... on NotAFortnightEnd { code expected }
        ... on FortnightNotOver { code cutoff }
      }
    }
"""
ACCEPT = """
    mutation ($id: ID!, $key: UUID!) {
      acceptBatch(id: $id, idempotencyKey: $key) {
        __typename
        ... on BatchAccepted {
          batch { acceptedAt sepaFile { name sha256 content transactionCount controlSumCents } }
        }
        ... on Refusal { code message }
      }
    }
"""
LIST = """
    query ($s: ID!, $first: Int!, $after: String) {
      reimbursements(structureId: $s, first: $first, after: $after) {
        edges { node {
            offerName bookedCents amountCents contributionCents rate status statusLabel batchLabel booking { id }
        } }
        pageInfo { hasNextPage endCursor }
      }
    }
"""
AWAITING = "query ($s: ID!) { awaitingReimbursement(structureId: $s) { count amountCents } }"
BATCHES = """
    query ($first: Int!, $after: String) {
      batches(first: $first, after: $after) { edges { node { label } } pageInfo { hasNextPage endCursor } }
    }
"""
ENTITIES = """
    query ($of: [_Any!]!) {
      _entities(representations: $of) {
        ... on Booking { reimbursement { amountCents status } }
        ... on Structure { awaitingReimbursement { count amountCents } bankAccounts { status } }
      }
    }
"""
FINANCE = principal("finance")
CONTROLLER = principal("finance")
AFTER = datetime(2026, 11, 16, 8, tzinfo=UTC)


async def close(subgraph, day="2026-11-15", at=AFTER, key=None):
    variables = {"day": day, "key": str(key or new_id())}
    return (await subgraph.data(CLOSE, variables, by=FINANCE, at=at))["closeFortnight"]


async def test_a_closed_fortnight_gives_its_batch_and_a_valid_transfer_order(subgraph, world):
    structure, venue = await world.paid_place()
    await world.used(structure, venue, quantity=2)
    batch = (await close(subgraph))["batch"]
    accepted = await accept(subgraph, batch["id"])
    file = accepted["batch"]["sepaFile"]
    assert batch | {"id": None} == {
        "id": None,
        "label": "VIR1",
        "lastDay": "2026-11-15",
        "cutoff": "2026-11-15T23:00:00Z",
        "totalCents": 40_00,
        "transferCount": 1,
        "bookingCount": 1,
        "transferLabel": "pass Culture Pro - remboursement 1ère quinzaine 11-2026",
        "executionDate": "2026-11-23",
        "acceptedAt": None,
        "sepaFile": None,
    }
    assert accepted["batch"]["acceptedAt"] == "2026-11-16T08:00:00Z"
    assert sepa.check(file["content"].encode()) == (1, 40_00)
    assert (file["transactionCount"], file["controlSumCents"]) == (1, 40_00)
    assert "<TwnNm>Marseille</TwnNm>" in file["content"]


async def accept(subgraph, batch_id, by=CONTROLLER, key=None):
    variables = {"id": batch_id, "key": str(key or new_id())}
    return (await subgraph.data(ACCEPT, variables, by=by, at=AFTER))["acceptBatch"]


async def test_somebody_else_than_who_closed_accepts_and_once(subgraph, world):
    structure, venue = await world.paid_place()
    await world.used(structure, venue)
    batch_id = (await close(subgraph))["batch"]["id"]
    assert (await accept(subgraph, batch_id, by=FINANCE))["code"] == "SECOND_PERSON_NEEDED"
    assert (await close(subgraph))["batch"]["sepaFile"] is None
    key = new_id()
    accepted = await accept(subgraph, batch_id, key=key)
    assert await accept(subgraph, batch_id, key=key) == accepted
    again = await accept(subgraph, batch_id)
    assert again["code"] == "BATCH_ALREADY_ACCEPTED"
    assert "16 novembre 2026" in again["message"]
    assert (await accept(subgraph, batch_id, by=FINANCE))["code"] == "SECOND_PERSON_NEEDED"
    assert (await accept(subgraph, str(new_id())))["code"] == "BATCH_NOT_FOUND"


async def test_two_who_accept_at_once_are_one_acceptance(subgraph, world):
    structure, venue = await world.paid_place()
    await world.used(structure, venue)
    batch_id = (await close(subgraph))["batch"]["id"]
    several = [principal("finance") for _ in range(6)]
    answers = await asyncio.gather(*(accept(subgraph, batch_id, by=each) for each in several))
    assert sorted(answer.get("code", "") for answer in answers) == [""] + ["BATCH_ALREADY_ACCEPTED"] * 5


async def test_what_closed_by_itself_anybody_of_finance_accepts_and_no_other(subgraph, world):
    structure, venue = await world.paid_place()
    await world.used(structure, venue)
    batch = await world.close(by=None)
    for who in (None, principal("admin"), principal("pro", structures=(structure,))):
        variables = {"id": str(batch.id), "key": str(new_id())}
        code = await subgraph.error_code(ACCEPT, variables, by=who, at=AFTER)
        assert code == ("UNAUTHENTICATED" if who is None else "FORBIDDEN")
    assert (await accept(subgraph, str(batch.id), by=FINANCE))["__typename"] == "BatchAccepted"


async def test_closing_again_gives_the_same_batch_whatever_the_key(subgraph, world):
    structure, venue = await world.paid_place()
    await world.used(structure, venue)
    key = new_id()
    first = await close(subgraph, key=key)
    assert await close(subgraph, key=key) == first
    assert await close(subgraph) == first
    other_day = {"day": "2026-10-31", "key": str(key)}
    assert await subgraph.error_code(CLOSE, other_day, by=FINANCE, at=AFTER) == "IDEMPOTENCY_CONFLICT"


async def test_what_cannot_be_closed_is_refused_by_the_business_clock(subgraph):
    early = await close(subgraph, at=AFTER - timedelta(days=1))
    assert early == {
        "__typename": "FortnightNotOver",
        "code": "FORTNIGHT_NOT_OVER",
        "cutoff": "2026-11-15T23:00:00Z",
    }
    wrong = await close(subgraph, day="2026-11-14")
    assert wrong == {
        "__typename": "NotAFortnightEnd",
        "code": "NOT_A_FORTNIGHT_END",
        "expected": "2026-11-15",
    }


async def test_only_finance_closes_and_reads_batches(subgraph):
    variables = {"day": "2026-11-15", "key": str(new_id())}
    one = "query ($id: ID!) { batch(id: $id) { label } }"
    for query, values in ((CLOSE, variables), (BATCHES, {"first": 5}), (one, {"id": str(new_id())})):
        assert await subgraph.error_code(query, values) == "UNAUTHENTICATED"
        for stranger in (principal("pro"), principal("admin"), principal("beneficiary")):
            assert await subgraph.error_code(query, values, by=stranger) == "FORBIDDEN"
    assert (await subgraph.data(one, {"id": str(new_id())}, by=FINANCE)) == {"batch": None}


async def test_what_awaits_is_told_at_the_rates_of_today(subgraph, world):
    structure, venue = await world.paid_place()
    pro = principal("pro", structures=(structure,))
    variables = {"s": str(structure)}
    assert await subgraph.data(AWAITING, variables, by=pro) == {
        "awaitingReimbursement": {"count": 0, "amountCents": 0}
    }
    await world.used(structure, venue, unit_price_cents=20_000_00)
    await world.close()
    await world.used(structure, venue, used_at=AFTER)
    await world.used(structure, venue, used_at=AFTER, subcategory_id="VOD")
    await world.used(structure, venue, used_at=AFTER, unit_price_cents=0)
    assert await subgraph.data(AWAITING, variables, by=pro) == {
        "awaitingReimbursement": {"count": 1, "amountCents": 19_00}
    }


async def test_what_is_priced_and_waits_for_an_account_awaits_too(subgraph, world):
    structure = await world.structure()
    venue = await world.venue(structure)
    await world.used(structure, venue)
    await world.close()
    await world.used(structure, venue, used_at=AFTER)
    assert await subgraph.data(AWAITING, {"s": str(structure)}, by=FINANCE) == {
        "awaitingReimbursement": {"count": 2, "amountCents": 40_00}
    }


async def test_a_place_reads_its_reimbursements_page_by_page_newest_first(subgraph, world):
    structure, venue = await world.paid_place()
    other, other_venue = await world.paid_place(name="Autre")
    for day in range(1, 6):
        await world.used(
            structure, venue, used_at=datetime(2026, 11, day, tzinfo=UTC), offer_name=f"Offre {day}"
        )
    await world.used(other, other_venue)
    await world.close()
    pro = principal("pro", structures=(structure,))
    seen, after = [], None
    while True:
        variables = {"s": str(structure), "first": 2, "after": after}
        page = (await subgraph.data(LIST, variables, by=pro))["reimbursements"]
        seen += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert [node["offerName"] for node in seen] == [f"Offre {day}" for day in (5, 4, 3, 2, 1)]
    assert seen[0] | {"booking": None} == {
        "offerName": "Offre 5",
        "bookedCents": 20_00,
        "amountCents": 20_00,
        "contributionCents": 0,
        "rate": "100%",
        "status": "PAID",
        "statusLabel": "Remboursement envoyé",
        "batchLabel": "VIR1",
        "booking": None,
    }
    too_many = {"s": str(structure), "first": 101}
    assert await subgraph.error_code(LIST, too_many, by=pro) == "BAD_INPUT"
    bad_cursor = {"s": str(structure), "first": 2, "after": "nope"}
    assert await subgraph.error_code(LIST, bad_cursor, by=pro) == "BAD_INPUT"


async def test_batches_are_read_newest_first(subgraph):
    await close(subgraph, "2026-10-15")
    await close(subgraph, "2026-10-31")
    await close(subgraph)
    page = (await subgraph.data(BATCHES, {"first": 2}, by=FINANCE))["batches"]
    assert [edge["node"]["label"] for edge in page["edges"]] == ["VIR3", "VIR2"]
    after = page["pageInfo"]["endCursor"]
    rest = (await subgraph.data(BATCHES, {"first": 2, "after": after}, by=FINANCE))["batches"]
    assert [edge["node"]["label"] for edge in rest["edges"]] == ["VIR1"]
    assert rest["pageInfo"]["hasNextPage"] is False


async def test_money_is_shown_on_bookings_and_structures_to_those_it_belongs_to(subgraph, world):
    structure, venue = await world.paid_place()
    booking = await world.used(structure, venue)
    await close(subgraph)
    of = [
        {"__typename": "Booking", "id": str(booking)},
        {"__typename": "Structure", "id": str(structure)},
        {"__typename": "Booking", "id": "unknown"},
    ]
    pro = principal("pro", structures=(structure,))
    for viewer in (pro, FINANCE):
        seen = (await subgraph.data(ENTITIES, {"of": of}, by=viewer))["_entities"]
        assert seen == [
            {"reimbursement": {"amountCents": 20_00, "status": "PAID"}},
            {
                "awaitingReimbursement": {"count": 0, "amountCents": 0},
                "bankAccounts": [{"status": "ACCEPTED"}],
            },
            {"reimbursement": None},
        ]
    answer = await subgraph.execute(ENTITIES, {"of": of}, by=principal("beneficiary"))
    assert answer["data"]["_entities"] == [
        {"reimbursement": None},
        {"awaitingReimbursement": None, "bankAccounts": None},
        {"reimbursement": None},
    ]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}


THINGS = """
    query ($s: ID!) {
      bankAccounts(structureId: $s) { id } reimbursements(structureId: $s) { edges { node { id } } }
    }
"""
BY_NODE = """
    query ($of: [_Any!]!) {
      _entities(representations: $of) {
        ... on BankAccount { id iban }
        ... on Reimbursement { id amountCents }
        ... on CashflowBatch { id label }
      }
    }
"""


async def test_what_is_found_by_its_id_is_seen_by_whom_it_is_seen_elsewhere(subgraph, world):
    """A router that came by `node` asks by the key that clients never see."""
    structure, venue = await world.paid_place()
    await world.used(structure, venue, quantity=2)
    batch = (await close(subgraph))["batch"]["id"]
    mine = await subgraph.data(THINGS, {"s": str(structure)}, by=FINANCE)
    account = mine["bankAccounts"][0]["id"]
    reimbursement = mine["reimbursements"]["edges"][0]["node"]["id"]

    async def seen(by, *ids):
        names = ("BankAccount", "Reimbursement", "CashflowBatch")
        of = [{"__typename": name, "nodeId": id_} for name, id_ in zip(names, ids, strict=True)]
        return [
            each and each["id"] for each in (await subgraph.data(BY_NODE, {"of": of}, by=by))["_entities"]
        ]

    pro = principal("pro", structures=(structure,))
    things = (account, reimbursement, batch)
    assert await seen(FINANCE, *things) == [*things]
    assert await seen(pro, *things) == [account, reimbursement, None]
    for stranger in (
        None,
        principal("pro", structures=(new_id(),)),
        principal("admin"),
        principal("beneficiary"),
    ):
        assert await seen(stranger, *things) == [None] * 3
    assert await seen(FINANCE, *(str(new_id()) for _ in things)) == [None] * 3
    assert await seen(FINANCE, "x", "y", "z") == [None] * 3
