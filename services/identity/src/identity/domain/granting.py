"""The decision to grant: an ordered list of questions, then a new grant, a top-up, or a refusal.

Source: domain.md §2.2, §2.4.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.departments import timezone_of
from identity.domain.eligibility import Entitlement, entitlement
from identity.domain.file_steps import BeneficiaryFile, StepPolicy, check_steps
from identity.domain.grants import ENDED_LEAVES, TOP_UP_AT_AGE, Grant, GrantFamily, TopUp, expiry_of
from identity.domain.refusals import (
    ActiveGrantExists,
    FileRefused,
    GrantAlreadyGiven,
    NotEligibleAge,
    ResidenceExcluded,
    RoleForbidden,
    StepMissing,
)
from identity.domain.roles import Role, check_may_be_beneficiary
from identity.domain.territory import check_residence


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who asks for a credit. `opened_at` is the first step of the file; `held`: all past grants."""

    birth_date: date
    department: str | None
    opened_at: datetime
    file: BeneficiaryFile
    roles: frozenset[Role] = frozenset()
    held: tuple[Grant, ...] = ()
    postal_code: str | None = None

    @property
    def zone(self) -> str:
        return timezone_of(self.department)


@dataclass(frozen=True, slots=True)
class NewGrant:
    """`replaces` is the older active grant whose leftover goes into this one."""

    grant: Grant
    replaces: Grant | None = None


@dataclass(frozen=True, slots=True)
class ToppedUp:
    """`previous` as it was, `grant` as it is with `top_ups` in it."""

    previous: Grant
    grant: Grant
    top_ups: tuple[TopUp, ...]


CandidateRefusal = RoleForbidden | ResidenceExcluded | NotEligibleAge | StepMissing | FileRefused
GrantRefusal = CandidateRefusal | GrantAlreadyGiven | ActiveGrantExists

Rule = Callable[[Candidate, datetime, StepPolicy], CandidateRefusal | None]


def _role(candidate: Candidate, _: datetime, __: StepPolicy) -> CandidateRefusal | None:
    return check_may_be_beneficiary(candidate.roles)


def _residence(candidate: Candidate, now: datetime, _: StepPolicy) -> CandidateRefusal | None:
    return check_residence(candidate.department, candidate.postal_code, now)


def _age(candidate: Candidate, now: datetime, _: StepPolicy) -> CandidateRefusal | None:
    due = entitlement(candidate.birth_date, candidate.opened_at, now, candidate.zone)
    return None if isinstance(due, Entitlement) else due


def _steps(candidate: Candidate, _: datetime, policy: StepPolicy) -> CandidateRefusal | None:
    return check_steps(candidate.file, policy)


RULES: Sequence[Rule] = (_role, _residence, _age, _steps)


def check_candidate(candidate: Candidate, now: datetime, policy: StepPolicy) -> CandidateRefusal | None:
    """The first of: role, residence, age, steps of the file, that stands in the way."""
    for rule in RULES:
        refusal = rule(candidate, now, policy)
        if refusal is not None:
            return refusal
    return None


def decide_grant(
    candidate: Candidate, now: datetime, policy: StepPolicy
) -> NewGrant | ToppedUp | GrantRefusal:
    """What a complete file gives at `now`, or the first refusal."""
    refusal = check_candidate(candidate, now, policy)
    if refusal is not None:
        return refusal
    due = entitlement(candidate.birth_date, candidate.opened_at, now, candidate.zone)
    if not isinstance(due, Entitlement):
        return due
    return _beside_held(candidate, due, now)


def _beside_held(
    candidate: Candidate, due: Entitlement, now: datetime
) -> NewGrant | ToppedUp | GrantAlreadyGiven | ActiveGrantExists:
    """One grant per family; no second one beside an active one, except when it takes its place."""
    same = next((grant for grant in candidate.held if grant.family is due.family), None)
    if same is not None:
        return _complete(same, due, now)
    active = next((grant for grant in candidate.held if grant.is_active(now)), None)
    if active is not None and not _gives_way(active, due):
        return ActiveGrantExists()
    older = active or next((grant for grant in candidate.held if leaves_after_its_end(grant)), None)
    gives_way = older if older is not None and _gives_way(older, due) else None
    return NewGrant(grant_of(due, candidate.birth_date, candidate.zone, now), gives_way)


def leaves_after_its_end(grant: Grant) -> bool:
    """What is left of an underage credit that ends since the reform still goes into the one of 18 (T05)."""
    if grant.family is not GrantFamily.AGE_15_17 or grant.expires_at is None:
        return False
    return ENDED_LEAVES.at(grant.expires_at)


def _complete(grant: Grant, due: Entitlement, now: datetime) -> ToppedUp | GrantAlreadyGiven:
    """A GRANT_17_18 opened at 17 receives its 18-year part; any other family is given once."""
    if due.family is not GrantFamily.AGE_17_18 or not grant.is_active(now):
        return GrantAlreadyGiven(due.family)
    parts = tuple(TopUp(TOP_UP_AT_AGE[age], cents) for age, cents in due.by_age)
    missing = tuple(part for part in parts if part.kind not in grant.top_ups)
    return top_up(grant, missing) if missing else GrantAlreadyGiven(due.family)


def _gives_way(active: Grant, due: Entitlement) -> bool:
    """An underage credit ends when an adult one begins, whatever its date."""
    underage = {GrantFamily.AGE_15_17, GrantFamily.FREE}
    return active.family in underage and due.family not in underage


def grant_of(due: Entitlement, birth_date: date, zone: str, now: datetime) -> Grant:
    """A grant given at `now`. The ages it already pays are marked, so that none is paid again.

    A GRANT_15_17 does not mark the age it is opened at: its birthday top-up is judged by dates alone
    (`birthdays.py`), which until 2023 paid the 16th birthday twice to who was activated on that very day.
    """
    first_marked = 1 if due.family is GrantFamily.AGE_15_17 else 0
    marked = tuple(TOP_UP_AT_AGE[age] for age, _ in due.by_age[first_marked:] if age in TOP_UP_AT_AGE)
    return Grant(
        kind=due.kind,
        amount_cents=due.amount_cents,
        granted_at=now,
        expires_at=expiry_of(due.kind, now, birth_date, zone, now),
        top_ups=marked,
    )


def top_up(grant: Grant, top_ups: tuple[TopUp, ...]) -> ToppedUp:
    """The grant with some amounts more, each remembered by its kind."""
    larger = replace(
        grant,
        amount_cents=grant.amount_cents + sum(added.amount_cents for added in top_ups),
        top_ups=(*grant.top_ups, *(added.kind for added in top_ups)),
    )
    return ToppedUp(grant, larger, top_ups)
