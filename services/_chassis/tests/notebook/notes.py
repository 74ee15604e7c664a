"""What can be done with a note, and what refuses it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.clock import iso
from chassis.ids import new_id
from chassis.kept import Aggregates
from chassis.records import parameters
from chassis.refusals import Refusal
from notebook.tables import notes

TOPIC = "notebook.note.v1"


@dataclass(frozen=True, slots=True)
class Note:
    """A row of `notes`."""

    id: UUID
    version: int
    title: str
    price_cents: int
    written_at: datetime


NOTES = Aggregates(notes, Note)
by_ids = NOTES.by_ids

_ADD = NOTES.insert.on_conflict_do_nothing(index_elements=["title"])
_RETITLE = (
    sa.update(notes)
    .where(notes.c.id == sa.bindparam("note"))
    .values(title=sa.bindparam("new_title"), version=notes.c.version + 1, changed_at=sa.func.now())
    .returning(notes)
)


@dataclass(frozen=True, slots=True)
class TitleTaken(Refusal):
    """Another note has this title."""

    code: ClassVar[str] = "TITLE_TAKEN"
    title: str
    fee_cents: int | None
    free_from: datetime | None

    @property
    def message(self) -> str:
        return f"Une autre note s'appelle déjà « {self.title} »."


async def write(
    connection: AsyncConnection, title: str, price_cents: int, now: datetime, topic: str = TOPIC
) -> Note | TitleTaken:
    """A new note, its event and the mail that it owes."""
    note = Note(new_id(), 1, title, price_cents, now)
    if not await NOTES.add(connection, note, _ADD):
        return TitleTaken(title=title, fee_cents=50, free_from=now)
    await outbox.emit(connection, [event(parameters(note), topic)])
    await mail.enqueue(connection, "written", {"note": str(note.id)})
    return note


async def retitle(connection: AsyncConnection, note: UUID, title: str, topic: str = TOPIC) -> None:
    """The next version of a note. The update locks its row: the outbox keeps the order of the versions."""
    row = (await connection.execute(_RETITLE, {"note": note, "new_title": title})).one()
    await outbox.emit(connection, [event(row._asdict(), topic)])


def event(note: dict[str, Any], topic: str) -> outbox.Event:
    return outbox.Event(
        topic=topic,
        key=note["id"],
        version=note["version"],
        type="note.written" if note["version"] == 1 else "note.changed",
        state={"title": note["title"], "written_at": iso(note["written_at"])},
    )
