"""What one context says of its own and what the others have heard of it are the same; and the sums are right."""

import asyncio
import time
from collections.abc import Mapping, Sequence

from tests.e2e.databases import Databases

HEARD: Sequence[tuple[str, str, str, str]] = (
    ("identity", "SELECT id, version FROM persons", "booking", "SELECT id, version FROM persons"),
    ("identity", "SELECT id, version FROM grants", "booking", "SELECT id, version FROM wallets"),
    ("identity", "SELECT id, version FROM structures", "catalog", "SELECT id, version FROM structures"),
    ("identity", "SELECT id, version FROM structures", "finance", "SELECT id, version FROM structures"),
    ("catalog", "SELECT id, version FROM venues", "booking", "SELECT id, version FROM venues"),
    ("catalog", "SELECT id, version FROM venues", "finance", "SELECT id, version FROM venues"),
    ("catalog", "SELECT id, version FROM offers", "booking", "SELECT id, version FROM offers"),
    ("catalog", "SELECT id, version FROM stocks", "booking", "SELECT id, version FROM stocks"),
    ("booking", "SELECT id, version FROM bookings", "finance", "SELECT id, version FROM bookings"),
    (
        "booking",
        "SELECT id, taken AS version FROM stocks",
        "catalog",
        "SELECT id, booked AS version FROM stocks",
    ),
    ("finance", "SELECT id, version FROM pricings", "booking", "SELECT id, version FROM payments"),
)
"""Who knows it, and who was told; each the version of every aggregate (or the number of places taken)."""

ALWAYS_EMPTY: Mapping[str, Mapping[str, str]] = {
    "booking": {
        "a wallet that does not add up": """
            SELECT w.id FROM wallets w LEFT JOIN bookings b ON b.wallet_id = w.id AND b.status <> 'CANCELLED'
            GROUP BY w.id HAVING w.spent_cents <> coalesce(sum(b.quantity * b.unit_price_cents), 0)""",
        "a stock that does not add up": """
            SELECT s.id FROM stocks s LEFT JOIN bookings b ON b.stock_id = s.id AND b.status <> 'CANCELLED'
            GROUP BY s.id HAVING s.taken <> coalesce(sum(b.quantity), 0)""",
        "an oversold stock": "SELECT id FROM stocks WHERE taken > capacity",
        "a mail that was never sent": "SELECT id FROM outgoing_mails WHERE sent_at IS NULL",
    },
    "identity": {"a mail that was never sent": "SELECT id FROM outgoing_mails WHERE sent_at IS NULL"},
    "finance": {
        "a booking paid twice": """
            SELECT booking_id FROM pricings WHERE status <> 'cancelled' GROUP BY booking_id HAVING count(*) > 1""",
        "a ledger that is not balanced": "SELECT 1 AS id FROM ledger HAVING coalesce(sum(amount_cents), 0) <> 0",
        "an unbalanced entry": """
            SELECT batch_id, subject_id FROM ledger GROUP BY batch_id, subject_id HAVING sum(amount_cents) <> 0""",
    },
}
"""Context → what must not be there → the question that finds it."""


async def assert_books_agree(databases: Databases) -> None:
    """Wait until all is told and heard, then compare. Nothing is lost, nothing is counted twice."""
    await databases.settled(patience_seconds=120)
    await _mails_sent(databases, patience_seconds=120)
    for owner, said, listener, heard in HEARD:
        told = {row["id"]: row["version"] for row in await databases.rows(owner, said)}
        known = {row["id"]: row["version"] for row in await databases.rows(listener, heard)}
        assert known == told, f"{listener} does not know what {owner} says: {said}"
    for context in databases.connections:
        assert await databases.rows(context, "SELECT topic, reason FROM dead_letters") == []
        for what, question in ALWAYS_EMPTY.get(context, {}).items():
            assert await databases.rows(context, question) == [], f"{context}: {what}"


async def _mails_sent(databases: Databases, patience_seconds: float) -> None:
    """Wait for the mails that found no relay: they are tried again after up to a minute."""
    deadline = time.monotonic() + patience_seconds
    for context in ("identity", "booking"):
        while await databases.rows(context, ALWAYS_EMPTY[context]["a mail that was never sent"]):
            assert time.monotonic() < deadline, f"{context}: a mail that was never sent"
            await asyncio.sleep(0.5)
