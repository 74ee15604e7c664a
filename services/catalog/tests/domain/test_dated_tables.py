"""Every dated table of the catalogue: sources named, no instant without exactly one row."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain import (
    compliance,
    duplicates,
    images,
    price,
    price_limitation,
    provider_stock,
    status,
    stock,
    taxonomy,
    visibility,
    withdrawal,
)

TABLES = [
    compliance.FIRST_VERDICTS,
    duplicates.ONE_OFFER_PER_EAN,
    images.IMAGE_FORMATS,
    images.IMAGES_PER_OFFER,
    price.PRICE_CEILINGS,
    price_limitation.PRICE_MOVES_ARE_LIMITED,
    provider_stock.OPEN_AGENDA_IMPORT,
    status.OFFER_STATUSES,
    stock.EMPTY_BOOKING_LIMIT,
    stock.STOCK_LIMITS,
    taxonomy.TAXONOMY,
    visibility.CONDITIONS,
    withdrawal.WITHDRAWALS,
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_rows_tell_their_source_and_their_line(table):
    assert table.rows
    for row in table.rows:
        assert row.source
        assert "/catalog/domain/" in row.location


SINCE, UNTIL = datetime(2018, 1, 1), datetime(2027, 1, 1)  # noqa: DTZ001 - the strategy adds the zone


@given(st.datetimes(SINCE, UNTIL, timezones=st.just(UTC)), st.sampled_from(TABLES))
def test_no_instant_without_exactly_one_row(instant, table):
    rows = [row for start, end, row in table.periods() if start <= instant and (end is None or instant < end)]
    assert rows == [table.row_at(instant)]
