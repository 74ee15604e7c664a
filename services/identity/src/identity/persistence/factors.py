"""Statements on what the team signs in with besides a password. What serves once is guarded where it is written."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.kept import Aggregates, Kept
from identity.domain.factors import CHALLENGE_TRIES
from identity.persistence.records import (
    EnrolmentRecord,
    FactorRecord,
    RecoveryCodeRecord,
    StaffChallengeRecord,
)
from identity.persistence.tables import enrolments, factors, recovery_codes, staff_challenges

_FACTORS = Aggregates(factors, FactorRecord)
_RECOVERY_CODES = Kept(recovery_codes, RecoveryCodeRecord)
_ENROLMENTS = Kept(enrolments, EnrolmentRecord)
_CHALLENGES = Kept(staff_challenges, StaffChallengeRecord)

_ADD = _FACTORS.insert.on_conflict_do_nothing(index_elements=[factors.c.credential_id])
_OF_PERSON = _FACTORS.select.where(factors.c.person_id == sa.bindparam("person")).order_by(factors.c.id)
_STEP = sa.bindparam("step", type_=sa.BigInteger)
_TAKE_STEP = (
    sa.update(factors)
    .where(factors.c.id == sa.bindparam("factor"), factors.c.last_step < _STEP)
    .values(last_step=_STEP)
)
_COUNTED = sa.bindparam("counted", type_=sa.BigInteger)
_TAKE_COUNT = (
    sa.update(factors)
    .where(
        factors.c.id == sa.bindparam("factor"),
        sa.or_(
            factors.c.sign_count < _COUNTED,
            # Many keys do not count at all: of their answers it is the nonce that serves once.
            sa.and_(factors.c.sign_count == 0, _COUNTED == 0),
        ),
    )
    .values(sign_count=_COUNTED)
)
_FORGET = (
    sa.delete(factors).where(factors.c.person_id == sa.bindparam("person")),
    sa.delete(recovery_codes).where(recovery_codes.c.person_id == sa.bindparam("person")),
)
_USE_RECOVERY = (
    sa.update(recovery_codes)
    .where(
        recovery_codes.c.digest == sa.bindparam("code_digest"),
        recovery_codes.c.person_id == sa.bindparam("person"),
        recovery_codes.c.used_at.is_(None),
    )
    .values(used_at=sa.bindparam("at"))
)
_OPEN_ENROLMENT = _ENROLMENTS.insert.on_conflict_do_update(
    index_elements=[enrolments.c.person_id],
    index_where=sa.text("used_at IS NULL"),
    set_={name: _ENROLMENTS.insert.excluded[name] for name in ("opened_by", "opened_at", "expires_at")},
)
_IS_OPEN = sa.and_(
    enrolments.c.person_id == sa.bindparam("person"),
    enrolments.c.used_at.is_(None),
    enrolments.c.expires_at >= sa.bindparam("at"),
)
_FIND_ENROLMENT = sa.select(sa.literal(1)).where(_IS_OPEN)
_USE_ENROLMENT = sa.update(enrolments).where(_IS_OPEN).values(used_at=sa.bindparam("at"))
_FORGET_CHALLENGES = sa.delete(staff_challenges).where(
    staff_challenges.c.person_id == sa.bindparam("person"), staff_challenges.c.expires_at < sa.bindparam("at")
)
_VOID_CHALLENGES = sa.delete(staff_challenges).where(staff_challenges.c.person_id == sa.bindparam("person"))
_IS_GOOD = sa.and_(
    staff_challenges.c.digest == sa.bindparam("challenge_digest"),
    staff_challenges.c.answered_at.is_(None),
    staff_challenges.c.expires_at >= sa.bindparam("at"),
)
_TRY_CHALLENGE = (
    sa.update(staff_challenges)
    .where(_IS_GOOD, staff_challenges.c.tries < CHALLENGE_TRIES)
    .values(tries=staff_challenges.c.tries + 1)
    .returning(*_CHALLENGES.columns)
)
_ANSWER_CHALLENGE = sa.update(staff_challenges).where(_IS_GOOD).values(answered_at=sa.bindparam("at"))


async def add(connection: AsyncConnection, factor: FactorRecord) -> bool:
    """False for a key that is somebody's already."""
    return await _FACTORS.add(connection, factor, _ADD)


