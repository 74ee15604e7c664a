"""What the database prices, posts and publishes of a part is what the pure rules say, row by row, byte by byte."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis import outbox
from finance.domain import ledger as ledger_rules
from finance.domain.bookings import UsedBooking
from finance.domain.eligibility import Candidate, Run, events_begun_before, left_out
from finance.domain.ordering import ORDERED_BY_EVENT_SINCE, in_pricing_order, ordered_at
from finance.domain.pricing import Pricer
from finance.domain.subcategories import SUBCATEGORIES, UnknownSubcategory
from finance.messages.reimbursement import CANCELLED_IN_SQL, OF_BATCH_IN_SQL, reimbursement
from finance.persistence import batches, copies, ledger, priced, pricings
from finance.persistence.derived_ids import DERIVED_ID, derived_id
from finance.persistence.ledger import Posting
from finance.persistence.records import BatchRecord, BookingCopy, PricingRecord

pytestmark = pytest.mark.servers

MOMENT = timedelta(microseconds=1)
CUTOFF = datetime(2026, 11, 15, 23, tzinfo=UTC)
NEW_YEAR_IN_PARIS = datetime(2025, 12, 31, 23, tzinfo=UTC)
STRUCTURES = [UUID(int=number) for number in (1, 2, 3)]
PLACES = [(STRUCTURES[0], UUID(int=11)), (STRUCTURES[1], UUID(int=12)), (STRUCTURES[2], UUID(int=12))]
"""The second venue passed from one structure to another."""
BATCHES = [
    BatchRecord(
        id=UUID(int=100 + number),
        number=number,
        last_day=date(2026, 10, 31) if number == 1 else date(2026, 11, 15),
        cutoff=CUTOFF - timedelta(days=15) if number == 1 else CUTOFF,
        closed_at=datetime(2026, 11, number, 8, tzinfo=UTC),
        transfer_label="",
        execution_date=date(2026, 11, 23),
        total_cents=0,
        transfer_count=0,
        booking_count=0,
        settled_at=CUTOFF,
    )
    for number in (1, 2)
]
EDGES = [
    edge + shift
    for edge in (ORDERED_BY_EVENT_SINCE.astimezone(UTC), NEW_YEAR_IN_PARIS, BATCHES[0].cutoff, CUTOFF)
    for shift in (-MOMENT, 0 * MOMENT, MOMENT)
    if edge + shift >= ORDERED_BY_EVENT_SINCE
]
INSTANTS = st.sampled_from(EDGES) | st.integers(0, 4 * 365 * 86_400).map(
    lambda seconds: CUTOFF - timedelta(seconds=seconds)
)
CENTS = st.sampled_from([0, 1, 9_99, 10_30, 19_999_99, 20_000_00, 110_000_00]) | st.integers(0, 30_000_00)


@st.composite
def bookings(draw, first_id):
    copies_ = []
    for number in range(draw(st.integers(1, 12))):
        structure_id, venue_id = draw(st.sampled_from(PLACES))
        status = draw(st.sampled_from(["USED", "USED", "USED", "USED", "CONFIRMED", "CANCELLED"]))
        used_at = draw(INSTANTS) if status == "USED" else None
        starts_at = draw(st.none() | INSTANTS)
        copies_.append(
            BookingCopy(
                id=UUID(int=first_id - number),
                version=1,
                structure_id=structure_id,
                venue_id=venue_id,
                offer_id=UUID(int=5),
                offer_name="Titre",
                subcategory_id=draw(st.sampled_from(sorted(SUBCATEGORIES))),
                deposit_kind=None,
                quantity=draw(st.integers(1, 2)),
                unit_price_cents=draw(CENTS),
                status=status,
                created_at=datetime(2021, 12, 1, tzinfo=UTC),
                used_at=used_at,
                starts_at=starts_at,
                ordered_at=ordered_at(used_at, starts_at) if used_at else None,
                sealed="",
            )
        )
    return copies_


FORTNIGHTS = st.tuples(bookings(2000), bookings(1000))
"""Of two batches: what comes to the second was heard after the first, whenever it was used."""
SETTLED = st.lists(st.sampled_from(STRUCTURES), unique=True)
PAID = st.sets(st.sampled_from(STRUCTURES))


async def in_sql(connection, batch, settled):
    begun_before = events_begun_before(Run(batch.cutoff, batch.closed_at))
    await priced.price(connection, STRUCTURES, cutoff=batch.cutoff, begun_before=begun_before)
    await priced.record(connection, settled, batch=batch)
    await connection.execute(sa.text("DROP TABLE priced"))
    await priced.publish(connection, STRUCTURES, batch=batch, event=OF_BATCH_IN_SQL)


class ByTheRules:
    """The same, booking by booking: eligibility, order, pricer, entries and events are those of the domain."""

    def __init__(self):
        self.pricer = Pricer()
        self.priced = set()

    async def __call__(self, connection, batch, settled, heard):
        run = Run(batch.cutoff, batch.closed_at)
        due = in_pricing_order(
            UsedBooking(
                each.id,
                each.structure_id,
                each.venue_id,
                each.venue_id,
                each.offer_id,
                each.subcategory_id,
                each.unit_price_cents,
                each.quantity,
                each.created_at,
                each.used_at,
                each.starts_at,
            )
            for each in heard
            if each.status == "USED"
            and left_out(Candidate(each.used_at, False, each.starts_at, each.id in self.priced), run) is None
        )
        self.priced |= {booking.booking_id for booking in due}
        found = [(booking, self.pricer.price(booking)) for booking in due]
        ids = await pricings.record(connection, found, batch_id=batch.id, cutoff=batch.cutoff)
        await ledger.post(
            connection,
            [
                Posting(
                    ledger_rules.priced(price.booked_cents, price.reimbursed_cents), id_, booking.structure_id
                )
                for id_, (booking, price) in zip(ids, found, strict=True)
            ],
            batch_id=batch.id,
            at=batch.closed_at,
        )
        if settled:
            await pricings.process(
                connection,
                settled,
                batch_id=batch.id,
                cutoff=datetime.max.replace(tzinfo=UTC),
                at=batch.closed_at,
            )
        rows = await connection.execute(
            pricings.SELECT.where(sa.text("pricings.id = ANY(:ids)")), {"ids": ids}
        )
        await outbox.emit(connection, [reimbursement(PricingRecord(*row)) for row in rows])


async def prepare(connection):
    for batch in BATCHES:
        await batches.add(connection, batch)
    for number, structure_id in enumerate(STRUCTURES):
        await connection.execute(
            sa.text(
                "INSERT INTO bank_accounts (id, version, structure_id, label, iban, bic, status, submitted_by,"
                " submitted_at) VALUES (:id, 1, :of, '', '', '', 'accepted', :of, now())"
            ),
            {"id": UUID(int=50 + number), "of": structure_id},
        )
        for batch in BATCHES:
            await connection.execute(
                sa.text("INSERT INTO cashflows VALUES (:id, :batch, :of, :account, 1, '', '', '')"),
                {
                    "id": cashflow_of(batch, structure_id),
                    "batch": batch.id,
                    "of": structure_id,
                    "account": UUID(int=50 + number),
                },
            )


def cashflow_of(batch, structure_id):
    return UUID(int=batch.id.int * 1000 + structure_id.int)


async def written(connection):
    queries = (
        "SELECT to_jsonb(p) - 'changed_at' AS row FROM pricings p ORDER BY id",
        "SELECT to_jsonb(l) - 'line' AS row FROM ledger l ORDER BY subject_id, entry_id, account",
        "SELECT concat(topic, key, type, convert_from(payload, 'UTF8')) AS row FROM outbox ORDER BY key, payload",
    )
    return [list((await connection.scalars(sa.text(query))).all()) for query in queries]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FORTNIGHTS, SETTLED, PAID)
async def test_a_part_priced_in_the_database_is_the_part_priced_by_the_rules(
    world, fortnights, settled, paid
):
    first, second = fortnights
    by_the_rules = ByTheRules()
    found = []
    for way in ("sql", "rules"):
        async with world.runtime.database.engine.connect() as connection:
            heard = []
            await prepare(connection)
            for batch, news in zip(BATCHES, (first, second), strict=True):
                heard += news
                await copies.keep_bookings(connection, news)
                flows = {
                    structure_id: cashflow_of(batch, structure_id) if structure_id in paid else None
                    for structure_id in settled
                }
                if way == "sql":
                    await in_sql(connection, batch, flows)
                else:
                    await by_the_rules(connection, batch, flows, heard)
            found.append(await written(connection))
            await connection.rollback()
    assert found[0] == found[1]


async def test_a_subcategory_without_a_rule_is_never_guessed(world):
    structure, venue = await world.paid_place()
    await world.used(structure, venue)
    await world.runtime.database.run(
        lambda connection: connection.execute(sa.text("UPDATE bookings SET subcategory_id = 'NOUVELLE'"))
    )
    with pytest.raises(UnknownSubcategory, match="NOUVELLE"):
        await world.close()
    assert await world.value("SELECT count(*) FROM pricings") == 0


@given(st.uuids(), st.sampled_from(["priced", CUTOFF.isoformat(), "incident reversal"]))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_an_id_is_derived_alike(world, of, what):
    found = await world.value(
        f"SELECT {DERIVED_ID.format(of='CAST(:of AS uuid)', what='CAST(:what AS text)')}", of=of, what=what
    )
    assert UUID(str(found)) == derived_id(of, what)
    assert derived_id(of, what).version == 8


async def test_a_price_that_is_undone_is_published_and_posted_as_by_the_rules(world):
    structure = await world.structure()
    venue = await world.venue(structure)
    state = world.used_booking(structure, venue, unit_price_cents=30_000_00)
    await world.publish("booking.booking.v1", state)
    batch = await world.close()
    await world.publish("booking.booking.v1", state | {"version": 4, "status": "CANCELLED", "used_at": None})
    async with world.runtime.database.engine.connect() as connection:
        await connection.execute(sa.text("DELETE FROM outbox"))
        await priced.undo_disturbed(
            connection, [structure], batch=batch, begun_before=CUTOFF, event=CANCELLED_IN_SQL
        )
        (row,) = await connection.execute(pricings.SELECT)
        event = reimbursement(PricingRecord(*row))
        ((type_, payload),) = await connection.execute(sa.text("SELECT type, payload FROM outbox"))
        assert (type_, bytes(payload)) == (event.type, event.payload())
        lines = await connection.execute(
            sa.text(
                "SELECT account, amount_cents FROM ledger WHERE kind = 'pricing cancelled' ORDER BY account"
            )
        )
        assert [tuple(line) for line in lines] == sorted(
            (line.account.value, line.amount_cents)
            for line in ledger_rules.pricing_cancelled(row.booked_cents, row.reimbursed_cents).lines
        )
        await connection.rollback()
