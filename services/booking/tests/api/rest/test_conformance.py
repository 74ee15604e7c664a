"""Schemathesis against booking's REST API, on a real database."""

from datetime import timedelta

import pytest

from booking.api.rest.api import API
from booking.main import SERVICE
from booking_support.world import NOW, World
from chassis.clock import TRAVEL_HEADER, iso
from chassis.rest import document
from chassis.rest.conformance import statuses, strangers_are_refused
from chassis.testing import OpenRuntime, OpenSubgraph, principal, token_for

pytestmark = pytest.mark.servers


async def test_the_tills_are_answered_as_the_document_says(
    open_runtime: OpenRuntime, open_subgraph: OpenSubgraph
) -> None:
    runtime = await open_runtime(
        SERVICE, guichet_attempts_per_minute=10**6, guichet_attempts_per_minute_per_address=10**6
    )
    world = World(runtime)
    await world.venue()
    record = await world.booked(await world.person(), await world.event_stock())
    client = await open_subgraph(SERVICE, runtime)
    pro = principal("pro", structures=(world.structure_id,))
    headers = {
        "authorization": f"Bearer {token_for(pro)}",
        TRAVEL_HEADER: iso(NOW + timedelta(hours=48)) or "",
    }
    seen = await statuses(
        document(API), client.http, headers=headers, known={"token": record.token}, seconds=10
    )
    assert {("checkContremarque", 200), ("checkContremarque", 404)} <= set(seen)
    assert await strangers_are_refused(document(API), client.http) == {"checkContremarque"}
