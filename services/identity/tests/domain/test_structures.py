"""Structures, attachments, and what each state lets one see and do (domain.md §2.6, §6.3)."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain import attachments, structures
from identity.domain.attachments import (
    Ability,
    AttachmentEvent,
    AttachmentStatus,
    abilities,
    enters_portal,
    makes_pro,
    status_at_sign_up,
)
from identity.domain.refusals import AttachmentMoveRefused, StructureMoveRefused
from identity.domain.structures import StructureEvent, StructureStatus, releases_offers


def test_E78_a_second_colleague_of_a_siren_waits_and_sees_nothing() -> None:
    assert status_at_sign_up(siren_is_known=False) is AttachmentStatus.VALIDATED
    assert status_at_sign_up(siren_is_known=True) is AttachmentStatus.PENDING
    for structure in StructureStatus:
        assert abilities(structure, AttachmentStatus.PENDING) == frozenset()


def test_E79_a_pending_structure_prepares_offers_that_nobody_else_sees() -> None:
    can = abilities(StructureStatus.PENDING, AttachmentStatus.VALIDATED)
    assert {Ability.SEE_STRUCTURE, Ability.EDIT_CATALOG, Ability.ENTER_BANK_DETAILS} <= can
    assert not releases_offers(StructureStatus.PENDING)
    assert releases_offers(StructureStatus.VALIDATED)


@pytest.mark.parametrize("status", [StructureStatus.REJECTED, StructureStatus.CLOSED])
def test_a_rejected_or_closed_structure_creates_nothing_and_releases_nothing(status: StructureStatus) -> None:
    assert Ability.EDIT_CATALOG not in abilities(status, AttachmentStatus.VALIDATED)
    assert not releases_offers(status)


def test_U04_a_closed_structure_is_looked_at_and_does_nothing() -> None:
    for status in (StructureStatus.CLOSED, StructureStatus.REJECTED):
        assert abilities(status, AttachmentStatus.VALIDATED) == {Ability.SEE_STRUCTURE}


def test_a_rejected_attachment_may_do_nothing() -> None:
    assert not any(abilities(structure, AttachmentStatus.REJECTED) for structure in StructureStatus)


def test_pro_needs_both_validations_and_the_portal_only_the_attachment() -> None:
    both = [pair for pair in product(StructureStatus, AttachmentStatus) if makes_pro(*pair)]
    assert both == [(StructureStatus.VALIDATED, AttachmentStatus.VALIDATED)]
    assert [status for status in AttachmentStatus if enters_portal(status)] == [AttachmentStatus.VALIDATED]


@pytest.mark.parametrize(("status", "event"), list(product(StructureStatus, StructureEvent)))
def test_a_structure_moves_as_the_table_says_and_no_other_way(
    status: StructureStatus, event: StructureEvent
) -> None:
    allowed = {
        ("pending", "validate"): "validated",
        ("pending", "reject"): "rejected",
        ("validated", "close"): "closed",
    }
    expected = allowed.get((status.value, event.value))
    assert structures.move(status, event) == (expected or StructureMoveRefused(status, event))


@pytest.mark.parametrize(("status", "event"), list(product(AttachmentStatus, AttachmentEvent)))
def test_an_attachment_moves_as_the_table_says_and_no_other_way(
    status: AttachmentStatus, event: AttachmentEvent
) -> None:
    allowed = {
        ("pending", "validate"): "validated",
        ("pending", "reject"): "rejected",
        ("validated", "reject"): "rejected",
    }
    expected = allowed.get((status.value, event.value))
    assert attachments.move(status, event) == (expected or AttachmentMoveRefused(status, event))


@given(st.lists(st.sampled_from(StructureEvent)))
def test_no_sequence_of_events_leads_out_of_the_table(events: list[StructureEvent]) -> None:
    status = StructureStatus.PENDING
    for event in events:
        outcome = structures.move(status, event)
        if isinstance(outcome, StructureStatus):
            assert (status, event) in structures.MOVES
            status = outcome
    is_final = status in (StructureStatus.REJECTED, StructureStatus.CLOSED)
    refused = [isinstance(structures.move(status, event), StructureMoveRefused) for event in StructureEvent]
    assert all(refused) is is_final
