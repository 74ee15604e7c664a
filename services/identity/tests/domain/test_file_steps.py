"""The steps of a file and their order (domain.md §2.2)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain.file_steps import (
    BeneficiaryFile,
    CheckStatus,
    Risk,
    Step,
    StepPolicy,
    check_steps,
    is_suspicious,
)
from identity.domain.refusals import FileRefused, StepMissing

ALL_STEPS = StepPolicy(phone=True, profiling=True)
EMPTY = BeneficiaryFile(18, False, None, False, False)
WHOLE = BeneficiaryFile(18, True, CheckStatus.ACCEPTED, True, True, phone_confirmed=True, risk=Risk.LOW)


def test_the_steps_are_asked_in_this_order() -> None:
    file, asked = EMPTY, []
    done = {
        Step.EMAIL: {"email_confirmed": True},
        Step.PHONE: {"phone_confirmed": True},
        Step.PROFILING: {"risk": Risk.LOW},
        Step.IDENTITY_CHECK: {"identity_check": CheckStatus.ACCEPTED},
        Step.PROFILE: {"profile_complete": True},
        Step.HONOUR_STATEMENT: {"honour_statement": True},
    }
    while (missing := check_steps(file, ALL_STEPS)) is not None:
        asked.append(Step(missing.step))
        file = replace(file, **done[asked[-1]])  # type: ignore[arg-type]
    assert asked == list(Step)
    assert file == WHOLE


@pytest.mark.parametrize("age", [15, 16, 17])
def test_the_phone_is_not_asked_under_18(age: int) -> None:
    assert check_steps(replace(WHOLE, age=age, phone_confirmed=False), ALL_STEPS) is None


def test_steps_that_are_switched_off_are_not_asked() -> None:
    assert check_steps(replace(WHOLE, phone_confirmed=False, risk=None), StepPolicy()) is None


def test_high_risk_is_refused_medium_only_marked() -> None:
    assert check_steps(replace(WHOLE, risk=Risk.HIGH), StepPolicy()) == FileRefused(Step.PROFILING)
    medium = replace(WHOLE, risk=Risk.MEDIUM)
    assert check_steps(medium, ALL_STEPS) is None
    assert is_suspicious(medium)
    assert not is_suspicious(WHOLE)


def test_a_pending_check_is_missing_a_rejected_one_refuses() -> None:
    assert check_steps(replace(WHOLE, identity_check=CheckStatus.PENDING), ALL_STEPS) == StepMissing(
        Step.IDENTITY_CHECK
    )
    assert check_steps(replace(WHOLE, identity_check=CheckStatus.REJECTED), ALL_STEPS) == FileRefused(
        Step.IDENTITY_CHECK
    )


@given(
    st.builds(
        BeneficiaryFile,
        age=st.integers(15, 20),
        email_confirmed=st.booleans(),
        identity_check=st.sampled_from([None, *CheckStatus]),
        profile_complete=st.booleans(),
        honour_statement=st.booleans(),
        phone_confirmed=st.booleans(),
        risk=st.sampled_from([None, *Risk]),
    ),
    st.builds(StepPolicy, st.booleans(), st.booleans()),
)
def test_a_file_passes_exactly_when_every_step_asked_is_done(
    file: BeneficiaryFile, policy: StepPolicy
) -> None:
    whole = (
        file.email_confirmed
        and (file.phone_confirmed or not policy.phone or file.age < 18)
        and file.risk is not Risk.HIGH
        and not (policy.profiling and file.risk is None)
        and file.identity_check is CheckStatus.ACCEPTED
        and file.profile_complete
        and file.honour_statement
    )
    assert (check_steps(file, policy) is None) is whole
