"""Rows that were written in clear, before what is personal was sealed: none is lost, and none stays in clear."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa

from chassis import migrations
from chassis.at_rest import KeyRing, sealed_columns
from chassis.db import Database
from chassis.ids import new_id
from chassis.sealed import Sealer
from chassis.testing import STORAGE_KEY
from tests.contracts.services import CONTEXTS, service

pytestmark = pytest.mark.servers

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
OWNER, BATCH = new_id(), new_id()
WHO = {
    "first_name": "Canaria",
    "last_name": "Serinus",
    "birth_date": date(1848, 2, 24),
    "postal_code": "97133",
}
PHONE, CITY, ACTIVITY, EMAIL = "+33699887766", "Gustavia", "Volontaire", "canaria@serinus.example"


@dataclass(frozen=True)
class Before:
    """A context's newest revision that knew nothing of sealing, and rows of then in the order of their keys."""

    revision: str
    rows: tuple[tuple[str, Mapping[str, Any]], ...]


PERSON = {"id": OWNER, "email": EMAIL, "password_hash": "x", **WHO, "phone": PHONE, "created_at": NOW}
BEFORE = {
    "identity": Before(
        "0007",
        (
            ("persons", {**PERSON, "city": CITY, "activity": ACTIVITY}),
            (
                "persons",
                {**PERSON, "id": new_id(), "email": "b@b.example", "birth_date": None, "phone": None},
            ),
            (
                "identity_checks",
                {
                    **WHO,
                    "id": new_id(),
                    "person_id": OWNER,
                    "status": "pending",
                    "document_digest": b"d",
                    "document_digests": [b"d"],
                    "city": CITY,
                    "activity": ACTIVITY,
                    "submitted_at": NOW,
                },
            ),
            (
                "sign_up_forms",
                {
                    **WHO,
                    "id": new_id(),
                    "person_id": OWNER,
                    "password_hash": "x",
                    "phone": PHONE,
                    "created_at": NOW,
                },
            ),
        ),
    ),
    "catalog": Before(
        "0005",
        (
            ("structures", {"id": OWNER, "version": 1, "status": "validated"}),
            (
                "venues",
                {
                    "id": new_id(),
                    "structure_id": OWNER,
                    "is_virtual": True,
                    "is_validated": True,
                    "name": "Lieu",
                    "timezone": "Europe/Paris",
                    "booking_email": EMAIL,
                    "created_at": NOW,
                },
            ),
        ),
    ),
    "booking": Before(
        "0004",
        (
            (
                "persons",
                {
                    "id": OWNER,
                    "version": 1,
                    "roles": ["beneficiary"],
                    "is_active": True,
                    "email": EMAIL,
                    "first_name": WHO["first_name"],
                    "last_name": WHO["last_name"],
                    "phone": PHONE,
                    "birth_date": WHO["birth_date"],
                },
            ),
            (
                "venues",
                {
                    "id": new_id(),
                    "version": 1,
                    "structure_id": OWNER,
                    "structure_status": "validated",
                    "name": "Lieu",
                    "timezone": "Europe/Paris",
                    "booking_email": EMAIL,
                },
            ),
        ),
    ),
    "finance": Before(
        "0004",
        (
            (
                "bank_accounts",
                {
                    "id": new_id(),
                    "version": 1,
                    "structure_id": OWNER,
                    "label": "Compte",
                    "iban": "FR7630001007941234567890185",
                    "bic": "BDFEFRPP",
                    "status": "accepted",
                    "submitted_by": OWNER,
                    "submitted_at": NOW,
                },
            ),
            (
                "batches",
                {
                    "id": BATCH,
                    "number": 1,
                    "last_day": date(2026, 11, 15),
                    "cutoff": NOW,
                    "closed_at": NOW,
                    "transfer_label": "VIR1",
                    "execution_date": date(2026, 11, 23),
                    "total_cents": 1,
                    "transfer_count": 1,
                    "booking_count": 1,
                },
            ),
            (
                "sepa_files",
                {
                    "batch_id": BATCH,
                    "name": "VIR1.xml",
                    "sha256": "0",
                    "content": "<IBAN>FR7630001007941234567890185</IBAN>" * 10_000,
                    "transaction_count": 1,
                    "control_sum_cents": 1,
                },
            ),
        ),
    ),
}


NEVER_IN_CLEAR = ("factors", "staff_challenges", "email_changes")
"""Sealed since there is such a table, by one key or another."""


async def _write(url: str, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    driver = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for table, row in rows:
            places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
            await driver.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())
    finally:
        await driver.close()


