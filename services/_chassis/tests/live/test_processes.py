"""From commit to the watching client through a real broker and every replica, and again after what ends a stream."""

import asyncio
import signal
import time

import pytest

from chassis.ids import new_id
from chassis.testing import principal

from .conftest import Stage, Watching, watching

pytestmark = pytest.mark.servers


def fresh() -> str:
    return f"note {new_id()}"


async def test_every_replica_tells_what_was_committed_anywhere(stage: Stage) -> None:
    one, other = await stage.replica(), await stage.replica()
    async with watching(one.url) as here, watching(other.url) as there:
        assert [await here.title(), await there.title()] == [None, None]
        titles = [fresh(), fresh()]
        for title in titles:
            await stage.write(title)
            assert [await here.title(), await there.title()] == [title, title]


async def told_until(got: Watching, title: str) -> set[str | None]:
    told: set[str | None] = set()
    while title not in told:
        told.add(await got.title())
    return told


async def test_who_was_away_goes_on_where_they_were_on_the_same_replica_or_another(stage: Stage) -> None:
    one = await stage.replica()
    titles = [fresh() for _ in range(5)]
    async with watching(one.url) as got:
        assert await got.title() is None
        await stage.write(titles[0])
        assert await got.title() == titles[0]
        cursor = got.cursor
    await stage.write(titles[1])
    async with watching(one.url, after=cursor) as again:
        await told_until(again, titles[1])
        await stage.write(titles[2])
        await told_until(again, titles[2])
    other = await stage.replica()  # which began to read after all of it: it asks the database
    await stage.write(titles[3])
    async with watching(other.url, after=cursor) as elsewhere:
        told = await told_until(elsewhere, titles[3])
        await stage.write(titles[4])
        assert told | await told_until(elsewhere, titles[4]) >= set(titles[1:])


async def test_a_replica_that_is_told_to_end_ends_its_streams_first(stage: Stage) -> None:
    replica = await stage.replica()
    async with watching(replica.url) as got:
        assert await got.title() is None
        began = time.monotonic()
        replica.process.send_signal(signal.SIGTERM)
        ended = await got.next()
        assert ended is not None
        assert ended["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert await got.next() is None
        assert await replica.process.wait() == 0
        assert time.monotonic() - began < 20


async def test_a_stream_ends_with_the_token_that_opened_it(stage: Stage) -> None:
    replica = await stage.replica()
    now = int(time.time())
    async with watching(replica.url, iat=now - 900, exp=now - 3) as got:  # five seconds are let pass
        assert await got.title() is None
        ended = await got.next()
        assert ended is not None
        assert ended["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert await got.next() is None


async def test_a_person_may_watch_five_times_at_once(stage: Stage) -> None:
    replica, who = await stage.replica(), principal("pro")
    async with asyncio.timeout(30):
        async with (
            watching(replica.url, who) as first,
            watching(replica.url, who) as b,
            watching(replica.url, who) as c,
            watching(replica.url, who) as d,
            watching(replica.url, who) as e,
        ):
            assert [await each.title() for each in (first, b, c, d, e)] == [None] * 5
            async with watching(replica.url, who) as sixth:
                refused = await sixth.next()
                assert refused is not None
                assert refused["errors"][0]["extensions"]["code"] == "TOO_MANY_REQUESTS"
        while True:  # those that left make room
            async with watching(replica.url, who) as again:
                if "note" in (await again.next() or {}):
                    break


async def test_a_wrong_cursor_is_bad_input(stage: Stage) -> None:
    replica = await stage.replica()
    async with watching(replica.url, after="yesterday") as got:
        refused = await got.next()
    assert refused is not None
    assert refused["errors"][0]["extensions"]["code"] == "BAD_INPUT"
