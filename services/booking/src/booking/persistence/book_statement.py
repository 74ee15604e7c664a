"""The hot path: everything a booking needs is read in one statement and written in another.

Both are sent outside of an explicit transaction: a single statement is atomic by itself, and
BEGIN and COMMIT would be two round trips more.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from booking.domain.subcategories import Deposit
from booking.persistence.direct import Direct, DriverError
from booking.persistence.records import BookingRecord
from booking.persistence.tables import bookings, persons, stocks, wallets
from chassis.at_rest import KeyRing, sealed_columns
from chassis.db import DEADLOCK_DETECTED, UNIQUE_VIOLATION
from chassis.tables import idempotency_keys, outbox, outgoing_mails


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a booking is decided on, in the order of `READ`.

    What the key was used for before, if it was; the stock's columns, None when there is no such stock;
    its offer's and its venue's; the person's, of whom the names, address and phone are still sealed: `who`;
    those of the wallet that pays, None when the person was never granted anything: of several grants, the
    newest active one, else the newest.
    """

    done_operation: str | None
    done_fingerprint: bytes | None
    done_answer: dict[str, str] | None
    stock_id: UUID | None
    stock_version: int
    offer_rejections: int
    offer_id: UUID
    price_cents: int
    capacity: int | None
    taken: int
    starts_at: datetime | None
    booking_limit_at: datetime | None
    is_deleted: bool
    price_label: str | None
    venue_id: UUID
    subcategory_id: str
    offer_name: str
    is_duo: bool
    url: str | None
    published_at: datetime | None
    offer_is_active: bool
    offer_is_approved: bool
    structure_id: UUID | None
    department_code: str | None
    timezone: str
    structure_is_validated: bool
    roles: list[str] | None
    person_is_active: bool | None
    first_name: bytes | None
    last_name: bytes | None
    email: bytes | None
    phone: bytes | None
    wallet_id: UUID | None
    wallet_kind: str
    amount_cents: int
    spent_cents: int
    expires_at: datetime | None
    digital_cap_cents: int | None
    digital_spent_cents: int
    physical_cap_cents: int | None
    physical_spent_cents: int
    has_booked_offer: bool

    def who(self, ring: KeyRing, person_id: UUID) -> "Who":
        """Who books, opened: only once the rules have said yes."""
        return Who(*(_SEALED[name].opened(ring, person_id, getattr(self, name)) for name in Who._fields))


class Who(NamedTuple):
    """What travels with a booking of the person who made it."""

    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None


_SEALED = sealed_columns(persons)

