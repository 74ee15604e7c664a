"""The topic the notebook publishes, and the copies it keeps of what it hears."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import republish
from chassis.consumer import Message, Subscription
from chassis.copies import keep_newer, newest
from chassis.live.hub import LiveTopic
from chassis.outbox import Published
from notebook.notes import TOPIC, event
from notebook.tables import copies, notes

_KEEP_COPY = keep_newer(copies)


class NoteMessage(Message):
    title: str


async def copy(connection: AsyncConnection, messages: Sequence[NoteMessage]) -> None:
    await connection.execute(_KEEP_COPY, [message.model_dump() for message in newest(messages)])


def published(topic: str = TOPIC) -> Published:
    return republish.published(topic, notes, lambda row: event(row._asdict(), topic))


def live(topic: str = TOPIC) -> LiveTopic:
    """Every note is told on the one channel there is."""
    return LiveTopic(topic, lambda note: [topic])


def heard(topic: str = TOPIC) -> Subscription[NoteMessage]:
    return Subscription(topic, NoteMessage, copy)
