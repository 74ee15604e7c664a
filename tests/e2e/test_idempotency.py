"""One idempotency key sent 50 times at once: one effect, 50 equal answers; with another body, a conflict."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from local_platform.demo.acting import bookings, money
from local_platform.demo.gateway_client import PASSING, Session
from local_platform.demo.story.scene import Scene
from local_platform.demo.story.the_money import fortnight_end

from .asking import Asker, headers_of
from .books import PRICE, on_sale
from .conftest import beneficiary
from .databases import Databases
from .forms import FORMS
from .ids import plain
from .world import World

pytestmark = pytest.mark.platform

TIMES = 50

Variables = Mapping[str, Any]


async def at_once(url: str, document: str, by: Session, variables: Variables) -> list[Any]:
    """The answers to the same request sent by so many clients at the same time."""
    limits = httpx.Limits(max_connections=TIMES)
    async with httpx.AsyncClient(timeout=120, limits=limits) as client:
        sent = (_until_answered(client, url, document, by, variables) for _ in range(TIMES))
        return await asyncio.gather(*sent)


async def _until_answered(
    client: httpx.AsyncClient, url: str, document: str, by: Session, variables: Variables
) -> Any:
    """As clients do who have a key: where the platform is too busy to answer, the same is sent again."""
    while True:
        request = {"query": document, "variables": variables}
        answer = (await client.post(url, json=request, headers=headers_of(by))).json()
        if not any(error["extensions"]["code"] in PASSING for error in answer.get("errors", ())):
            return answer
        await asyncio.sleep(0.2)


async def one_effect(
    asker: Asker,
    databases: Databases,
    table: str,
    document: str,
    by: Session,
    asked: Variables,
    other: Variables,
) -> Any:
    """What the fifty were given; one row more in `context.table`, and a conflict for what else is asked."""
    key = str(uuid4())
    before = (await databases.settled())[table][0]
    answers = await at_once(asker.url, document, by, {**asked, "key": key})
    assert all(answer == answers[0] for answer in answers), [each for each in answers if each != answers[0]][
        :3
    ]
    assert "errors" not in answers[0]
    assert (await databases.settled())[table][0] == before + 1
    assert asker.ask(document, by, **{**other, "key": key}).codes == {"IDEMPOTENCY_CONFLICT"}
    (given,) = answers[0]["data"].values()
    return given


async def test_one_booking(asker: Asker, databases: Databases, scene: Scene, world: World) -> None:
    young = beneficiary(scene)
    book, another = on_sale(scene, world, copies=50), on_sale(scene, world)
    before = bookings.wallet(scene.client, young)
    asked, other = ({"input": {"stockId": each.stock, "quantity": 1}} for each in (book, another))
    given = await one_effect(asker, databases, "booking.bookings", bookings.BOOK, young, asked, other)
    (mine,) = bookings.my_bookings(scene.client, young)
    after = bookings.wallet(scene.client, young)
    assert mine["id"] == given["booking"]["id"]
    assert before is not None
    assert after is not None
    assert after["remainingCents"] == before["remainingCents"] - PRICE
    (stock,) = await databases.rows("booking", "SELECT taken FROM stocks WHERE id = $1", plain(book.stock))
    assert stock["taken"] == 1


TABLES = {
    "createOffer": ("catalog.offers", {"name": "Un autre livre"}),
    "signUp": ("identity.persons", {"firstName": "Quelqu'un"}),
    "submitBankAccount": ("finance.bank_accounts", {"label": "Un autre compte"}),
}
"""Form → where its one row stands, and what another body says."""


@pytest.mark.parametrize("name", TABLES)
async def test_one_of_it(name: str, asker: Asker, databases: Databases, world: World) -> None:
    table, otherwise = TABLES[name]
    form = FORMS[name]
    asked = form.variables(world, {})
    other = {"input": {**asked["input"], **otherwise}}
    await one_effect(asker, databases, table, form.document, world.who[form.by], asked, other)


async def test_one_mail_for_one_sign_up(asker: Asker, databases: Databases, world: World) -> None:
    form = FORMS["signUp"]
    asked = form.variables(world, {})
    other = {"input": {**asked["input"], "password": "Un-autre-mot-2"}}
    table = "identity.outgoing_mails"
    await one_effect(asker, databases, table, form.document, world.who["anonymous"], asked, other)


async def test_one_batch(asker: Asker, databases: Databases, scene: Scene) -> None:
    closed = money.last_closed_day(scene.client, scene.finance)
    day = fortnight_end((closed or datetime.now(UTC).date()) + timedelta(days=1))
    later = fortnight_end(day + timedelta(days=1))
    finance = scene.finance.on(datetime.combine(later + timedelta(days=2), time(12), UTC))
    asked, other = ({"lastDay": each.isoformat()} for each in (day, later))
    given = await one_effect(
        asker, databases, "finance.batches", money.CLOSE_FORTNIGHT, finance, asked, other
    )
    assert given["batch"]["lastDay"] == day.isoformat()
