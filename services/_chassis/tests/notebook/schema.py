"""The notebook's subgraph, with a few fields that misbehave on purpose."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.graphql import (
    PLAIN,
    After,
    ApiError,
    Before,
    Cents,
    Connection,
    ErrorCode,
    First,
    Info,
    Last,
    answer,
    build_schema,
    known_uuid,
    load,
    once,
    page,
    require,
    require_person,
    result_union,
    window,
)
from chassis.graphql.jobs import Job, cancel_own_job, own_job
from chassis.graphql.live import watch
from chassis.graphql.schema import Subgraph
from chassis.jobs import enqueue
from chassis.keyset import Order, windowed
from chassis.refusals import Refusal
from notebook import notes as usecases
from notebook.nights import CANARY, RAISE_PRICES
from notebook.notes import TOPIC, TitleTaken
from notebook.notes import Note as NoteRecord
from notebook.tables import notes


@strawberry.federation.type(keys=["id"])
class Note:
    id: strawberry.ID
    title: str
    price_cents: Cents
    written_at: datetime

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> "Note | None":
        id_ = known_uuid(id)
        return await _find(info, id_) if id_ else None

    @strawberry.field
    def itself(self) -> "Note":
        return self


@strawberry.type
class NoteWritten:
    note: Note
    shelf: strawberry.ID
    """A name that somebody else gave: nothing to make global of."""
    copied_id: strawberry.ID | None = None


@strawberry.input
class WriteNote:
    title: str
    price_cents: Cents
    copy_of: strawberry.ID | None = None


def _note(record: NoteRecord) -> Note:
    return Note(
        id=strawberry.ID(str(record.id)),
        title=record.title,
        price_cents=record.price_cents,
        written_at=record.written_at,
    )


async def _find(info: Info, id: UUID) -> "Note | None":
    record = await load(info, usecases.by_ids, id)
    return _note(record) if record else None


@strawberry.type
class Query:
    @strawberry.field
    async def note(self, info: Info, id: strawberry.ID) -> Note | None:
        return await _find(info, UUID(id))

    @strawberry.field
    async def titles(self, info: Info, note_ids: list[strawberry.ID]) -> list[str | None]:
        found = [await _find(info, UUID(id_)) for id_ in note_ids]
        return [note and note.title for note in found]

    @strawberry.field
    async def notes(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Note]:
        asked = window(first, after, last, before, str)
        wanted = windowed(sa.select(notes), asked, Order(notes.c.title))
        async with info.context.db.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return page(rows, asked, node=_note, keys=lambda row: [row.title])

    @strawberry.field
    def now(self, info: Info) -> datetime:
        return info.context.now

    @strawberry.field
    def me(self, info: Info) -> UUID:
        return require_person(info).person_id

    @strawberry.field
    def secret(self, info: Info) -> str:
        require(info, "admin", "finance")
        return "open"

    @strawberry.field
    def request_id(self, info: Info) -> str:
        return info.context.request_id

    @strawberry.field
    def address(self, info: Info) -> str:
        return info.context.client_address

    @strawberry.field
    def price(self, of: Cents) -> Cents:
        return of

    @strawberry.field
    def instant(self, of: datetime) -> datetime:
        return of

    @strawberry.field
    def echo(self, of: UUID) -> UUID:
        return of

    @strawberry.field
    def bug(self) -> str:
        raise RuntimeError(CANARY)

    @strawberry.field
    def misprice(self) -> Cents:
        return Cents(CANARY)  # type: ignore[arg-type]

    @strawberry.field
    def naive(self) -> datetime:
        return datetime(2026, 1, 1)  # noqa: DTZ001

    @strawberry.field
    async def missing_table(self, info: Info) -> str:
        async with info.context.db.read() as connection:
            await connection.execute(sa.text("SELECT 1 FROM nowhere WHERE mail = :mail"), {"mail": CANARY})
        return "found"

    @strawberry.field
    async def slow(self, seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "done"

    @strawberry.field
    def forbidden_word(self) -> str:
        raise ApiError(ErrorCode.NOT_FOUND, "Cette note n'existe pas.")

    @strawberry.field
    async def raising(self, info: Info, id: strawberry.ID) -> "Raising | None":
        record = await own_job(info, UUID(id), RAISE_PRICES)
        return Raising(job=Job.of(record)) if record is not None else None


@strawberry.type
class Raising:
    job: Job


@strawberry.type
class Mutation:
    @strawberry.mutation(graphql_type=result_union("WriteNoteResult", NoteWritten, TitleTaken))  # type: ignore[untyped-decorator]
    async def write_note(self, info: Info, input: WriteNote, idempotency_key: UUID) -> object:
        require_person(info)
        now = info.context.now
        made = await once(
            info,
            "writeNote",
            idempotency_key,
            input,
            lambda connection: usecases.write(connection, input.title, input.price_cents, now),
        )
        if isinstance(made, Refusal):
            return answer(made)
        written = await _find(info, made)
        assert written is not None
        return NoteWritten(note=written, shelf=strawberry.ID("shelf 3"), copied_id=input.copy_of)

    @strawberry.mutation
    async def start_raising_prices(self, info: Info, by_cents: int = 1) -> "Raising":
        person = require_person(info)

        async def work(connection: AsyncConnection) -> UUID:
            given = {"by_cents": by_cents}
            return await enqueue(
                connection, RAISE_PRICES, given, now=info.context.now, owner=person.person_id
            )

        record = await own_job(info, await info.context.db.run(work), RAISE_PRICES)
        assert record is not None
        return Raising(job=Job.of(record))

    @strawberry.mutation
    async def cancel_raising_prices(self, info: Info, id: strawberry.ID) -> "Raising":
        return Raising(job=Job.of(await cancel_own_job(info, UUID(id), RAISE_PRICES)))


@strawberry.type
class NoteChange:
    note: Note | None
    cursor: str


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def note_changed(self, info: Info, after: str | None = None) -> AsyncGenerator[NoteChange, None]:
        async def everything() -> list[UUID]:
            async with info.context.db.read() as connection:
                return list(await connection.scalars(sa.select(notes.c.id).order_by(notes.c.id)))

        async with aclosing(watch(info, TOPIC, after, everything)) as notices:
            async for notice in notices:
                note = await _find(info, notice.id) if notice.id is not None else None
                yield NoteChange(note=note, cursor=notice.cursor)

    @strawberry.subscription
    async def ticks(self, count: int) -> AsyncGenerator[int, None]:
        for number in range(count):
            yield number
            await asyncio.sleep(0)

    @strawberry.subscription
    async def plainly(self, note_id: strawberry.ID) -> AsyncGenerator[str, None]:
        yield str(note_id)

    @strawberry.subscription
    async def breaks(self) -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError(CANARY)


def build(introspection: bool) -> Subgraph:
    ids = {
        "NoteWritten.shelf": PLAIN,
        "NoteWritten.copiedId": "Note",
        "WriteNote.copyOf": "Note",
        "Query.raising(id:)": "Job",
        "Mutation.cancelRaisingPrices(id:)": "Job",
    }
    return build_schema(Query, Mutation, Subscription, introspection=introspection, ids=ids)
