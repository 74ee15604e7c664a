"""Prove by a password who one is, at one of two doors, without ever telling which addresses are known.

It takes the runtime, not a connection: failed tries are counted in transactions of their own, which
outlive the refusal, and the password is compared while no connection is held.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import throttle
from chassis.ids import new_id
from chassis.networks import network_of
from identity.domain.contact import parse_email
from identity.domain.leaving import comes_back_until
from identity.domain.refusals import (
    AccountIsDeactivated,
    EmailNotConfirmed,
    InvalidCredentials,
    MalformedEmail,
)
from identity.domain.roles import STAFF
from identity.domain.sign_in import ATTEMPT_WINDOW, FORM_WAITS_FOR, PLACE_KNOWN_FOR, Account, check_sign_in
from identity.persistence import known_places, people, sessions, sign_up_forms
from identity.persistence.records import KnownPlaceRecord, PersonRecord
from identity.runtime import IdentityRuntime

ProvePasswordRefusal = InvalidCredentials | EmailNotConfirmed | AccountIsDeactivated


class TooManyAttempts(Exception):
    """More failed tries than one account, one place, or one account from one place may make."""


@dataclass(frozen=True, slots=True)
class _Try:
    person: PersonRecord | None
    buckets: tuple[tuple[str, int | None], ...]
    """Where it counts, and how much each takes: None where it holds nobody up."""
    comes_back_until: datetime | None
    """Of somebody who has left, and may come back."""


async def prove_password(
    runtime: IdentityRuntime,
    email: str,
    password: str,
    client_address: str,
    *,
    door_of_the_team: bool = False,
    coming_back: bool = False,
) -> PersonRecord | ProvePasswordRefusal:
    """Whose password it is, for `still_proved`, or why not. Failed tries are counted, at both doors together; unknown
    addresses take as long as known ones.

    Somebody who has signed in from a place before is only held up by tries on their account from that
    place: wrong passwords from elsewhere lock nobody out. `coming_back`: who has left is let in as well, to come
    back. Raises TooManyAttempts, whatever the password was.
    """
    address = parse_email(email)
    known_as = None if isinstance(address, MalformedEmail) else address
    tried = await _try(runtime, known_as, email, client_address)
    await _count(runtime, tried.buckets)

    refusal = await _judge(runtime, tried, known_as, password, door_of_the_team)
    if refusal is not None and not (coming_back and isinstance(refusal, AccountIsDeactivated)):
        return refusal
    assert tried.person is not None, "without an account sign-in is always refused"
    async with runtime.database.read() as connection:
        await sessions.forgive(connection, *(bucket for bucket, _ in tried.buckets))
    return tried.person


async def still_proved(
    connection: AsyncConnection, proved: PersonRecord
) -> PersonRecord | InvalidCredentials:
    """Whose password was right a moment ago, locked; or that it is no more, or that the account sleeps since.

    Nothing is held while a password is compared: whatever rests on it asks here, in the transaction of its effect.
    """
    person = await people.lock(connection, proved.id)
    if person is None or person.password_hash != proved.password_hash or not person.is_active:
        return InvalidCredentials()
    return person


async def is_known_place(
    connection: AsyncConnection, runtime: IdentityRuntime, person_id: UUID, client_address: str
) -> bool:
    """Has this person signed in from there lately?"""
    place = _place(runtime, person_id, network_of(client_address))
    return await known_places.is_known(connection, person_id, place, runtime.clock.now() - PLACE_KNOWN_FOR)


async def know_place(
    connection: AsyncConnection, runtime: IdentityRuntime, person_id: UUID, client_address: str
) -> None:
    """From now on wrong passwords from elsewhere do not hold up this person there."""
    wall_now = runtime.clock.now()
    place = _place(runtime, person_id, network_of(client_address))
    record = KnownPlaceRecord(person_id=person_id, place=place, last_seen_at=wall_now)
    await known_places.remember(connection, record, wall_now - PLACE_KNOWN_FOR)


async def _try(runtime: IdentityRuntime, known_as: str | None, typed: str, client_address: str) -> _Try:
    network = network_of(client_address)
    account = runtime.digest("throttle", known_as or typed).hex()
    place = runtime.digest("throttle", network).hex()
    pair = runtime.digest("throttle", f"{known_as or typed}\n{network}").hex()
    limit, place_limit = (
        runtime.settings.sign_in_attempts_per_minute,
        runtime.settings.sign_in_attempts_per_place_per_minute,
    )
    async with runtime.database.read() as connection:
        person = await people.find_by_email(connection, known_as) if known_as else None
        # Of an address that nobody has it is asked as well, and counted as much: else the time would tell.
        whose = person.id if person is not None else new_id()
        is_known = await is_known_place(connection, runtime, whose, client_address)
        left_at = await people.suspended_at(connection, whose)
    reason = person.suspension_reason if person is not None else None
    buckets = (
        (f"sign-in:pair:{pair}", limit),
        (f"sign-in:account:{account}", None if is_known else limit),
        (f"sign-in:place:{place}", None if is_known else place_limit),
    )
    return _Try(person, buckets, comes_back_until(reason, left_at, runtime.clock.now()))


def _place(runtime: IdentityRuntime, person_id: UUID, network: str) -> bytes:
    return runtime.digest("place", f"{person_id}\n{network}")


async def _judge(
    runtime: IdentityRuntime,
    tried: _Try,
    known_as: str | None,
    password: str,
    door_of_the_team: bool,
) -> ProvePasswordRefusal | None:
    """Two comparisons at most, and always two when it is no: with the account's password, then with that
    of the last form of the address, which waits for its link. A form for an address that has an account
    already is answered as any other is, so that nobody learns by it which addresses have one.
    """
    person = tried.person
    is_confirmed = person is not None and person.email_confirmed_at is not None
    own_hash = person.password_hash if person is not None and is_confirmed else None
    matches = await runtime.credentials.matches(password, own_hash)
    account = (
        Account(
            person.is_active,
            is_confirmed,
            bool(person.roles & STAFF),
            tried.comes_back_until,
        )
        if person
        else None
    )
    refused = check_sign_in(account, matches, form_matches=False, door_of_the_team=door_of_the_team)
    if refused is None:
        return None
    since = runtime.clock.now() - FORM_WAITS_FOR
    async with runtime.database.read() as connection:
        form = await sign_up_forms.latest_of_address(connection, known_as or "", since)
    waits = await runtime.credentials.matches(password, form.password_hash if form else None)
    return check_sign_in(account, matches, form_matches=waits, door_of_the_team=door_of_the_team)


async def _count(runtime: IdentityRuntime, buckets: tuple[tuple[str, int | None], ...]) -> None:
    """Count one try on every bucket, even when an earlier one is full already."""
    is_full = False
    async with runtime.database.read() as connection:
        for bucket, limit in buckets:
            hits, _ = await throttle.hit(connection, bucket, window=ATTEMPT_WINDOW, now=runtime.clock.now())
            is_full |= limit is not None and hits > limit
    if is_full:
        raise TooManyAttempts
