"""The rows of identity as frozen records: one field a column, in the column's name and type.

`changed_at` is the database's own business (`republish --since`), and in no record.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from identity.domain.account_tokens import TokenPurpose
from identity.domain.administration import Right
from identity.domain.attachments import AttachmentStatus
from identity.domain.email_changes import EmailChangeStatus
from identity.domain.factors import PASSWORD_ALONE, Factor, Method
from identity.domain.file_steps import CheckStatus
from identity.domain.grants import Grant, GrantFamily, GrantKind, TopUpKind
from identity.domain.leaving import DeactivationReason
from identity.domain.roles import Role
from identity.domain.structures import StructureStatus
from identity.domain.suspension import SuspensionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    id: UUID
    version: int = 1
    email: str
    password_hash: str
    first_name: str
    last_name: str
    birth_date: date | None = None
    phone: str | None = None
    postal_code: str | None = None
    department_code: str | None = None
    city: str | None = None
    activity: str | None = None
    roles: frozenset[Role] = frozenset()
    is_active: bool = True
    suspension_reason: SuspensionReason | None = None
    email_confirmed_at: datetime | None = None
    likeness_digest: bytes | None = None
    document_digest: bytes | None = None
    created_at: datetime
    anonymised_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionRecord:
    """A decision of the team, or of a person on their own account; without a reason the account was given back."""

    id: UUID
    person_id: UUID
    reason: SuspensionReason | None
    decided_by: UUID
    decided_at: datetime
    why_left: DeactivationReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChangeRecord:
    """A move of an account to another address, done or not."""

    id: UUID
    person_id: UUID
    session_id: UUID | None
    old_email: str
    new_email: str
    status: EmailChangeStatus
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureRecord:
    id: UUID
    version: int = 1
    siren: str
    name: str
    status: StructureStatus
    validated_at: datetime | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRecord:
    id: UUID
    version: int = 1
    person_id: UUID
    structure_id: UUID
    status: AttachmentStatus
    right_held: Right | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRecord:
    id: UUID
    version: int = 1
    person_id: UUID
    kind: GrantKind
    family: GrantFamily
    amount_cents: int
    digital_cap_cents: int | None
    physical_cap_cents: int | None
    granted_at: datetime
    expires_at: datetime | None
    top_ups: tuple[TopUpKind, ...] = ()
    replaces_grant_id: UUID | None = None

    @property
    def grant(self) -> Grant:
        """What the rules look at."""
        return Grant(
            kind=self.kind,
            amount_cents=self.amount_cents,
            granted_at=self.granted_at,
            expires_at=self.expires_at,
            top_ups=self.top_ups,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCheckRecord:
    id: UUID
    person_id: UUID
    status: CheckStatus
    document_digest: bytes
    document_digests: tuple[bytes, ...]
    first_name: str
    last_name: str
    birth_date: date
    city: str
    postal_code: str
    activity: str
    submitted_at: datetime
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpFormRecord:
    """What one form said. An account becomes what a form says once its own link was followed, never before."""

    id: UUID
    person_id: UUID
    password_hash: str
    first_name: str
    last_name: str
    birth_date: date | None = None
    phone: str | None = None
    postal_code: str | None = None
    department_code: str | None = None
    structure_id: UUID | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlaceRecord:
    person_id: UUID
    place: bytes
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDeviceRecord:
    person_id: UUID
    device: bytes
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTokenRecord:
    digest: bytes
    person_id: UUID
    purpose: TokenPurpose
    form_id: UUID | None = None
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    id: UUID
    person_id: UUID
    opened_at: datetime
    last_used_at: datetime
    methods: frozenset[Method] = PASSWORD_ALONE
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshTokenRecord:
    digest: bytes
    session_id: UUID
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRecord:
    """What somebody of the team signs in with besides a password: a secret for codes, or a key."""

    id: UUID
    person_id: UUID
    kind: Factor
    secret: str | None = field(default=None, repr=False)
    last_step: int | None = None
    credential_id: bytes | None = None
    public_key: bytes | None = None
    sign_count: int | None = None
    enrolled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeRecord:
    digest: bytes
    person_id: UUID
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentRecord:
    """Somebody of the team may register a first factor, once, until then."""

    id: UUID
    person_id: UUID
    opened_by: UUID | None
    opened_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChallengeRecord:
    id: UUID
    digest: bytes
    person_id: UUID
    nonce: bytes
    secret: str | None = field(repr=False)
    expires_at: datetime
    tries: int = 0
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRecord:
    """A technical partner; `name_key` is its name without case, accents and signs."""

    id: UUID
    name: str
    name_key: str
    created_by: UUID
    created_at: datetime