_READ = sa.text(
    """
    SELECT
        k.operation AS done_operation, k.fingerprint AS done_fingerprint, k.answer AS done_answer,
        s.id AS stock_id, s.version AS stock_version, s.offer_rejections,
        s.offer_id, s.price_cents, s.capacity, s.taken, s.starts_at, s.booking_limit_at, s.is_deleted, s.price_label,
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
"""One row always: `Facts`."""

BOOKED = tuple(
    column.name
    for column in bookings.c
    if column.server_default is None
    and column.name not in ("cancelled_at", "cancellation_reason", "reimbursed_at", "warned_on")
)
"""What a fresh booking fills; the rest waits for what happens to it."""

WALLET_GUARD = """
    AND spent_cents + :total_cents <= amount_cents
    AND (digital_cap_cents IS NULL OR digital_spent_cents + :digital_cents <= digital_cap_cents)
    AND (physical_cap_cents IS NULL OR physical_spent_cents + :physical_cents <= physical_cap_cents)
"""
STOCK_GUARD = """
    AND version = :stock_version AND offer_rejections = :offer_rejections
    AND (capacity IS NULL OR taken + :quantity <= capacity)
"""
"""The version too: what the catalogue changed since it was read (withdrawn, moved, dearer) is read again.

So is a stock whose offer was rejected since. That stands on the stock's own row: who waits for a row is
given it as it is then, every other one as it was when the statement began.
"""

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
        INSERT INTO bookings ({columns})
        SELECT {values}
        FROM paid
        RETURNING id
    ),
    remembered AS (
        INSERT INTO idempotency_keys (actor, key, operation, fingerprint, answer)
        SELECT :person_id, :key, :operation, :fingerprint, :answer FROM booked
        RETURNING key
    ),
    published AS (
        INSERT INTO outbox (topic, key, type, payload, trace)
        SELECT 'booking.booking.v1', :id, 'booking.booked', :event, :trace FROM remembered
        RETURNING id
    ),
    owed AS (
        INSERT INTO outgoing_mails (kind, payload)
        SELECT kind, :mail FROM published, (VALUES ('booked'), ('booked_pro')) AS mail (kind)
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
    left_published AS (
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
    **{name: bookings.c[name].type for name in BOOKED},
    **{name: idempotency_keys.c[name].type for name in ("key", "operation", "fingerprint", "answer")},
    "total_cents": wallets.c.spent_cents.type,
    "digital_cents": wallets.c.digital_spent_cents.type,
    "physical_cents": wallets.c.physical_spent_cents.type,
    "stock_version": stocks.c.version.type,
    "offer_rejections": stocks.c.offer_rejections.type,
    "mail": outgoing_mails.c.payload.type,
    "event": outbox.c.payload.type,
    "trace": outbox.c.trace.type,
}


def write_statement(
    *, pay: str = _PAY, wallet_guard: str = WALLET_GUARD, stock_guard: str = STOCK_GUARD
) -> Direct:
    """The one statement that books: wallet, booking, key, mails, events, and the stock last.

    It gives `written`: true when everything was and false when the wallet's guard refused; it raises
    SQLSTATE PC001 when the stock's guard refused, and a unique violation when the offer, the token
    or the key is taken: nothing is written then. The guards are arguments so that a test can show
    what happens without them.
    """
    text = sa.text(
        _WRITE.format(
            pay=pay.format(wallet_guard=wallet_guard),
            columns=", ".join(BOOKED),
            values=", ".join(f":{name}" for name in BOOKED),
            stock_guard=stock_guard,
        )
    )
    types = (sa.bindparam(name, type_=_TYPES[name]) for name in text._bindparams)
    return Direct(text.bindparams(*types))


PAY_AND_BOOK = write_statement()
BOOK_FOR_FREE = write_statement(pay="SELECT 1")
"""The same without a wallet: free bookings take from nobody."""

_REFUSED_BY_STOCK = "PC001"
_LOST_RACES = frozenset({_REFUSED_BY_STOCK, UNIQUE_VIOLATION, DEADLOCK_DETECTED})


@dataclass(frozen=True, slots=True)
class Asked:
    """A booking to be written, under its key, with its event."""

    record: BookingRecord
    stock_version: int
    offer_rejections: int
    key: UUID
    operation: str
    fingerprint: bytes
    event: bytes
    trace: str

    def parameters(self) -> dict[str, object]:
        """Those of `PAY_AND_BOOK` and `BOOK_FOR_FREE`."""
        record, total = self.record, self.record.total_cents
        reference = f'{{"booking_id":"{record.id}"}}'
        parameters: dict[str, object] = {name: getattr(record, name) for name in BOOKED}
        parameters |= {
            "stock_version": self.stock_version,
            "offer_rejections": self.offer_rejections,
            "key": self.key,
            "operation": self.operation,
            "fingerprint": self.fingerprint,
            "answer": reference,
            "mail": reference,
            "event": self.event,
            "trace": self.trace,
            "total_cents": total,
            "digital_cents": total if record.capped_deposit == Deposit.DIGITAL else 0,
            "physical_cents": total if record.capped_deposit == Deposit.PHYSICAL else 0,
        }
        return parameters


async def read(
    driver: asyncpg.Connection, *, person_id: UUID, key: UUID, stock_id: UUID, now: datetime
) -> Facts:
    row = await READ.row(driver, {"person_id": person_id, "key": key, "stock_id": stock_id, "now": now})
    return Facts(*row.values())


async def write(driver: asyncpg.Connection, asked: Asked) -> bool:
    """Whether it was written; False when somebody else was faster and nothing was."""
    statement = PAY_AND_BOOK if asked.record.total_cents else BOOK_FOR_FREE
    try:
        done = await statement.row(driver, asked.parameters())
        return bool(done["written"])
    except DriverError as error:
        if error.sqlstate in _LOST_RACES:
            return False
        raise
