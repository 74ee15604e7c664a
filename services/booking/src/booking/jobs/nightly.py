"""What the jobs of the night share: going through all bookings in steps, each resumed where it stopped."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence.bookings import BEFORE_ALL, Place
from booking.runtime import BookingRuntime
from booking.usecases.page_of_bookings import PageDone
from chassis.clock import iso, parse_instant
from chassis.jobs import Run

BookingRun = Run[BookingRuntime]


async def page_by_page(run: BookingRun, act: Callable[[AsyncConnection, Place], Awaitable[PageDone]]) -> int:
    """`act` on every page of bookings, each in a transaction of its own; how many it has acted on."""
    place = BEFORE_ALL if run.cursor is None else (parse_instant(run.cursor[0]), UUID(run.cursor[1]))

    async def step(connection: AsyncConnection) -> Place | None:
        page = await act(connection, place)
        reached = page.next or place
        await run.checkpoint(
            connection, cursor=[iso(reached[0]), str(reached[1])], done=run.done + page.acted
        )
        return page.next

    while (after := await run.step(step)) is not None:
        place = after
    return run.done
