"""Guessing is slow per account, per place and per both; and no number of wrong passwords locks an owner out."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.incoming import CLIENT_ADDRESS_HEADER
from identity_world import SIGN_IN

pytestmark = pytest.mark.servers

EMAIL, WRONG = "jeune@example.com", "Autrement123!"
HOME = "198.51.100.7"


async def is_throttled(identity: Any, email: str, password: str, address: str) -> bool:
    answer = await identity.api.execute(
        SIGN_IN, {"email": email, "password": password}, headers={CLIENT_ADDRESS_HEADER: address}
    )
    codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
    assert codes in ([], ["TOO_MANY_REQUESTS"])
    return bool(codes)


async def test_one_account_takes_ten_failures_a_minute_from_wherever_they_come(identity: Any) -> None:
    await identity.young_person()
    for number in range(10):
        assert not await is_throttled(identity, EMAIL, WRONG, f"203.0.113.{number}")
    assert await is_throttled(identity, EMAIL, WRONG, "203.0.113.99")
    identity.runtime.clock.instant += timedelta(minutes=1)
    assert not await is_throttled(identity, EMAIL, WRONG, "203.0.113.99")


async def test_the_owner_comes_in_from_a_known_place_whatever_others_try_elsewhere(identity: Any) -> None:
    await identity.young_person()
    assert (await identity.sign_in(EMAIL, address=HOME))["__typename"] == "Session"
    for number in range(200):
        await is_throttled(identity, EMAIL, WRONG, f"203.0.113.{number}")
    assert await is_throttled(identity, EMAIL, WRONG, "203.0.113.1")
    assert (await identity.sign_in(EMAIL, address=HOME))["__typename"] == "Session"


async def test_a_known_place_has_ten_failures_too(identity: Any) -> None:
    await identity.young_person()
    await identity.sign_in(EMAIL, address=HOME)
    for _ in range(10):
        assert not await is_throttled(identity, EMAIL, WRONG, HOME)
    assert await is_throttled(identity, EMAIL, WRONG, HOME)


async def test_a_place_is_known_for_90_days(identity: Any) -> None:
    await identity.young_person()
    await identity.sign_in(EMAIL, address=HOME)
    identity.runtime.clock.instant += timedelta(days=90, seconds=1)
    for number in range(10):
        await is_throttled(identity, EMAIL, WRONG, f"203.0.113.{number}")
    assert await is_throttled(identity, EMAIL, "Abcdefgh123!", HOME)


async def test_a_whole_ipv6_64_is_one_place(identity: Any) -> None:
    for number in range(30):
        assert not await is_throttled(identity, f"a{number}@example.com", WRONG, f"2001:db8:1:2::{number:x}")
    assert await is_throttled(identity, "encore@example.com", WRONG, "2001:db8:1:2:ffff::1")
    assert not await is_throttled(identity, "encore@example.com", WRONG, "2001:db8:1:3::1")
