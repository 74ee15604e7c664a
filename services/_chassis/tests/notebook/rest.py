"""The notebook's REST API: every part of the kit, and a few endpoints that misbehave on purpose."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import AwareDatetime, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.refusals import Refusal
from chassis.rest import (
    Answer,
    Call,
    Caller,
    Endpoint,
    KeyRing,
    Nothing,
    Outcome,
    Paging,
    RateLimit,
    RestApi,
    RestModel,
    Scheme,
    StoredKey,
    StoredKeyRing,
    etag_of_version,
    new_key,
    not_found,
)
from chassis.rest.serving import FAILED_RECOGNITIONS
from notebook import notes as usecases
from notebook.nights import CANARY
from notebook.notes import Note, TitleTaken
from notebook.tables import notes

PARTNER_KEY = new_key("partner")
FAILED_AFTER = FAILED_RECOGNITIONS.count
PARTNER = UUID("0193f2a0-0000-7000-8000-0000000000aa")


class ById(RestModel):
    note_id: UUID


class Text(RestModel):
    title: str = Field(min_length=1, max_length=40)


class NewNote(Text):
    price_cents: int = Field(ge=0, le=10_000_00)
    remind_at: AwareDatetime | None = None
    tags: list[str] = Field(default=[], max_length=3)


class NoteShown(RestModel):
    id: UUID
    title: str
    price_cents: int
    written_at: AwareDatetime

    @classmethod
    def of(cls, note: Note) -> "NoteShown":
        return cls(id=note.id, title=note.title, price_cents=note.price_cents, written_at=note.written_at)


class NotesShown(RestModel):
    notes: list[NoteShown]


class Titled(Paging):
    title: list[str] | None = Field(default=None, max_length=5, description="ces titres seulement")


async def _find(call: Call[Any, Any, Any], id_: UUID) -> Note:
    async with call.runtime.database.read() as connection:
        found = await usecases.by_ids(connection, [id_])
    return found.get(id_) or not_found("Cette note n'existe pas.")


async def show(call: Call[ById]) -> Outcome:
    note = await _find(call, call.path.note_id)
    return Answer(NoteShown.of(note), etag=etag_of_version(note.version))


async def list_notes(call: Call[Nothing, Titled]) -> Outcome:
    wanted = sa.select(notes).order_by(notes.c.title).limit(call.query.limit + 1)
    if (keys := call.query.after(str)) is not None:
        wanted = wanted.where(notes.c.title > keys[0])
    if call.query.title is not None:
        wanted = wanted.where(notes.c.title.in_(call.query.title))
    async with call.runtime.database.read() as connection:
        rows = (await connection.execute(wanted)).all()
    shown, cursor = call.query.cut(rows, lambda row: [row.title])
    return Answer(NotesShown(notes=[NoteShown.of(row) for row in shown]), next_cursor=cursor)


async def write(call: Call[Nothing, Nothing, NewNote]) -> Outcome:
    async def work(connection: AsyncConnection) -> Note | TitleTaken:
        return await usecases.write(connection, call.body.title, call.body.price_cents, call.now)

    made = await call.once(work)
    if isinstance(made, Refusal):
        return made
    return Answer(NoteShown.of(await _find(call, made)), 201, headers={"Location": f"/v1/notes/{made}"})


async def retitle(call: Call[ById, Nothing, Text]) -> Outcome:
    call.principal("pro")

    async def work(connection: AsyncConnection) -> int:
        wanted = sa.select(notes.c.version).where(notes.c.id == call.path.note_id).with_for_update()
        version: int | None = await connection.scalar(wanted)
        if version is None:
            not_found("Cette note n'existe pas.")
        call.must_match(etag_of_version(version))
        await usecases.retitle(connection, call.path.note_id, call.body.title)
        return version + 1

    return Answer(status=204, etag=etag_of_version(await call.runtime.database.run(work)))


async def now(call: Call) -> Outcome:
    return Answer(Instant(now=call.now, address=call.client_address))


async def bug(call: Call) -> Outcome:
    raise RuntimeError(CANARY)


async def missing_table(call: Call) -> Outcome:
    async with call.runtime.database.read() as connection:
        await connection.execute(sa.text("SELECT 1 FROM nowhere WHERE mail = :mail"), {"mail": CANARY})
    return Answer(status=204)


async def undeclared(call: Call) -> Outcome:
    return Answer(status=202)


class Instant(RestModel):
    now: AwareDatetime
    address: str


def key_rings(_: Any) -> Mapping[Scheme, KeyRing]:
    stored = {
        PARTNER_KEY.prefix: StoredKey(PARTNER_KEY.digest, Caller(PARTNER, Scheme.PARTNER_KEY)),
    }

    async def by_prefix(prefix: str) -> StoredKey | None:
        return stored.get(prefix)

    return {Scheme.PARTNER_KEY: StoredKeyRing(by_prefix)}


def _broken(name: str, handle: Any) -> Endpoint[Any, Any, Any]:
    return Endpoint(
        method="GET",
        path=f"/v1/broken/{name}",
        operation=name,
        summary="Ne marche pas",
        handle=handle,
        answers={204: None},
    )


NOTES = (
    Endpoint(
        method="GET",
        path="/v1/notes/{noteId}",
        operation="showNote",
        summary="Une note",
        handle=show,
        answers={200: NoteShown},
        path_model=ById,
        has_etag=True,
    ),
    Endpoint(
        method="GET",
        path="/v1/notes",
        operation="listNotes",
        summary="Les notes, par titre",
        handle=list_notes,
        answers={200: NotesShown},
        query_model=Titled,
    ),
    Endpoint(
        method="POST",
        path="/v1/notes",
        operation="writeNote",
        summary="Écrire une note",
        handle=write,
        answers={201: NoteShown},
        refusals={TitleTaken: 409},
        schemes=(Scheme.SESSION, Scheme.PARTNER_KEY),
        body_model=NewNote,
        is_idempotent=True,
        max_body_bytes=2048,
    ),
    Endpoint(
        method="PATCH",
        path="/v1/notes/{noteId}",
        operation="retitleNote",
        summary="Changer le titre d'une note",
        handle=retitle,
        answers={204: None},
        schemes=(Scheme.SESSION,),
        path_model=ById,
        body_model=Text,
        has_etag=True,
    ),
    Endpoint(
        method="GET",
        path="/v1/now",
        operation="now",
        summary="L'heure",
        handle=now,
        answers={200: Instant},
        limit=RateLimit(3, timedelta(minutes=1)),
    ),
)

API = RestApi(title="Carnet", version="1", endpoints=NOTES, key_rings=key_rings)
BROKEN = tuple(_broken(*one) for one in (("bug", bug), ("table", missing_table), ("undeclared", undeclared)))
API_WITH_BUGS = RestApi(title="Carnet", version="1", endpoints=(*NOTES, *BROKEN), key_rings=key_rings)
