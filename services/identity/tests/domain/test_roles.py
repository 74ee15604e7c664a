"""Roles held, and doors opened (domain.md §2.1)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chassis.auth import TEAM
from identity.domain.attachments import AttachmentStatus
from identity.domain.grants import Grant, GrantKind, TopUpKind
from identity.domain.refusals import RoleForbidden
from identity.domain.roles import STAFF, Role, check_may_be_beneficiary, roles_of, session_roles
from identity.domain.structures import StructureStatus

NOBODY: frozenset[Role] = frozenset()
PENDING = (StructureStatus.PENDING, AttachmentStatus.VALIDATED)
VALIDATED = (StructureStatus.VALIDATED, AttachmentStatus.VALIDATED)
WAITING = (StructureStatus.VALIDATED, AttachmentStatus.PENDING)


def grant(kind: GrantKind) -> Grant:
    return Grant(kind, 0, datetime(2022, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([], set()),
        ([GrantKind.GRANT_15_17], {Role.UNDERAGE_BENEFICIARY}),
        ([GrantKind.GRANT_FREE], {Role.UNDERAGE_BENEFICIARY}),
        ([GrantKind.GRANT_18_V0], {Role.BENEFICIARY}),
        ([GrantKind.GRANT_17_18], {Role.UNDERAGE_BENEFICIARY}),
        ([GrantKind.GRANT_15_17, GrantKind.GRANT_18_V2], {Role.BENEFICIARY}),
    ],
)
def test_a_grant_makes_a_beneficiary(kinds: list[GrantKind], expected: set[Role]) -> None:
    assert roles_of(NOBODY, map(grant, kinds), ()) == expected


def test_a_17_18_makes_an_adult_beneficiary_once_its_18_year_part_is_given() -> None:
    whole = replace(grant(GrantKind.GRANT_17_18), top_ups=(TopUpKind.AGE_17, TopUpKind.AGE_18))
    assert roles_of(NOBODY, [whole], ()) == {Role.BENEFICIARY}


def test_the_pro_role_waits_for_both_validations_the_portal_does_not() -> None:
    assert roles_of(NOBODY, (), [PENDING, WAITING]) == set()
    assert session_roles(NOBODY, [PENDING]) == {"pro"}
    assert session_roles(NOBODY, [WAITING]) == set()
    assert roles_of(NOBODY, (), [WAITING, VALIDATED]) == {Role.PRO}


def test_a_pro_of_18_is_also_a_beneficiary() -> None:
    held = roles_of(NOBODY, [grant(GrantKind.GRANT_18_V2)], [VALIDATED])
    assert session_roles(held, [VALIDATED]) == {"pro", "beneficiary"}
    assert check_may_be_beneficiary(frozenset({Role.PRO})) is None


def test_an_underage_beneficiary_enters_as_a_beneficiary() -> None:
    assert session_roles(frozenset({Role.UNDERAGE_BENEFICIARY}), ()) == {"beneficiary"}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FINANCE])
def test_staff_never_holds_a_credit(role: Role) -> None:
    assert check_may_be_beneficiary(frozenset({role})) == RoleForbidden()
    assert roles_of(frozenset({role}), (), ()) == {role}
    assert session_roles(frozenset({role}), ()) == {role.value}


def test_the_team_is_whom_every_context_takes_for_it() -> None:
    assert frozenset(map(str, STAFF)) == TEAM