@pytest.mark.parametrize("context", CONTEXTS)
async def test_they_are_sealed_and_read_as_they_were(context: str, empty_database: str) -> None:
    declared, before, ring = service(context), BEFORE[context], KeyRing(context, STORAGE_KEY)
    sealed = {
        table.name: table
        for table in declared.tables.tables.values()
        if sealed_columns(table) and table.name not in NEVER_IN_CLEAR
    }
    assert set(sealed) <= {table for table, _ in before.rows}
    upgrade = (migrations.upgrade, empty_database, declared.migrations, ring)
    await asyncio.to_thread(*upgrade, before.revision)
    await _write(empty_database, before.rows)
    await asyncio.to_thread(*upgrade)
    database = Database(empty_database, ring, pool_size=1)
    try:
        for name, table in sealed.items():
            rows = [row for of, row in before.rows if of == name]
            assert await _read(database, table) == {
                _id(table, row): {column: row.get(column) for column in sealed_columns(table)} for row in rows
            }
            assert await _in_clear(database, table, ring) == []
    finally:
        await database.close()


def _id(table: sa.Table, row: Mapping[str, Any]) -> UUID:
    (key,) = table.primary_key.columns
    id_: UUID = row[key.name]
    return id_


async def _read(database: Database, table: sa.Table) -> dict[UUID, dict[str, Any]]:
    """As the code reads them."""
    async with database.read() as connection:
        rows = (await connection.execute(sa.select(table))).mappings().all()
    return {_id(table, row): {column: row[column] for column in sealed_columns(table)} for row in rows}


async def _in_clear(database: Database, table: sa.Table, ring: KeyRing) -> list[str]:
    """The columns in which something lies that is no seal."""
    async with database.read() as connection:
        rows = (await connection.execute(sa.text(f"SELECT * FROM {table.name}"))).mappings().all()
    return [
        column
        for row in rows
        for column in sealed_columns(table)
        if row[column] is not None and not row[column].startswith(ring.mark)
    ]


SEALING_KEY = Sealer.new_key()
SECRET = "JBSWY3DPEHPK3PXP"


def _factors(sealer: Sealer) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """As they lay there while the secret of codes was sealed with the key of events."""
    ring = KeyRing("identity", STORAGE_KEY)
    sealed = {name: ring.seal(f"persons.{name}", OWNER, b"x") for name in ("first_name", "last_name")}
    of_person = {"id": new_id(), "person_id": OWNER, "enrolled_at": NOW}
    secret = sealer.seal({"secret": SECRET}, ("identity.totp", OWNER))
    key = {"credential_id": b"c", "public_key": b"k", "sign_count": 0}
    person = {"id": OWNER, "email": EMAIL, "password_hash": "x", "created_at": NOW, **sealed}
    return (
        ("persons", person),
        ("factors", {**of_person, "kind": "totp", "sealed_secret": secret, "last_step": 7}),
        ("factors", {**of_person, "id": new_id(), "kind": "passkey", **key}),
        ("staff_challenges", {"digest": b"d", "person_id": OWNER, "nonce": b"n", "expires_at": NOW}),
    )


async def _factors_of_now(url: str, ring: KeyRing) -> list[tuple[str, str | None, int | None]]:
    table = service("identity").tables.tables["factors"]
    database = Database(url, ring, pool_size=1)
    try:
        async with database.read() as connection:
            rows = await connection.execute(sa.select(table).order_by(table.c.kind))
            return [(row.kind, row.secret, row.last_step) for row in rows]
    finally:
        await database.close()


async def test_the_secrets_of_the_teams_codes_go_on_opening(empty_database: str) -> None:
    """An older sealing key will do: it is shown for as long as something of it lies anywhere."""
    ring, old = KeyRing("identity", STORAGE_KEY), Sealer(SEALING_KEY)
    upgrade = (migrations.upgrade, empty_database, service("identity").migrations, ring)
    await asyncio.to_thread(*upgrade, "0009")
    await _write(empty_database, _factors(old))
    await asyncio.to_thread(*upgrade, sealer=Sealer(Sealer.new_key(), SEALING_KEY))
    assert await _factors_of_now(empty_database, ring) == [("passkey", None, None), ("totp", SECRET, 7)]


async def test_a_secret_that_no_key_opens_stops_the_revision_and_nothing_is_lost(empty_database: str) -> None:
    ring = KeyRing("identity", STORAGE_KEY)
    upgrade = (migrations.upgrade, empty_database, service("identity").migrations, ring)
    await asyncio.to_thread(*upgrade, "0009")
    await _write(empty_database, _factors(Sealer(SEALING_KEY)))
    with pytest.raises(RuntimeError, match="PASS_SEALING_KEYS_OLD"):
        await asyncio.to_thread(*upgrade, sealer=Sealer(Sealer.new_key()))
    await asyncio.to_thread(*upgrade, sealer=Sealer(SEALING_KEY))
    assert await _factors_of_now(empty_database, ring) == [("passkey", None, None), ("totp", SECRET, 7)]
