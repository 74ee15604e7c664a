"""Rows that bookings need, put straight into booking's database: people with credit, stocks to book."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
from joserfc import jwt
from joserfc.jwk import ECKey

from booking.persistence import tables
from chassis.at_rest import KeyRing, sealed_columns
from chassis.auth import ALGORITHM, AUDIENCE, ISSUER, TOKEN_TYPE
from chassis.ids import new_id

PRICE_CENTS = 100


@dataclass(frozen=True)
class World:
    people: Sequence[UUID]
    stocks: Sequence[UUID]
    """One per offer, each with places for everybody."""


async def furnish(connection: asyncpg.Connection, ring: KeyRing, people: int, offers: int) -> World:
    """New people with 300 € each, and new offers of one stock each."""
    now = datetime.now(UTC)
    venue = new_id()
    persons = [new_id() for _ in range(people)]
    offer_ids = [new_id() for _ in range(offers)]
    stocks = [new_id() for _ in range(offers)]
    await connection.execute(
        "INSERT INTO venues"
        " (id, version, structure_id, structure_status, name, department_code, timezone, booking_email)"
        " VALUES ($1, 1, $2, 'validated', 'Salle du banc', '67', 'Europe/Paris', $3)",
        venue,
        new_id(),
        tables.venues.c.booking_email.type.sealed(ring, venue, "salle@banc.example"),
    )
    who = sealed_columns(tables.persons)
    await connection.copy_records_to_table(
        "persons",
        records=[
            (
                person,
                1,
                ["beneficiary"],
                True,
                who["email"].sealed(ring, person, f"{person}@banc.example"),
                who["first_name"].sealed(ring, person, "Camille"),
                who["last_name"].sealed(ring, person, "Banc"),
                who["birth_date"].sealed(ring, person, now.date().replace(year=now.year - 19)),
            )
            for person in persons
        ],
        columns=["id", "version", "roles", "is_active", "email", "first_name", "last_name", "birth_date"],
    )
    await connection.copy_records_to_table(
        "wallets",
        records=[(new_id(), 1, person, "GRANT_18_V2", 300_00, None, now) for person in persons],
        columns=["id", "version", "person_id", "kind", "amount_cents", "digital_cap_cents", "granted_at"],
    )
    await connection.copy_records_to_table(
        "offers",
        records=[
            (offer, 1, venue, "CONCERT", "Concert du banc", False, "APPROVED", True, now - timedelta(days=1))
            for offer in offer_ids
        ],
        columns=[
            "id",
            "version",
            "venue_id",
            "subcategory_id",
            "name",
            "is_duo",
            "validation",
            "is_active",
            "published_at",
        ],
    )
    starts = now + timedelta(days=30)
    await connection.copy_records_to_table(
        "stocks",
        records=[
            (stock, 1, offer, PRICE_CENTS, starts, starts, False, 10 * people, 10 * people)
            for stock, offer in zip(stocks, offer_ids, strict=True)
        ],
        columns=[
            "id",
            "version",
            "offer_id",
            "price_cents",
            "starts_at",
            "booking_limit_at",
            "is_deleted",
            "offered",
            "capacity",
        ],
    )
    await connection.execute("ANALYZE")
    return World(persons, stocks)


def tokens(people: Sequence[UUID], signing_key: str) -> list[str]:
    """An access token for each person, good for an hour, signed as identity does."""
    key = ECKey.import_key(json.loads(signing_key) if signing_key.startswith("{") else signing_key)
    now = int(time.time())
    header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": key.thumbprint()}
    common = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "roles": ["beneficiary"],
        "structures": [],
        "iat": now,
        "exp": now + 3600,
    }
    return [jwt.encode(header, {**common, "sub": str(person)}, key) for person in people]
