"""Each stream is told what is its own, in order, and ends with a reason; nobody is waited for."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from chassis.auth import Principal
from chassis.live.hub import Live, LiveTopic, Notice
from chassis.live.positions import NotACursor
from chassis.live.streams import (
    MOST_PENDING,
    Draining,
    NotReady,
    Streams,
    TokenExpired,
    TooManyStreams,
    TooSlow,
)
from chassis.settings import CommonSettings

TOPIC = "notebook.note.v1"


class Feed:
    """A hub, and a topic of one partition that is written by hand."""

    def __init__(self, streams: Streams | None = None, *, is_reading: bool = True) -> None:
        settings = CommonSettings(kafka="127.0.0.1:1", jwks_url="http://127.0.0.1:1/", event_keys="")
        topics = [LiveTopic(TOPIC, lambda note: note["of"])]
        self.live = Live(settings, topics, streams, begin_seconds=0.05)
        self.asked = 0
        self.offset = 0
        if is_reading:
            self.begin()

    def begin(self, *, is_anew: bool = False) -> None:
        self.offset = 0
        self.live._reader.offsets = {(TOPIC, 0): 0}
        self.live._begin({(TOPIC, 0): 0}, is_anew=is_anew)
        self.live._reader.reading.set()
        # As if it had begun a minute ago: cursors of the last seconds are then of this reading.
        if not is_anew:
            self.live._recent._since_seconds -= 60

    def tell(self, id_: UUID, *channels: str, value: bytes | None = None) -> None:
        self.live._reader.offsets[(TOPIC, 0)] = self.offset + 1
        text = value if value is not None else orjson.dumps({"id": str(id_), "of": channels})
        self.live._hear(SimpleNamespace(topic=TOPIC, partition=0, offset=self.offset, value=text))  # type: ignore[arg-type]
        self.offset += 1

    def watch(
        self,
        channel: str = "me",
        after: str | None = None,
        who: Principal | None = None,
        all_: Iterable[UUID] = (),
    ) -> AsyncGenerator[Notice, None]:
        async def everything() -> Iterable[UUID]:
            self.asked += 1
            return all_

        return self.live.follow(channel, who or person(), after, everything=everything)


def person(lifetime_seconds: float = 900) -> Principal:
    return Principal(uuid4(), frozenset(), frozenset(), time.time() + lifetime_seconds)


async def now(stream: AsyncGenerator[Notice, None]) -> Notice:
    return await asyncio.wait_for(anext(stream), 15)


async def opened(feed: Feed, **how: Any) -> AsyncGenerator[Notice, None]:
    stream = feed.watch(**how)
    assert (await now(stream)).id is None
    return stream


async def test_a_stream_begins_with_a_cursor_and_is_told_of_its_channel_alone() -> None:
    feed = Feed()
    mine, theirs, ours = uuid4(), uuid4(), uuid4()
    stream = await opened(feed)
    feed.tell(theirs, "other")
    feed.tell(mine, "me")
    feed.tell(ours, "other", "me")
    assert [(await now(stream)).id, (await now(stream)).id] == [mine, ours]
    await stream.aclose()


async def test_who_resumes_is_told_what_they_missed_from_memory() -> None:
    feed = Feed()
    ids = [uuid4() for _ in range(4)]
    stream = await opened(feed)
    feed.tell(ids[0], "me")
    last = await now(stream)
    await stream.aclose()
    for id_ in (ids[1], ids[2], ids[1]):
        feed.tell(id_, "me")
    again = feed.watch(after=last.cursor)
    assert [(await now(again)).id for _ in range(3)] == [ids[1], ids[2], None]
    feed.tell(ids[3], "me")
    assert (await now(again)).id == ids[3]
    assert feed.asked == 0


async def test_who_resumes_from_too_long_ago_is_told_everything_as_it_is_now() -> None:
    feed = Feed()
    stream = await opened(feed)
    feed.tell(uuid4(), "me")
    last = await now(stream)
    feed.begin(is_anew=True)
    everything = [uuid4(), uuid4()]
    again = feed.watch(after=last.cursor, all_=everything)
    told = [await now(again) for _ in range(3)]
    assert [notice.id for notice in told] == [*everything, None]
    # Who leaves in the middle of it is told all again: the old cursor holds until the end.
    assert {notice.cursor for notice in told[:2]} == {last.cursor}
    assert feed.asked == 1


async def test_what_happens_while_the_database_is_read_is_not_lost() -> None:
    feed, mine = Feed(), uuid4()
    stream = await opened(feed)
    cursor = (await resumed_cursor(feed)).cursor
    await stream.aclose()
    feed.begin(is_anew=True)

    async def everything() -> Iterable[UUID]:
        feed.tell(mine, "me")
        return ()

    again = feed.live.follow("me", person(), cursor, everything=everything)
    assert [(await now(again)).id, (await now(again)).id] == [None, mine]


async def resumed_cursor(feed: Feed) -> Notice:
    stream = feed.watch()
    notice = await now(stream)
    await stream.aclose()
    return notice


async def test_a_client_that_reads_slowly_is_let_go_and_holds_nothing_back() -> None:
    feed = Feed()
    slow, quick = await opened(feed), await opened(feed)
    ids = [uuid4() for _ in range(MOST_PENDING + 1)]
    read = []
    for id_ in ids:
        feed.tell(id_, "me")
        read.append((await now(quick)).id)
    assert read == ids
    with pytest.raises(TooSlow):
        await now(slow)


async def test_what_changes_again_and_again_is_told_once_to_who_reads_slowly() -> None:
    feed, mine, other = Feed(), uuid4(), uuid4()
    stream = await opened(feed)
    for _ in range(10 * MOST_PENDING):
        feed.tell(mine, "me")
    feed.tell(other, "me")
    feed.tell(mine, "me")
    first, second = await now(stream), await now(stream)
    assert [first.id, second.id] == [other, mine]


async def test_a_person_has_so_many_streams_and_another_has_theirs() -> None:
    feed, who = Feed(Streams(per_person=2)), person()
    first, _ = await opened(feed, who=who), await opened(feed, who=who, channel="other")
    with pytest.raises(TooManyStreams):
        await now(feed.watch(who=who))
    await opened(feed)
    await first.aclose()
    await opened(feed, who=who)


async def test_a_process_has_so_many_streams() -> None:
    feed = Feed(Streams(at_once=2))
    first, second = await opened(feed), await opened(feed)
    with pytest.raises(NotReady):
        await now(feed.watch())
    await second.aclose()
    await opened(feed)
    await first.aclose()


async def test_a_stream_ends_with_its_token() -> None:
    feed = Feed()
    stream = await opened(feed, who=person(lifetime_seconds=0.1))
    with pytest.raises(TokenExpired):
        await now(stream)


async def test_streams_end_before_the_process_does() -> None:
    feed = Feed()
    stream = await opened(feed)
    feed.live.drain()
    with pytest.raises(Draining):
        await now(stream)
    with pytest.raises(Draining):
        await now(feed.watch())


async def test_streams_end_when_the_topics_had_to_be_begun_anew() -> None:
    feed = Feed()
    stream = await opened(feed)
    feed.begin(is_anew=True)
    with pytest.raises(NotReady):
        await now(stream)


async def test_nothing_is_promised_before_the_topics_are_read() -> None:
    feed = Feed(is_reading=False)
    with pytest.raises(NotReady):
        await now(feed.watch())


async def test_who_waits_for_the_reading_to_begin_does_not_hold_up_the_end_of_the_process() -> None:
    feed = Feed(is_reading=False)
    feed.live._begin_seconds = 60
    waiting = asyncio.create_task(anext(feed.watch()))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    feed.live.drain()
    with pytest.raises(Draining):
        await asyncio.wait_for(waiting, 15)


async def test_a_cursor_that_is_none_is_refused() -> None:
    with pytest.raises(NotACursor):
        await now(Feed().watch(after="yesterday"))


@pytest.mark.parametrize(
    "value", [b"", b"{", b"[]", b"null", b'{"id":"x","of":[]}', b'{"of":[]}', b'{"id":1,"of":[]}']
)
async def test_an_unreadable_message_disturbs_nobody(value: bytes) -> None:
    feed, mine = Feed(), uuid4()
    stream = await opened(feed)
    feed.tell(mine, "me", value=value)
    feed.tell(mine, "me")
    assert (await now(stream)).id == mine


async def test_streams_that_are_left_leave_nothing_behind() -> None:
    feed = Feed()
    for _ in range(50):
        stream = await opened(feed)
        await stream.aclose()
    streams = feed.live._streams
    assert (streams._on, dict(streams._of), streams._count) == ({}, {}, 0)
