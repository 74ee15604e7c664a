"""What can be done with a note, and what refuses it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.clock import iso
from chassis.ids import new_id
from chassis.refusals import Refusal
from notebook.tables import notes

TOPIC = "notebook.note.v1"

_INSERT = pg.insert(notes).on_conflict_do_nothing(index_elements=["title"]).returning(notes.c.id)
_RETITLE = (
    sa.update(notes)
    .where(notes.c.id == sa.bindparam("note"))
    .values(title=sa.bindparam("new_title"), version=notes.c.version + 1)
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
) -> dict[str, Any] | TitleTaken:
    """A new note, its event and the mail that it owes."""
    note = {
        "id": new_id(),
        "version": 1,
        "title": title,
        "price_cents": price_cents,
        "written_at": now,
    }
    if (await connection.execute(_INSERT, note)).one_or_none() is None:
        return TitleTaken(title=title, fee_cents=50, free_from=now)
    await outbox.emit(connection, [event(note, topic)])
    await mail.enqueue(connection, "written", {"note": str(note["id"])})
    return {"id": str(note["id"])}


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
