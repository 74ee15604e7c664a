"""The hot path: everything a booking needs is read in one statement and written in another.

Both are sent outside of an explicit transaction: a single statement is atomic by itself, and
BEGIN and COMMIT would be two round trips more.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from booking.persistence.direct import Direct

_READ = sa.text(
    """
    SELECT
        k.operation AS done_operation, k.fingerprint AS done_fingerprint, k.answer AS done_answer,
        s.id AS stock_id, s.offer_id, s.price_cents, s.capacity, s.taken, s.starts_at, s.booking_limit_at,
        s.is_deleted, s.price_label,
        o.venue_id, o.subcategory_id, o.name AS offer_name, o.is_duo, o.url, o.published_at,
        o.is_active AS offer_is_active, o.validation = 'APPROVED' AS offer_is_approved,
        v.structure_id, v.department_code, v.timezone,
        v.structure_status = 'validated' AS structure_is_validated,
        p.roles, p.is_active AS person_is_active, p.first_name, p.last_name, p.email, p.phone,
        w.id AS wallet_id, w.kind AS wallet_kind, w.amount_cents, w.spent_cents, w.expires_at,
        w.digital_cap_cents, w.digital_spent_cents, w.physical_cap_cents, w.physical_spent_cents,
        EXISTS (
            SELECT FROM bookings b
            WHERE b.person_id = me.id AND b.offer_id = s.offer_id AND b.status <> 'CANCELLED'
        ) AS has_booked_offer
    FROM (SELECT CAST(:person_id AS uuid) AS id) AS me
    LEFT JOIN idempotency_keys k ON k.actor = me.id AND k.key = :key
    LEFT JOIN stocks s ON s.id = :stock_id
    LEFT JOIN offers o ON o.id = s.offer_id
    LEFT JOIN venues v ON v.id = o.venue_id
    LEFT JOIN persons p ON p.id = me.id
    LEFT JOIN LATERAL (
        SELECT * FROM wallets
        WHERE wallets.person_id = me.id
        ORDER BY (wallets.expires_at IS NULL OR wallets.expires_at > :now) DESC, granted_at DESC, id DESC
        LIMIT 1
    ) AS w ON true
    """
).bindparams(
    sa.bindparam("person_id", type_=sa.Uuid),
    sa.bindparam("key", type_=sa.Uuid),
    sa.bindparam("stock_id", type_=sa.Uuid),
    sa.bindparam("now", type_=sa.DateTime(timezone=True)),
)

READ = Direct(_READ)
"""One row always. The stock's columns are null when there is no such stock, the wallet's when the
person was never granted anything; of several grants, the newest active one, else the newest."""

WALLET_GUARD = """
    AND spent_cents + :total_cents <= amount_cents
    AND (digital_cap_cents IS NULL OR digital_spent_cents + :digital_cents <= digital_cap_cents)
    AND (physical_cap_cents IS NULL OR physical_spent_cents + :physical_cents <= physical_cap_cents)
"""
STOCK_GUARD = "AND (capacity IS NULL OR taken + :quantity <= capacity)"

_PAY = """
    UPDATE wallets SET
        spent_cents = spent_cents + :total_cents,
        digital_spent_cents = digital_spent_cents + :digital_cents,
        physical_spent_cents = physical_spent_cents + :physical_cents
    WHERE id = :wallet_id {wallet_guard}
    RETURNING id
