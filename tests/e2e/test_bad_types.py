"""What does not fit the schema gets a clear code from either router, and no subgraph acts on it."""

from collections.abc import Mapping
from typing import Any

import pytest

from local_platform.demo.acting import bookings

from .asking import Asker
from .forms import FORMS
from .world import World

pytestmark = pytest.mark.platform

BAD_INPUT = {"BAD_INPUT", "BAD_USER_INPUT"}
"""The subgraphs' and Hive Gateway's word, and Hive Router's."""

MISFITS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "a float for cents": ("addThingStock", {"priceCents": 7.99}),
    "a text for cents": ("addThingStock", {"priceCents": "790"}),
    "a yes for cents": ("addThingStock", {"priceCents": True}),
    "nothing for cents": ("addThingStock", {"priceCents": None}),
    "cents beyond 53 bits": ("addThingStock", {"priceCents": 2**60}),
    "half a copy": ("addThingStock", {"quantity": 1.5}),
    "more copies than 32 bits": ("addThingStock", {"quantity": 2**31}),
    "a text for places": ("bookOffer", {"quantity": "1"}),
    "a naive instant": ("publishOffer", {"publishAt": "2027-01-01T00:00:00"}),
    "a word for an instant": ("publishOffer", {"publishAt": "demain"}),
    "an instant out of the calendar": ("publishOffer", {"publishAt": "9999-12-31T23:59:59-12:00"}),
    "a naive limit": ("addThingStock", {"bookingLimitAt": "2030-01-01T00:00:00"}),
    "a number for a SIREN": ("signUpPro", {"siren": 123456789}),
    "a list for a name": ("signUp", {"firstName": ["Anne"]}),
    "a field nobody knows": ("signUp", {"isAdmin": True}),
    "a text for a latitude": ("createVenue", {"latitude": "NaN", "longitude": 0.0}),
}


@pytest.mark.parametrize("what", MISFITS)
def test_a_misfit_is_refused(what: str, asker: Asker, world: World, nothing_written: None) -> None:
    name, fields = MISFITS[what]
    form = FORMS[name]
    reply = asker.ask(form.document, world.who[form.by], **form.variables(world, fields))
    assert reply.codes <= BAD_INPUT
    assert reply.codes, reply.body


@pytest.mark.parametrize("key", ["", "1", "not-a-uuid", "0" * 31, None, 5])
def test_an_idempotency_key_is_a_uuid(key: object, asker: Asker, world: World, nothing_written: None) -> None:
    form = FORMS["bookOffer"]
    reply = asker.ask(form.document, world.who[form.by], **form.variables(world, {}), key=key)
    assert reply.codes <= BAD_INPUT
    assert reply.codes, reply.body


LISTS = {
    "structures": ("admin", ""),
    "pendingIdentityChecks": ("admin", ""),
    "offers": ("pro", "structureId: $structure, "),
    "searchOffers": ("anonymous", ""),
    "myBookings": ("beneficiary", ""),
    "structureBookings": ("pro", "structureId: $structure, "),
    "reimbursements": ("pro", "structureId: $structure, "),
    "batches": ("finance", ""),
}
"""Every list that comes in pages: who may read it, and what it must be told."""

CURSORS = ["", "not base64", "W10", "WyJ4Il0", "W251bGxd", "WzFd", "eyJhIjoxfQ", "\0", "é", "A" * 10_000]
"""Nothing, words, `[]`, `["x"]`, `[null]`, `[1]`, an object, and what is no text at all."""


@pytest.mark.parametrize("name", LISTS)
def test_a_page_has_1_to_100_rows(name: str, asker: Asker, world: World) -> None:
    found = {first: page(asker, name, world, first=first) for first in (-1, 0, 1, 100, 101)}
    assert [first for first, codes in found.items() if codes == set()] == [1, 100]
    assert found[-1] == found[0] == found[101] == {"BAD_INPUT"}


@pytest.mark.parametrize("name", LISTS)
def test_a_broken_cursor_is_said_to_be_one(name: str, asker: Asker, world: World) -> None:
    found = {cursor: page(asker, name, world, after=cursor) for cursor in CURSORS}
    if name == "batches":
        found.pop("WzFd")  # its cursors are the numbers of batches
    assert set().union(*found.values()) == {"BAD_INPUT"}
    assert all(found.values())


def page(asker: Asker, name: str, world: World, first: int = 20, after: str | None = None) -> set[str]:
    """The codes that come for a page."""
    reader, arguments = LISTS[name]
    declared = "$first: Int!, $after: String" + (", $structure: ID!" if arguments else "")
    document = (
        f"query ({declared}) {{ {name}({arguments}first: $first, after: $after) {{ edges {{ cursor }} }} }}"
    )
    given = {"first": first, "after": after, **world.variables(document)}
    return asker.ask(document, world.who[reader], **given).codes


@pytest.mark.parametrize(
    "clock", ["yesterday", "2026-01-01", "2026-01-01T00:00:00", "-1", "9999-12-31T23:59:59-12:00"]
)
def test_a_moved_clock_shows_an_instant(clock: str, asker: Asker, world: World) -> None:
    headers = {"x-pass-clock": clock, "authorization": f"Bearer {world.who['beneficiary'].token}"}
    reply = asker.send(json={"query": bookings.WALLET}, headers=headers)
    assert reply.codes == {"BAD_INPUT"}
