import pytest

from chassis.ids import new_id
from chassis.testing import TODAY, principal

pytestmark = pytest.mark.servers

OFFER = (
    "query ($id: ID!) { offer(id: $id) { id name url validation status bookableFacts { condition holds } } }"
)
OFFERS = """
query ($structure: ID, $venue: ID, $first: Int! = 20, $after: String) {
  offers(structureId: $structure, venueId: $venue, first: $first, after: $after) {
    edges { node { id } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
ENTITIES = """
query ($wanted: [_Any!]!) {
  _entities(representations: $wanted) {
    ... on Offer { id venue { id } stocks { id } }
    ... on Stock { id priceCents offer { id } }
  }
}
"""
VENUES = """
query ($wanted: [_Any!]!) { _entities(representations: $wanted) { ... on Structure { venues { id isVirtual } } } }
"""


async def virtual_venue(pro):
    wanted = [{"__typename": "Structure", "id": str(pro.structure_id)}]
    answer = await pro.client.data(VENUES, {"wanted": wanted}, by=pro.who)
    return next(venue["id"] for venue in answer["_entities"][0]["venues"] if venue["isVirtual"])


async def test_an_offer_is_a_draft_that_only_its_structure_sees(pro, stranger, subgraph):
    venue_id = await pro.a_venue()
    result = await pro.create_offer(
        venueId=venue_id, extraFields={"performer": "Rone", "author": " "}, description="Trois scènes."
    )
    offer = result["offer"]
    assert (offer["status"], offer["validation"], offer["isDuo"]) == ("DRAFT", "DRAFT", True)
    assert (offer["artist"], offer["extraFields"]) == ("Rone", [{"name": "performer", "value": "Rone"}])
    assert offer["productKey"] == offer["id"]
    assert offer["venue"]["id"] == venue_id
    for who in (None, principal("beneficiary"), stranger.who):
        assert (await subgraph.data(OFFER, {"id": offer["id"]}, by=who))["offer"] is None


async def test_a_book_is_offered_by_its_isbn(pro):
    venue_id = await pro.a_venue()
    book = {"venueId": venue_id, "subcategoryId": "LIVRE_PAPIER", "withdrawal": None, "isDuo": True}
    offer = (await pro.create_offer(**book, isbn="978-2-07-036002-4"))["offer"]
    assert (offer["isbn"], offer["productKey"], offer["isDuo"]) == ("9782070360024", "9782070360024", False)
    assert (await pro.create_offer(**book))["code"] == "ISBN_REQUIRED"
    assert (await pro.create_offer(**book, isbn="9782070360025"))["code"] == "INVALID_ISBN"


async def test_a_digital_offer_belongs_to_the_virtual_venue(pro):
    digital = {"subcategoryId": "VOD", "withdrawal": None, "url": "https://vod.example/?t={token}"}
    physical = await pro.a_venue()
    assert (await pro.create_offer(venueId=physical, **digital))[
        "code"
    ] == "DIGITAL_OFFER_NEEDS_VIRTUAL_VENUE"
    virtual = await virtual_venue(pro)
    offer = (await pro.create_offer(venueId=virtual, **digital))["offer"]
    assert offer["url"] == "https://vod.example/?t={token}"
    assert (await pro.create_offer(venueId=virtual))["code"] == "PHYSICAL_OFFER_NEEDS_PHYSICAL_VENUE"


REFUSED = [
    ({"name": " "}, "INVALID_OFFER_NAME"),
    ({"name": "x" * 91}, "INVALID_OFFER_NAME"),
    ({"description": "x" * 10_001}, "OFFER_TEXT_TOO_LONG"),
    ({"subcategoryId": "BAL"}, "UNKNOWN_SUBCATEGORY"),
    ({"subcategoryId": "OEUVRE_ART"}, "SUBCATEGORY_NOT_SELECTABLE"),
    ({"url": "https://quartz.example"}, "URL_NOT_ALLOWED"),
    ({"subcategoryId": "VOD"}, "URL_REQUIRED"),
    ({"subcategoryId": "VOD", "url": "javascript:alert(1)"}, "INVALID_URL"),
    ({"extraFields": {"visa": "1"}}, "EXTRA_FIELD_NOT_ALLOWED"),
    ({"withdrawal": None}, "WITHDRAWAL_REQUIRED"),
    ({"withdrawal": {"type": "BY_EMAIL", "bookingContact": "a@b.fr"}}, "WITHDRAWAL_DELAY_REQUIRED"),
    ({"withdrawal": {"type": "NO_TICKET", "delaySeconds": 1}}, "WITHDRAWAL_DELAY_NOT_ALLOWED"),
    ({"withdrawal": {"type": "IN_APP"}}, "WITHDRAWAL_MODE_NOT_ALLOWED"),
    ({"withdrawal": {"type": "NO_TICKET"}}, "BOOKING_CONTACT_REQUIRED"),
]


async def test_refusals_write_nothing(pro, outbox):
    venue_id = await pro.a_venue()
    events = len(await outbox())
    for changes, code in REFUSED:
        assert (await pro.create_offer(venueId=venue_id, **changes))["code"] == code
    assert len(await outbox()) == events


async def test_other_peoples_venues_look_unknown(pro, stranger):
    venue_id = await pro.a_venue()
    assert (await stranger.create_offer(venueId=venue_id))["code"] == "VENUE_NOT_FOUND"
    assert (await pro.create_offer(venueId=str(new_id())))["code"] == "VENUE_NOT_FOUND"


async def test_a_published_offer_is_seen_by_everybody(pro, subgraph, outbox):
    offer_id, stock_id = await pro.a_published_offer()
    shown = (await subgraph.data(OFFER, {"id": offer_id}))["offer"]
    assert shown == {
        "id": offer_id,
        "name": "Nuit électro",
        "url": None,
        "validation": None,
        "status": "ACTIVE",
        "bookableFacts": None,
    }
    mine = (await subgraph.data(OFFER, {"id": offer_id}, by=pro.who))["offer"]
    assert all(fact["holds"] for fact in mine["bookableFacts"])
    kind, event = (await outbox())[-1]
    assert (kind, event["id"], event["version"]) == ("offer.published", offer_id, 2)
    assert (event["validation"], event["is_active"], event["published_at"]) == (
        "APPROVED",
        True,
        "2026-11-22T10:00:00Z",
    )
    wanted = [{"__typename": "Offer", "id": offer_id}, {"__typename": "Stock", "id": stock_id}]
    offer, stock = (await subgraph.data(ENTITIES, {"wanted": wanted}))["_entities"]
    assert offer["stocks"] == [{"id": stock_id}]
    assert stock == {"id": stock_id, "priceCents": 2000, "offer": {"id": offer_id}}


async def test_publishing_needs_a_stock_that_can_still_be_booked(pro):
    offer_id = await pro.an_offer()
    assert (await pro.publish(offer_id))["code"] == "OFFER_WITHOUT_STOCK"
    await pro.a_stock(offer_id)
    assert (await pro.publish(offer_id, at=TODAY.replace(month=12)))["code"] == "OFFER_WITHOUT_STOCK"
    assert (await pro.publish(offer_id))["offer"]["publishedAt"] == "2026-11-22T10:00:00Z"


async def test_a_publication_can_be_planned(pro, subgraph):
    offer_id = await pro.an_offer()
    await pro.a_stock(offer_id)
    tomorrow = TODAY.replace(day=23)
    assert (await pro.publish(offer_id, publish_at=TODAY.replace(day=21)))["code"] == "PUBLICATION_IN_PAST"
    assert (await pro.publish(offer_id, publish_at=TODAY.replace(year=2029)))["code"] == "PUBLICATION_TOO_FAR"
    assert (await pro.publish(offer_id, publish_at=tomorrow))["offer"]["status"] == "SCHEDULED"
    assert (await subgraph.data(OFFER, {"id": offer_id}))["offer"] is None
    assert (await subgraph.data(OFFER, {"id": offer_id}, at=tomorrow))["offer"]["status"] == "ACTIVE"


async def test_an_offer_taken_back_is_seen_by_its_structure_only(pro, subgraph):
    offer_id, stock_id = await pro.a_published_offer()
    result = await pro.unpublish(offer_id)
    assert result["offer"] == {"status": "INACTIVE", "publishedAt": None}
    wanted = [{"__typename": "Offer", "id": offer_id}, {"__typename": "Stock", "id": stock_id}]
    assert (await subgraph.data(ENTITIES, {"wanted": wanted}))["_entities"] == [None, None]
    assert (await subgraph.data(OFFER, {"id": offer_id}, by=pro.who))["offer"]["status"] == "INACTIVE"


async def test_sold_out_is_not_found_but_still_shown_to_who_booked_it(pro, subgraph, publish_booked):
    offer_id, stock_id = await pro.a_published_offer()
    await publish_booked(stock_id, 100)
    assert (await subgraph.data(OFFER, {"id": offer_id}))["offer"] is None
    wanted = [{"__typename": "Offer", "id": offer_id}, {"__typename": "Stock", "id": stock_id}]
    offer, stock = (await subgraph.data(ENTITIES, {"wanted": wanted}))["_entities"]
    assert (offer["id"], stock["offer"]["id"]) == (offer_id, offer_id)
    assert (await subgraph.data(OFFER, {"id": offer_id}, by=pro.who))["offer"]["status"] == "SOLD_OUT"


async def test_E79_offers_of_a_structure_that_is_not_validated_exist_for_it_alone(
    pro, subgraph, publish_structure
):
    await publish_structure(pro.structure_id, version=2, status="pending")
    offer_id, _ = await pro.a_published_offer()
    assert (await subgraph.data(OFFER, {"id": offer_id}))["offer"] is None
    mine = (await subgraph.data(OFFER, {"id": offer_id}, by=pro.who))["offer"]
    assert mine["status"] == "ACTIVE"
    assert [fact["condition"] for fact in mine["bookableFacts"] if not fact["holds"]] == [
        "STRUCTURE_VALIDATED"
    ]
    await publish_structure(pro.structure_id, version=3, status="validated")
    assert (await subgraph.data(OFFER, {"id": offer_id}))["offer"]["id"] == offer_id


async def test_offers_come_in_pages_newest_first(pro, stranger, subgraph):
    venue_id = await pro.a_venue()
    made = [await pro.an_offer(venueId=venue_id, name=f"Concert {number}") for number in range(3)]
    (published, _) = await pro.a_published_offer(venueId=venue_id)
    newest_first = [published, *reversed(made)]

    async def listed(by=None, **variables):
        return (await subgraph.data(OFFERS, variables, by=by))["offers"]

    page = await listed(pro.who, venue=venue_id, first=3)
    assert [edge["node"]["id"] for edge in page["edges"]] == newest_first[:3]
    assert page["pageInfo"]["hasNextPage"]
    rest = await listed(pro.who, structure=str(pro.structure_id), after=page["pageInfo"]["endCursor"])
    assert [edge["node"]["id"] for edge in rest["edges"]] == newest_first[3:]
    for by in (None, stranger.who):
        assert [edge["node"]["id"] for edge in (await listed(by, venue=venue_id))["edges"]] == [published]
    assert (await listed(structure=str(new_id())))["edges"] == []


async def test_malformed_lists(subgraph):
    venue = {"venue": str(new_id())}
    for wrong in ({"structure": "x"}, {"first": 101}, {"first": 0}, {"after": "é"}):
        assert await subgraph.error_code(OFFERS, venue | wrong) == "BAD_INPUT"
    assert await subgraph.error_code(OFFERS) == "BAD_INPUT"


async def test_subcategories_and_towns_are_open_to_all(subgraph):
    query = """{
      subcategories { id label isEvent canBeDuo platform fields needsWithdrawal isSelectable }
      towns(prefix: "bres") { name region latitude longitude population }
    }"""
    shown = await subgraph.data(query)
    concert = next(each for each in shown["subcategories"] if each["id"] == "CONCERT")
    assert len(shown["subcategories"]) == 75
    assert concert["fields"] == ["author", "musicType", "performer"]
    assert concert["needsWithdrawal"]
    assert shown["towns"][0]["name"] == "Brest"
