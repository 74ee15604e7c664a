"""A till asks by REST, at the door, with the session of a pro."""

from typing import Any

import httpx
import pytest

from chassis.public_numbers import humanize
from local_platform.demo.acting import bookings
from local_platform.demo.gateway_client import Session

from .asking import Asker, headers_of
from .world import World

pytestmark = pytest.mark.platform


def check(asker: Asker, code: str, by: Session | None) -> httpx.Response:
    door = asker.url.removesuffix("/graphql")
    return httpx.get(f"{door}/v2/bookings/token/{code}", headers=headers_of(by), timeout=60)


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Its status and code; a problem of RFC 9457, or the test fails."""
    assert answer.headers["content-type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()
    assert said["status"] == answer.status_code
    return answer.status_code, said["code"]


def test_a_till_is_told_whom_and_what_a_contremarque_is_for(asker: Asker, world: World) -> None:
    pro, code = world.who["pro"], world.of["code"]
    shown = asker.ask(bookings.CONTREMARQUE, pro, code=code).data["contremarque"]["booking"]
    answer = check(asker, code.lower(), pro)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    person = shown["beneficiary"]
    assert (told["firstName"], told["lastName"]) == (person["firstName"], person["lastName"])
    assert (told["offerName"], told["quantity"]) == (shown["offerName"], shown["quantity"])
    assert told["price"] * told["quantity"] * 100 == shown["totalCents"]
    assert (told["datetime"], told["isUsed"], told["theater"]) == ("", False, "")
    assert told["publicOfferId"] == humanize(told["offerId"]), "the catalogue has told its number"
    assert check(asker, code, pro).json() == told, "asking changes nothing"


def test_a_foreign_contremarque_is_as_unknown_as_none(asker: Asker, world: World) -> None:
    pro = world.who["pro"]
    for code in (world.of["otherCode"], "ZZZZZZ"):
        assert problem(check(asker, code, pro)) == (404, "CONTREMARQUE_NOT_FOUND")


def test_nobody_asks_without_a_session_and_no_beneficiary_at_all(asker: Asker, world: World) -> None:
    assert problem(check(asker, world.of["code"], None)) == (401, "UNAUTHENTICATED")
    assert problem(check(asker, world.of["code"], world.who["beneficiary"])) == (403, "FORBIDDEN")
