"""A column is named once: what is read, written and published of a row follows its table."""

from dataclasses import fields

import pytest
import sqlalchemy as sa

from booking.persistence import book_statement, bookings, records, stocks, tables
from booking.persistence.book_statement import Facts
from booking.persistence.records import AvailabilityRecord, BookingRecord
from booking_support.world import World

COPIES = [
    (records.PersonCopy, tables.persons),
    (records.VenueCopy, tables.venues),
    (records.OfferCopy, tables.offers),
    (records.PaymentCopy, tables.payments),
]
PARTLY_OURS = [(records.GrantCopy, tables.wallets), (records.StockCopy, tables.stocks)]


def names(record: type) -> list[str]:
    return [field.name for field in fields(record)]


@pytest.mark.parametrize(("copy", "table"), COPIES)
def test_a_copy_has_the_columns_of_its_table(copy: type, table: sa.Table) -> None:
    assert names(copy) == [column.name for column in table.c]


@pytest.mark.parametrize(("copy", "table"), PARTLY_OURS)
def test_what_others_publish_of_a_row_of_ours_is_stored_under_its_name(copy: type, table: sa.Table) -> None:
    assert set(names(copy)) < {column.name for column in table.c}


def test_a_booking_is_read_as_its_record() -> None:
    assert names(BookingRecord) == [column.name for column in bookings.SELECT.selected_columns]
    stored = [column.name for column in tables.bookings.c if column.name not in ("changed_at", "number")]
    assert names(BookingRecord)[: len(stored)] == stored


def test_what_is_left_is_read_as_its_record() -> None:
    assert names(AvailabilityRecord) == [column.name for column in stocks.AVAILABILITY.selected_columns]


def test_a_booking_is_written_with_every_column_that_has_no_default_nor_comes_later() -> None:
    later = {"cancelled_at", "cancellation_reason", "reimbursed_at", "warned_on"}
    written = {column.name for column in tables.bookings.c if column.server_default is None} - later
    assert set(book_statement.BOOKED) == written


def test_every_parameter_of_the_booking_statements_is_given() -> None:
    for statement in (book_statement.PAY_AND_BOOK, book_statement.BOOK_FOR_FREE):
        assert set(statement.names) <= _given()


def _given() -> set[str]:
    asked = set(book_statement.BOOKED) | {field.name for field in fields(book_statement.Asked)} - {"record"}
    return asked | {"answer", "mail", "total_cents", "digital_cents", "physical_cents"}


@pytest.mark.servers
async def test_the_facts_of_a_booking_are_read_by_name(world: World) -> None:
    """In order too: they are made of the row as it comes."""
    nobody = {"person_id": world.venue_id, "key": world.venue_id, "stock_id": world.venue_id}
    async with world.runtime.database.driver() as driver:
        row = await book_statement.READ.row(driver, {**nobody, "now": world.runtime.clock.now()})
    assert list(row.keys()) == names(Facts)
