"""A broker that is away is waited for, and what happened meanwhile told; one that lost all ends the streams."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from uuid import UUID, uuid4

import orjson
import pytest
from notebook.broker import empty_topic, settings_for, tell
from notebook.main import SERVICE

from chassis.auth import Principal
from chassis.ids import new_id
from chassis.live.hub import Ids, Live, LiveTopic, Notice
from chassis.live.streams import NotReady
from chassis.testing import OpenRuntime
from local_platform.testing import KafkaServer

pytestmark = pytest.mark.servers


LINGER_SECONDS = 1.0


async def nothing() -> Iterable[UUID]:
    return ()


class Ear:
    def __init__(self, live: Live, bootstrap: str, topic: str) -> None:
        self.live = live
        self.bootstrap = bootstrap
        self.topic = topic

    async def opened(self) -> AsyncGenerator[Notice, None]:
        stream = self.watch()
        assert (await anext(stream)).id is None
        return stream

    def watch(self, after: str | None = None, everything: Ids = nothing) -> AsyncGenerator[Notice, None]:
        who = Principal(uuid4(), frozenset(), frozenset())
        return self.live.follow("all", who, after, everything=everything)

    async def tell(self, *ids: UUID, partition: int | None = None) -> None:
        for id_ in ids:
            await tell(
                self.bootstrap, self.topic, (id_.bytes, orjson.dumps({"id": str(id_)})), partition=partition
            )


@pytest.fixture
async def ear(open_runtime: OpenRuntime, kafka_server: KafkaServer) -> AsyncGenerator[Ear, None]:
    settings = settings_for(await open_runtime(SERVICE), kafka_server.bootstrap)
    topic = f"notebook.note-{new_id().hex}.v1"
    live = Live(
        settings, [LiveTopic(topic, lambda _: ["all"])], linger_seconds=LINGER_SECONDS, begin_seconds=30
    )
    stop = asyncio.Event()
    reading = asyncio.create_task(live.run(stop))
    yield Ear(live, kafka_server.bootstrap, topic)
    stop.set()
    await asyncio.wait_for(reading, 30)


async def told(stream: AsyncGenerator[Notice, None], count: int) -> set[UUID | None]:
    return {(await asyncio.wait_for(anext(stream), 60)).id for _ in range(count)}


async def test_only_what_is_new_is_told_from_every_partition(ear: Ear) -> None:
    before, after = [uuid4() for _ in range(3)], [uuid4() for _ in range(6)]
    stream = await ear.opened()
    await ear.tell(*before)
    assert await told(stream, 3) == set(before)
    late = await ear.opened()
    for number in range(3):
        await ear.tell(*after[2 * number : 2 * number + 2], partition=number)
    assert await told(late, 6) == await told(stream, 6) == set(after)


async def test_streams_outlive_a_broker_that_is_away_and_miss_nothing(
    ear: Ear, kafka_server: KafkaServer
) -> None:
    stream, ids = await ear.opened(), [uuid4() for _ in range(4)]
    await ear.tell(ids[0])
    assert await told(stream, 1) == {ids[0]}
    kafka_server.stop()
    await asyncio.sleep(1.5)
    kafka_server.start()
    await ear.tell(*ids[1:])
    assert await told(stream, 3) == set(ids[1:])


async def test_a_topic_that_lost_everything_ends_the_streams(ear: Ear) -> None:
    stream = await ear.opened()
    ids = [uuid4() for _ in range(5)]
    await ear.tell(*ids, partition=0)
    assert await told(stream, 5) == set(ids)
    await empty_topic(ear.live._reader._settings, ear.topic)  # type: ignore[arg-type]
    with pytest.raises(NotReady):
        await told(stream, 1)
    again = await ear.opened()
    await ear.tell(ids[0])
    assert await told(again, 1) == {ids[0]}


async def test_it_reads_while_somebody_watches_and_a_little_longer(ear: Ear) -> None:
    assert not ear.live.is_reading
    first, ids = await ear.opened(), [uuid4() for _ in range(3)]
    assert ear.live.is_reading
    second = await ear.opened()
    await first.aclose()
    await ear.tell(ids[0])
    last = await asyncio.wait_for(anext(second), 60)
    await second.aclose()
    await ear.tell(ids[1])
    back = ear.watch(last.cursor)
    assert await told(back, 2) == {ids[1], None}, "from memory: it was read while nobody watched"
    await back.aclose()
    async with asyncio.timeout(30):
        while ear.live.is_reading:  # noqa: ASYNC110  # the broker's work
            await asyncio.sleep(0.02)
    await ear.tell(ids[2])

    async def everything() -> Iterable[UUID]:
        return ids

    late = ear.watch(last.cursor, everything)
    assert await told(late, 4) == {*ids, None}, "from the database: it was not read"
    await ear.tell(ids[0])
    assert await told(late, 1) == {ids[0]}


async def test_without_a_broker_a_stream_is_not_opened_and_holds_nothing(ear: Ear) -> None:
    settings = ear.live._reader._settings.model_copy(update={"kafka": "127.0.0.1:1"})
    live = Live(settings, [LiveTopic(ear.topic, lambda _: ["all"])], begin_seconds=0.2)
    stop = asyncio.Event()
    reading = asyncio.create_task(live.run(stop))
    who = Principal(uuid4(), frozenset(), frozenset())
    with pytest.raises(NotReady):
        await anext(live.follow("all", who, None, everything=nothing))
    assert live._streams.is_empty
    stop.set()
    await asyncio.wait_for(reading, 30)