"""

_WRITE = """
    WITH paid AS ({pay}),
    booked AS (
        INSERT INTO bookings (
            id, token, person_id, stock_id, offer_id, venue_id, structure_id, offer_name, subcategory_id,
            wallet_id, deposit_kind, capped_deposit, quantity, unit_price_cents, status, created_at,
            starts_at, cancellation_limit_at, used_at
        )
        SELECT
            :id, :token, :person_id, :stock_id, :offer_id, :venue_id, :structure_id, :offer_name,
            :subcategory_id, :wallet_id, :deposit_kind, :capped_deposit, :quantity, :unit_price_cents,
            :status, :created_at, :starts_at, :cancellation_limit_at, :used_at
        FROM paid
        RETURNING id
    ),
    remembered AS (
        INSERT INTO idempotency_keys (actor, key, operation, fingerprint, answer)
        SELECT :person_id, :key, :operation, :fingerprint, :answer FROM booked
        RETURNING key
    ),
    told AS (
        INSERT INTO outbox (topic, key, type, payload, trace)
        SELECT 'booking.booking.v1', :id, 'booking.booked', :event, :trace FROM remembered
        RETURNING id
    ),
    owed AS (
        INSERT INTO outgoing_mails (kind, payload)
        SELECT kind, :mail FROM told, (VALUES ('booked'), ('booked_pro')) AS mail (kind)
        RETURNING id
    ),
    taking AS (
        UPDATE stocks SET
            taken = taken + :quantity,
            availability_version = availability_version + 1,
            changed_at = now()
        WHERE id = :stock_id AND (SELECT count(*) FROM owed) > 0 {stock_guard}
        RETURNING id, offer_id, capacity, taken, availability_version
    ),
    announced AS (
        INSERT INTO outbox (topic, key, type, payload, trace)
        SELECT
            'booking.availability.v1', id, 'availability.changed',
            convert_to(json_build_object(
                'id', id, 'version', availability_version, 'offer_id', offer_id, 'quantity', capacity,
                'booked', taken, 'remaining', capacity - taken
            )::text, 'UTF8'),
            :trace
        FROM taking
    )
    SELECT (
        EXISTS (SELECT FROM paid)
        AND CASE WHEN EXISTS (SELECT FROM taking) OR NOT EXISTS (SELECT FROM paid) THEN true
                 ELSE refuse('sold out') > 0 END
    ) AS written
"""

_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "quantity": sa.Integer(),
    "total_cents": sa.BigInteger(),
    "digital_cents": sa.BigInteger(),
    "physical_cents": sa.BigInteger(),
    "unit_price_cents": sa.BigInteger(),
    "fingerprint": sa.LargeBinary(),
    "event": sa.LargeBinary(),
    "answer": pg.JSONB(),
    "mail": pg.JSONB(),
    **dict.fromkeys(
        ("id", "person_id", "stock_id", "offer_id", "venue_id", "structure_id", "wallet_id", "key"), sa.Uuid()
    ),
    **dict.fromkeys(
        ("created_at", "starts_at", "cancellation_limit_at", "used_at"), sa.DateTime(timezone=True)
    ),
    **dict.fromkeys(
        (
            "token",
            "offer_name",
            "subcategory_id",
            "deposit_kind",
            "capped_deposit",
            "status",
            "operation",
            "trace",
        ),
        sa.Text(),
    ),
}


def write_statement(*, wallet_guard: str = WALLET_GUARD, stock_guard: str = STOCK_GUARD) -> Direct:
    """The one statement that books: wallet, booking, key, mails, events, and the stock last.

    It gives `written`: true when everything was and false when the wallet's guard refused; it raises
    SQLSTATE PC001 when the stock's guard refused, and a unique violation when the offer, the token
    or the key is taken: nothing is written then. The guards are arguments so that a test can show
    what happens without them.
    """
    pay = _PAY.format(wallet_guard=wallet_guard)
    return _typed(_WRITE.format(pay=pay, stock_guard=stock_guard))


def _typed(statement: str) -> Direct:
    text = sa.text(statement)
    types = (sa.bindparam(name, type_=_TYPES[name]) for name in text._bindparams if name in _TYPES)
    return Direct(text.bindparams(*types))


PAY_AND_BOOK = write_statement()
BOOK_FOR_FREE = _typed(_WRITE.format(pay="SELECT 1", stock_guard=STOCK_GUARD))
"""The same without a wallet: free bookings take from nobody."""

REFUSED_BY_STOCK = "PC001"
