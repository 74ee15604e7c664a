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
from chassis.live.hub import Live, LiveTopic, Notice
from chassis.live.streams import NotReady
from chassis.testing import OpenRuntime
from local_platform.testing import KafkaServer

pytestmark = pytest.mark.servers


async def nothing() -> Iterable[UUID]:
    return ()


class Ear:
    def __init__(self, live: Live, bootstrap: str, topic: str) -> None:
        self.live = live
        self.bootstrap = bootstrap
        self.topic = topic

    async def opened(self) -> AsyncGenerator[Notice, None]:
        async with asyncio.timeout(30):
            while not self.live.is_ready:  # noqa: ASYNC110  # the broker's work
                await asyncio.sleep(0.02)
        stream = self.live.follow(
            "all", Principal(uuid4(), frozenset(), frozenset()), None, everything=nothing
        )
        assert (await anext(stream)).id is None
        return stream

    async def tell(self, *ids: UUID, partition: int | None = None) -> None:
        for id_ in ids:
            await tell(
                self.bootstrap, self.topic, (id_.bytes, orjson.dumps({"id": str(id_)})), partition=partition
            )


@pytest.fixture
async def ear(open_runtime: OpenRuntime, kafka_server: KafkaServer) -> AsyncGenerator[Ear, None]:
    settings = settings_for(await open_runtime(SERVICE), kafka_server.bootstrap)
    topic = f"notebook.note-{new_id().hex}.v1"
    live = Live(settings, [LiveTopic(topic, lambda _: ["all"])])
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
