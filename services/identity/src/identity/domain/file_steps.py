"""The steps of a beneficiary's file, in order: the first that is not done is the answer (domain.md §2.2)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from identity.domain.refusals import FileRefused, StepMissing


class Step(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    PROFILING = "profiling"
    IDENTITY_CHECK = "identity_check"
    PROFILE = "profile"
    HONOUR_STATEMENT = "honour_statement"


class Risk(StrEnum):
    """What profiling says: high refuses, medium is only marked suspicious, low passes."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class CheckStatus(StrEnum):
    """State of an identity check, whatever channel it came by."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class BeneficiaryFile:
    """What is known of somebody on the way to a credit."""

    age: int
    email_confirmed: bool
    identity_check: CheckStatus | None
    profile_complete: bool
    honour_statement: bool
    phone_confirmed: bool = False
    risk: Risk | None = None


@dataclass(frozen=True, slots=True)
class StepPolicy:
    """Which optional steps are switched on."""

    phone: bool = False
    profiling: bool = False


Rule = Callable[[BeneficiaryFile, StepPolicy], StepMissing | FileRefused | None]


def _email(file: BeneficiaryFile, _: StepPolicy) -> StepMissing | None:
    return None if file.email_confirmed else StepMissing(Step.EMAIL)


def _phone(file: BeneficiaryFile, policy: StepPolicy) -> StepMissing | None:
    """Asked of those of 18 and over only."""
    if not policy.phone or file.age < 18 or file.phone_confirmed:
        return None
    return StepMissing(Step.PHONE)


def _profiling(file: BeneficiaryFile, policy: StepPolicy) -> StepMissing | FileRefused | None:
    if file.risk is Risk.HIGH:
        return FileRefused(Step.PROFILING)
    return StepMissing(Step.PROFILING) if policy.profiling and file.risk is None else None


def _identity_check(file: BeneficiaryFile, _: StepPolicy) -> StepMissing | FileRefused | None:
    if file.identity_check is CheckStatus.REJECTED:
        return FileRefused(Step.IDENTITY_CHECK)
    return None if file.identity_check is CheckStatus.ACCEPTED else StepMissing(Step.IDENTITY_CHECK)


def _profile(file: BeneficiaryFile, _: StepPolicy) -> StepMissing | None:
    return None if file.profile_complete else StepMissing(Step.PROFILE)


def _honour_statement(file: BeneficiaryFile, _: StepPolicy) -> StepMissing | None:
    return None if file.honour_statement else StepMissing(Step.HONOUR_STATEMENT)


RULES: Sequence[Rule] = (_email, _phone, _profiling, _identity_check, _profile, _honour_statement)


def check_steps(file: BeneficiaryFile, policy: StepPolicy) -> StepMissing | FileRefused | None:
    """The first step that is missing or was refused; None when the file is whole."""
    for rule in RULES:
        refusal = rule(file, policy)
        if refusal is not None:
            return refusal
    return None


def is_suspicious(file: BeneficiaryFile) -> bool:
    """Marked for a closer look, not refused."""
    return file.risk is Risk.MEDIUM
