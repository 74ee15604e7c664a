"""Attempts are counted per key and window, by all replicas together."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from chassis import throttle
from chassis.service import Runtime
from chassis.testing import TODAY

pytestmark = pytest.mark.servers

MINUTE = timedelta(minutes=1)


async def test_a_window_allows_its_limit_and_the_next_window_begins_anew(runtime: Runtime[Any]) -> None:
    async with runtime.database.read() as connection:

        async def allowed(after: timedelta, bucket: str = "guess:1") -> bool:
            return await throttle.allows(connection, bucket, limit=3, window=MINUTE, now=TODAY + after)

        assert [await allowed(timedelta(seconds=n)) for n in range(5)] == [True, True, True, False, False]
        assert not await allowed(MINUTE - timedelta(microseconds=1)), "the window is open to its end"
        assert await allowed(timedelta(seconds=2), "guess:2"), "each key is counted on its own"
        assert [await allowed(MINUTE) for _ in range(4)] == [True, True, True, False]
        await throttle.clear(connection, "guess:1")
        assert await allowed(MINUTE)


async def test_attempts_made_at_once_are_all_counted(runtime: Runtime[Any]) -> None:
    async def attempt() -> bool:
        async with runtime.database.read() as connection:
            return await throttle.allows(connection, "guess", limit=4, window=MINUTE, now=TODAY)

    assert sorted(await asyncio.gather(*(attempt() for _ in range(20)))) == [False] * 16 + [True] * 4