async def of_person(connection: AsyncConnection, person_id: UUID) -> Sequence[FactorRecord]:
    """Oldest first."""
    return await _FACTORS.all(connection, _OF_PERSON, person=person_id)


async def take_step(connection: AsyncConnection, factor_id: UUID, step: int) -> bool:
    """False when a code of this step of time, or of a later one, was taken before."""
    done = await connection.execute(_TAKE_STEP, {"factor": factor_id, "step": step})
    return done.rowcount == 1


async def take_count(connection: AsyncConnection, factor_id: UUID, sign_count: int) -> bool:
    """False when the key has counted so far before: it is not the only one of its kind."""
    done = await connection.execute(_TAKE_COUNT, {"factor": factor_id, "counted": sign_count})
    return done.rowcount == 1


async def forget(connection: AsyncConnection, person_id: UUID) -> None:
    """No factor and no recovery code of the person is good any more."""
    for statement in _FORGET:
        await connection.execute(statement, {"person": person_id})


async def add_recovery_codes(connection: AsyncConnection, person_id: UUID, digests: Iterable[bytes]) -> None:
    for digest in digests:
        await _RECOVERY_CODES.add(connection, RecoveryCodeRecord(digest=digest, person_id=person_id))


async def use_recovery_code(
    connection: AsyncConnection, person_id: UUID, digest: bytes, wall_now: datetime
) -> bool:
    """False when the person has no such code, or has used it."""
    values = {"code_digest": digest, "person": person_id, "at": wall_now}
    return (await connection.execute(_USE_RECOVERY, values)).rowcount == 1


async def open_enrolment(connection: AsyncConnection, enrolment: EnrolmentRecord) -> None:
    """From now on the person may register a first factor; what was open before is replaced."""
    await _ENROLMENTS.add(connection, enrolment, _OPEN_ENROLMENT)


async def may_enrol(connection: AsyncConnection, person_id: UUID, wall_now: datetime) -> bool:
    return await connection.scalar(_FIND_ENROLMENT, {"person": person_id, "at": wall_now}) is not None


async def use_enrolment(connection: AsyncConnection, person_id: UUID, wall_now: datetime) -> bool:
    """False when the person may register no factor, or has just done so elsewhere."""
    done = await connection.execute(_USE_ENROLMENT, {"person": person_id, "at": wall_now})
    return done.rowcount == 1


async def add_challenge(
    connection: AsyncConnection, challenge: StaffChallengeRecord, wall_now: datetime
) -> None:
    """Keep it; those of the person that are over are forgotten."""
    await connection.execute(_FORGET_CHALLENGES, {"person": challenge.person_id, "at": wall_now})
    await _CHALLENGES.add(connection, challenge)


async def void_challenges(connection: AsyncConnection, person_id: UUID) -> None:
    """Whoever has given the person's password starts again."""
    await connection.execute(_VOID_CHALLENGES, {"person": person_id})


async def try_challenge(
    connection: AsyncConnection, digest: bytes, wall_now: datetime
) -> StaffChallengeRecord | None:
    """Count one answer to a challenge that may still have one; None when it may not.

    The count must outlive a refusal: call it on `Database.read()`, as throttles are.
    """
    return await _CHALLENGES.one(connection, _TRY_CHALLENGE, challenge_digest=digest, at=wall_now)


async def answer_challenge(connection: AsyncConnection, digest: bytes, wall_now: datetime) -> bool:
    """Of two right answers at once, True for one."""
    done = await connection.execute(_ANSWER_CHALLENGE, {"challenge_digest": digest, "at": wall_now})
    return done.rowcount == 1
