"""Prices found by the database, for the structures of one part of a close: a statement for all, never a row at a time.

What `Pricer` says booking by booking is said here by a running sum over each counter and a join with the barème;
`tests/persistence/test_priced.py` gives both the same fortnights. The prices stand in a temporary table until the
end of the transaction, so that what they come to can be decided before they are written, once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.encoding import to_json
from chassis.telemetry import traceparent
from finance.domain import ledger as ledger_rules
from finance.domain.cashflows import batch_label
from finance.domain.money import FULL_RATE_BP
from finance.domain.ordering import ORDERED_BY_EVENT_SINCE
from finance.domain.subcategories import UnknownSubcategory
from finance.persistence.bareme import BAREME_PARAMETERS, bareme_columns
from finance.persistence.derived_ids import DERIVED_ID
from finance.persistence.ledger import post_prices
from finance.persistence.records import Balance, BatchRecord

_STRUCTURES = sa.bindparam("structure_ids", type_=pg.ARRAY(sa.Uuid))
_INSTANT = sa.DateTime(timezone=True)

_HELD: Final = """LEFT JOIN LATERAL (
            SELECT p.id FROM pricings p
            WHERE p.booking_id = b.id AND p.status <> 'cancelled' AND p.reversal_of IS NULL
              AND p.reversed_at IS NULL
            LIMIT 1
        ) AS held ON true"""
"""The price that a booking has, if any: `held.id`. The twin of `due.HOLDS`, looked up once for each booking."""

# Looked up booking by booking and counter by counter (LIMIT, LATERAL): what a part costs follows from the part,
# whatever the tables have grown to and whatever the planner believes of them.
_PRICE = sa.text(
    """
    CREATE TEMPORARY TABLE priced ON COMMIT DROP AS
    WITH families AS (
        SELECT * FROM unnest(:subcategory_id, :family, :family_from, :family_until)
            AS families (subcategory_id, family, family_from, family_until)
    ), rates AS (
        SELECT * FROM unnest(:rated, :above_cents, :up_to_cents, :rate_bp, :rate_from, :rate_until)
            AS rates (rated, above_cents, up_to_cents, rate_bp, rate_from, rate_until)
    ), due AS MATERIALIZED (
        SELECT b.id AS booking_id, b.structure_id, b.venue_id, b.subcategory_id, b.used_at, b.ordered_at,
               b.unit_price_cents * b.quantity AS booked_cents,
               CAST(extract(year FROM b.used_at AT TIME ZONE 'Europe/Paris') AS smallint) AS civil_year
        FROM bookings b
        {held}
        WHERE b.structure_id = ANY(:structure_ids) AND b.status = 'USED' AND held.id IS NULL
          AND b.used_at >= :since AND b.used_at < :cutoff
          AND (b.starts_at IS NULL OR b.starts_at < :begun_before)
    ), counted AS MATERIALIZED (
        SELECT counters.venue_id, counters.civil_year, before.cents
        FROM (SELECT DISTINCT venue_id, civil_year FROM due) AS counters
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(p.booked_cents), 0) AS cents FROM pricings p
            WHERE p.venue_id = counters.venue_id AND p.civil_year = counters.civil_year
              AND p.used_at >= :since AND p.status <> 'cancelled'
        ) AS before
    ), pushed AS (
        SELECT due.*,
               CAST(counted.cents + sum(due.booked_cents) OVER (
                   PARTITION BY due.venue_id, due.civil_year
                   ORDER BY due.ordered_at, due.used_at, due.booking_id
                   ROWS UNBOUNDED PRECEDING
               ) AS bigint) AS revenue_cents
        FROM due JOIN counted USING (venue_id, civil_year)
    )
    SELECT pushed.booking_id, pushed.structure_id, pushed.venue_id, pushed.subcategory_id, pushed.booked_cents,
           (pushed.booked_cents * rates.rate_bp + {half}) / {full} AS reimbursed_cents,
           rates.rate_bp, families.family AS rule, pushed.revenue_cents, pushed.used_at, pushed.ordered_at,
           pushed.civil_year, {id} AS id
    FROM pushed
    LEFT JOIN families ON families.subcategory_id = pushed.subcategory_id
        AND pushed.used_at >= families.family_from AND pushed.used_at < families.family_until
    LEFT JOIN rates ON rates.rated = families.family
        AND pushed.revenue_cents > rates.above_cents AND pushed.revenue_cents <= rates.up_to_cents
        AND pushed.used_at >= rates.rate_from AND pushed.used_at < rates.rate_until
    """.format(  # noqa: S608
        half=FULL_RATE_BP // 2,
        full=FULL_RATE_BP,
        id=DERIVED_ID.format(of="pushed.booking_id", what=":run"),
        held=_HELD,
    )
).bindparams(
    _STRUCTURES,
    *BAREME_PARAMETERS,
    *(sa.bindparam(name, type_=_INSTANT) for name in ("since", "cutoff", "begun_before")),
    sa.bindparam("run", type_=sa.Text()),
)

_UNKNOWN = sa.text("SELECT subcategory_id FROM priced WHERE rate_bp IS NULL ORDER BY booking_id LIMIT 1")

_BALANCES = sa.text(
    """
    SELECT waits.structure_id, a.id AS bank_account_id, s.name, s.siren,
           CAST(sum(waits.cents) AS bigint) AS total_cents,
           (SELECT max(b.closed_at) FROM cashflows c JOIN batches b ON b.id = c.batch_id
            WHERE c.bank_account_id = a.id) AS last_cashflow_at
    FROM (
        SELECT structure_id, sum(reimbursed_cents) AS cents FROM priced GROUP BY structure_id
        UNION ALL
        SELECT structure_id, sum(reimbursed_cents) FROM pricings
        WHERE structure_id = ANY(:structure_ids) AND status = 'validated' AND ordered_at < :cutoff
        GROUP BY structure_id
    ) AS waits
    JOIN bank_accounts a ON a.structure_id = waits.structure_id AND a.status = 'accepted'
    JOIN structures s ON s.id = waits.structure_id
    GROUP BY waits.structure_id, a.id, s.id
    ORDER BY waits.structure_id
    """
).bindparams(_STRUCTURES, sa.bindparam("cutoff", type_=_INSTANT))

_RECORD = sa.text(
    """
    INSERT INTO pricings (
        id, version, booking_id, structure_id, venue_id, booked_cents, reimbursed_cents, rate_bp, rule,
        revenue_cents, used_at, ordered_at, civil_year, status, priced_in, batch_id, cashflow_id, paid_at
    )
    SELECT priced.id, CASE WHEN settled.structure_id IS NULL THEN 1 ELSE 2 END, priced.booking_id,
           priced.structure_id, priced.venue_id, priced.booked_cents, priced.reimbursed_cents, priced.rate_bp,
           priced.rule, priced.revenue_cents, priced.used_at, priced.ordered_at, priced.civil_year,
           CASE WHEN settled.structure_id IS NULL THEN 'validated' ELSE 'processed' END,
           :batch_id,
           CASE WHEN settled.structure_id IS NOT NULL THEN :batch_id END,
           CASE WHEN priced.reimbursed_cents <> 0 THEN settled.cashflow_id END,
           CASE WHEN priced.reimbursed_cents <> 0 AND settled.cashflow_id IS NOT NULL THEN :at END
    FROM priced
    LEFT JOIN unnest(:settled_ids, :cashflow_ids) AS settled (structure_id, cashflow_id)
        ON settled.structure_id = priced.structure_id
    ORDER BY priced.structure_id, priced.ordered_at, priced.id
    """
).bindparams(
    sa.bindparam("batch_id", type_=sa.Uuid()),
    sa.bindparam("at", type_=_INSTANT),
    sa.bindparam("settled_ids", type_=pg.ARRAY(sa.Uuid)),
    sa.bindparam("cashflow_ids", type_=pg.ARRAY(sa.Uuid)),
)

# A pricing still waiting is undone when its booking is no longer used, or when a booking that comes
# before it in its counter has appeared or gone; not once a later one has been processed: the order
# is then broken knowingly, because what is processed is paid (domain.md §5.5).
_UNDO = """
    WITH gone AS (
        SELECT p.id, p.venue_id, p.civil_year, p.ordered_at, p.used_at, p.booking_id
        FROM pricings p LEFT JOIN bookings b ON b.id = p.booking_id
        WHERE p.status = 'validated' AND p.reversal_of IS NULL AND b.status IS DISTINCT FROM 'USED' AND {waiting}
    ), appeared AS (
        SELECT b.venue_id, CAST(extract(year FROM b.used_at AT TIME ZONE 'Europe/Paris') AS smallint) AS civil_year,
               b.ordered_at, b.used_at, b.id AS booking_id
        FROM bookings b
        {held}
        WHERE b.status = 'USED' AND held.id IS NULL AND b.used_at < :cutoff
          AND (b.starts_at IS NULL OR b.starts_at < :begun_before) AND {used}
    ), disturbed AS (
        SELECT DISTINCT ON (venue_id, civil_year) venue_id, civil_year, ordered_at, used_at, booking_id
        FROM (
            SELECT venue_id, civil_year, ordered_at, used_at, booking_id FROM gone
            UNION ALL SELECT venue_id, civil_year, ordered_at, used_at, booking_id FROM appeared
        ) AS changes
        ORDER BY venue_id, civil_year, ordered_at, used_at, booking_id
    ), undone AS (
        UPDATE pricings p SET status = 'cancelled', version = p.version + 1, changed_at = now()
        FROM (
            SELECT p.id
            FROM pricings p JOIN disturbed d USING (venue_id, civil_year)
            WHERE p.status = 'validated' AND p.reversal_of IS NULL
              AND (p.ordered_at, p.used_at, p.booking_id) > (d.ordered_at, d.used_at, d.booking_id)
              AND NOT EXISTS (
                  SELECT FROM pricings later
                  WHERE later.venue_id = p.venue_id AND later.civil_year = p.civil_year
                    AND later.status = 'processed'
                    AND (later.ordered_at, later.used_at, later.booking_id)
                        > (d.ordered_at, d.used_at, d.booking_id)
              )
            UNION SELECT id FROM gone
        ) AS chosen
        WHERE p.id = chosen.id
        RETURNING p.*
    ), posted AS ({post}), published AS (
        INSERT INTO outbox (topic, key, type, payload, trace) SELECT {event} FROM undone
    )
    SELECT count(*) FROM undone
    """
_OF_STRUCTURES = {
    "waiting": "p.structure_id = ANY(:structure_ids) AND p.used_at >= :since",
    "used": "b.structure_id = ANY(:structure_ids) AND b.used_at >= :since",
}
_OF_OLD_COUNTERS = {"waiting": "p.ordered_at < :since", "used": "b.ordered_at < :since"}

_ANY_WAITS = sa.text(
    "SELECT EXISTS (SELECT FROM pricings WHERE structure_id = ANY(:structure_ids) AND status = 'validated'"
    " AND reversal_of IS NULL)"
).bindparams(_STRUCTURES)

_POST = sa.text(post_prices("priced", ledger_rules.priced)).bindparams(
    sa.bindparam("batch_id", type_=sa.Uuid()), sa.bindparam("at", type_=_INSTANT)
)

_PUBLISH = """
    INSERT INTO outbox (topic, key, type, payload, trace)
    SELECT {event}
    FROM (
        SELECT * FROM pricings WHERE structure_id = ANY(:structure_ids) AND batch_id = :batch_id
        UNION ALL
        SELECT * FROM pricings
        WHERE structure_id = ANY(:structure_ids) AND status = 'validated' AND priced_in = :batch_id
    ) AS p
    WHERE p.reversal_of IS NULL
    """


async def undo_disturbed(
    connection: AsyncConnection,
    structure_ids: Sequence[UUID] | None,
    *,
    batch: BatchRecord,
    begun_before: datetime,
    event: str,
) -> None:
    """Cancel waiting prices of structures that no longer hold, post the opposite and publish it.

    Their bookings are due again. `structure_ids` None: those that push counters of before 2022, whoever's.
    `event` is what is published of each row of `undone`.
    """
    values: dict[str, object] = {"since": ORDERED_BY_EVENT_SINCE}
    binds: list[sa.BindParameter[Any]] = [
        sa.bindparam(name, type_=_INSTANT) for name in ("since", "cutoff", "begun_before", "at")
    ]
    if structure_ids is not None:
        if not await connection.scalar(_ANY_WAITS, {"structure_ids": structure_ids}):
            return
        values["structure_ids"] = structure_ids
        binds.append(_STRUCTURES)
    scope = _OF_OLD_COUNTERS if structure_ids is None else _OF_STRUCTURES
    text = _UNDO.format(
        post=post_prices("undone", ledger_rules.pricing_cancelled), event=event, held=_HELD, **scope
    )
    await connection.execute(
        sa.text(text).bindparams(*binds, sa.bindparam("batch_id", type_=sa.Uuid())),
        {
            **values,
            "cutoff": batch.cutoff,
            "begun_before": begun_before,
            "batch_id": batch.id,
            "at": batch.closed_at,
            "trace": traceparent(),
        },
    )


async def price(
    connection: AsyncConnection, structure_ids: Sequence[UUID], *, cutoff: datetime, begun_before: datetime
) -> None:
    """Price what is due of structures, used since 2022, into `priced`. Raises UnknownSubcategory."""
    await connection.execute(
        _PRICE,
        {
            "structure_ids": structure_ids,
            "since": ORDERED_BY_EVENT_SINCE,
            "cutoff": cutoff,
            "begun_before": begun_before,
            "run": cutoff.isoformat(),
            **bareme_columns(),
        },
    )
    if (unknown := await connection.scalar(_UNKNOWN)) is not None:
        raise UnknownSubcategory(unknown)


async def balances(
    connection: AsyncConnection, structure_ids: Sequence[UUID], cutoff: datetime
) -> list[Balance]:
    """What waits for each of these structures that has an accepted account, `priced` included."""
    rows = await connection.execute(_BALANCES, {"structure_ids": structure_ids, "cutoff": cutoff})
    return [Balance(*row) for row in rows]


async def record(
    connection: AsyncConnection, settled: Mapping[UUID, UUID | None], *, batch: BatchRecord
) -> None:
    """Write `priced`, and post it: settled where its structure is, by its cashflow (None: there was nothing to pay)."""
    values = {"batch_id": batch.id, "at": batch.closed_at}
    await connection.execute(
        _RECORD, {**values, "settled_ids": list(settled), "cashflow_ids": list(settled.values())}
    )
    await connection.execute(_POST, values)


async def publish(
    connection: AsyncConnection, structure_ids: Sequence[UUID], *, batch: BatchRecord, event: str
) -> None:
    """Write into the outbox what a batch made or settled of these structures; `event` is what of each row of `p`."""
    statement = sa.text(_PUBLISH.format(event=event)).bindparams(
        _STRUCTURES, sa.bindparam("batch_id", type_=sa.Uuid())
    )
    await connection.execute(
        statement,
        {
            "structure_ids": structure_ids,
            "batch_id": batch.id,
            "batch_label": to_json(batch_label(batch.number)).decode(),
            "paid_at": to_json(batch.closed_at).decode(),
            "trace": traceparent(),
        },
    )
