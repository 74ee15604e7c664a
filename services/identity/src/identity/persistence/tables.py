"""The tables of identity. Constraints are the last guard of the rules that two requests could race past."""

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from chassis.at_rest import Sealed
from identity.domain.account_tokens import TokenPurpose
from identity.domain.administration import Right
from identity.domain.attachments import AttachmentStatus
from identity.domain.email_changes import EmailChangeStatus
from identity.domain.factors import Factor, Method
from identity.domain.file_steps import CheckStatus
from identity.domain.grants import GrantFamily, GrantKind, TopUpKind
from identity.domain.leaving import DeactivationReason
from identity.domain.roles import Role
from identity.domain.structures import StructureStatus
from identity.domain.suspension import SuspensionReason

METADATA = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

_INSTANT = sa.DateTime(timezone=True)


class _Word(sa.types.TypeDecorator[StrEnum]):
    """One value of a closed set of the domain, kept as its text."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        self.kind = kind
        super().__init__()

    def process_bind_param(self, value: StrEnum | None, _: sa.Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _: sa.Dialect) -> StrEnum | None:
        return None if value is None else self.kind(value)


class _Words(sa.types.TypeDecorator[Any]):
    """Several of them: a frozenset, kept sorted, or a tuple, kept in its order."""

    impl = pg.ARRAY
    cache_ok = True

    def __init__(self, kind: type[StrEnum], into: Callable[[Iterable[StrEnum]], Any]) -> None:
        self.kind = kind
        self.into = into
        super().__init__(sa.Text)

    def process_bind_param(self, value: Any, _: sa.Dialect) -> list[str]:
        words = [str(word) for word in value]
        return sorted(words) if self.into is frozenset else words

    def process_result_value(self, value: list[str] | None, _: sa.Dialect) -> Any:
        return self.into(self.kind(word) for word in value or ())


def _changed_at() -> sa.Column[object]:
    """Wall-clock instant of the last change, for `republish --since`."""
    return sa.Column("changed_at", _INSTANT, nullable=False, server_default=sa.func.now())


class _Digests(sa.types.TypeDecorator[tuple[bytes, ...]]):
    """Digests of one thing by several keys, the newest first."""

    impl = pg.ARRAY
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(sa.LargeBinary)

    def process_bind_param(self, value: tuple[bytes, ...] | None, _: sa.Dialect) -> list[bytes]:
        return list(value or ())

    def process_result_value(self, value: list[bytes] | None, _: sa.Dialect) -> tuple[bytes, ...]:
        return tuple(value or ())


persons = sa.Table(
    "persons",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("first_name", Sealed("persons.first_name"), nullable=False),
    sa.Column("last_name", Sealed("persons.last_name"), nullable=False),
    sa.Column("birth_date", Sealed("persons.birth_date", date)),
    sa.Column("phone", Sealed("persons.phone")),
    sa.Column("postal_code", Sealed("persons.postal_code")),
    sa.Column("department_code", sa.Text),
    sa.Column("city", Sealed("persons.city")),
    sa.Column("activity", Sealed("persons.activity")),
    sa.Column("roles", _Words(Role, frozenset), nullable=False, server_default="{}"),
    sa.Column("is_active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("suspension_reason", _Word(SuspensionReason)),
    sa.Column("email_confirmed_at", _INSTANT),
    sa.Column(
        "likeness_digest", sa.LargeBinary, unique=True, comment="Set for beneficiaries: one credit a person"
    ),
    sa.Column(
        "document_digest", sa.LargeBinary, unique=True, comment="Of the accepted document: serves one person"
    ),
    sa.Column("created_at", _INSTANT, nullable=False),
    sa.Column("anonymised_at", _INSTANT, comment="From when on nothing personal is kept"),
    _changed_at(),
    sa.CheckConstraint("email = lower(email) AND length(email) <= 120", name="email"),
    sa.CheckConstraint(
        "NOT (roles && '{admin,finance}' AND roles && '{beneficiary,underage_beneficiary}')",
        name="staff_holds_no_credit",
    ),
    sa.CheckConstraint("NOT (roles && '{admin,finance}' AND roles && '{pro}')", name="staff_acts_for_nobody"),
    sa.CheckConstraint("is_active = (suspension_reason IS NULL)", name="suspended_for_a_reason"),
)

suspensions = sa.Table(
    "suspensions",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("persons.id"), nullable=False, index=True),
    sa.Column("reason", _Word(SuspensionReason)),
    sa.Column("decided_by", sa.Uuid, nullable=False),
    sa.Column("decided_at", _INSTANT, nullable=False),
    sa.Column("why_left", _Word(DeactivationReason), comment="What somebody said who left by themselves"),
    comment="Each time somebody was suspended, or given back (no reason), and by whom: the team, or themselves",
)

email_changes = sa.Table(
    "email_changes",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("persons.id"), nullable=False, index=True),
    sa.Column("session_id", sa.Uuid, comment="That it was asked from: the one that goes on"),
    sa.Column("old_email", Sealed("email_changes.old_email"), nullable=False),
    sa.Column("new_email", Sealed("email_changes.new_email"), nullable=False),
    sa.Column("status", _Word(EmailChangeStatus), nullable=False),
    sa.Column("asked_at", _INSTANT, nullable=False),
    sa.Column("expires_at", _INSTANT, nullable=False),
    _changed_at(),
    sa.CheckConstraint("status IN ('asked', 'confirmed', 'applied', 'cancelled')", name="status"),
    sa.Index(
        "email_changes_one_open",
        "person_id",
        unique=True,
        postgresql_where=sa.text("status IN ('asked', 'confirmed')"),
    ),
    comment="Moves of an account to another address",
)

structures = sa.Table(
    "structures",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("siren", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("status", _Word(StructureStatus), nullable=False),
    sa.Column("validated_at", _INSTANT),
    sa.Column("created_at", _INSTANT, nullable=False),
    _changed_at(),
    sa.CheckConstraint("siren ~ '^([0-9]{9}|NC[0-9]{7})$'", name="siren"),
    sa.CheckConstraint("status IN ('pending', 'validated', 'rejected', 'closed')", name="status"),
    sa.CheckConstraint(
        "(status IN ('validated', 'closed')) = (validated_at IS NOT NULL)", name="validated_at"
    ),
)

attachments = sa.Table(
    "attachments",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("person_id", sa.Uuid, sa.ForeignKey(persons.c.id), nullable=False),
    sa.Column("structure_id", sa.Uuid, sa.ForeignKey(structures.c.id), nullable=False, index=True),
    sa.Column("status", _Word(AttachmentStatus), nullable=False),
    sa.Column("right_held", _Word(Right), comment="As given at sign-up; null since rights are gone"),
    sa.Column("created_at", _INSTANT, nullable=False),
    _changed_at(),
    sa.UniqueConstraint("person_id", "structure_id"),
    sa.CheckConstraint("status IN ('pending', 'validated', 'rejected')", name="status"),
)

grants = sa.Table(
    "grants",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("person_id", sa.Uuid, sa.ForeignKey(persons.c.id), nullable=False),
    sa.Column("kind", _Word(GrantKind), nullable=False),
    sa.Column("family", _Word(GrantFamily), nullable=False),
    sa.Column("amount_cents", sa.BigInteger, nullable=False),
    sa.Column("digital_cap_cents", sa.BigInteger),
    sa.Column("physical_cap_cents", sa.BigInteger),
    sa.Column("granted_at", _INSTANT, nullable=False),
    sa.Column("expires_at", _INSTANT),
    sa.Column("top_ups", _Words(TopUpKind, tuple), nullable=False, server_default="{}"),
    sa.Column("replaces_grant_id", sa.Uuid, sa.ForeignKey("grants.id")),
    _changed_at(),
    sa.UniqueConstraint("person_id", "family"),
    sa.CheckConstraint(
        "amount_cents >= 0 AND digital_cap_cents >= 0 AND physical_cap_cents >= 0", name="amounts"
    ),
)

identity_checks = sa.Table(
    "identity_checks",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, sa.ForeignKey(persons.c.id), nullable=False, index=True),
    sa.Column("status", _Word(CheckStatus), nullable=False),
    sa.Column(
        "document_digest", sa.LargeBinary, nullable=False, comment="Keyed digest: the number is not kept"
    ),
    sa.Column(
        "document_digests", _Digests, nullable=False, comment="By the digest key of the day and older ones"
    ),
    sa.Column("first_name", Sealed("identity_checks.first_name"), nullable=False),
    sa.Column("last_name", Sealed("identity_checks.last_name"), nullable=False),
    sa.Column("birth_date", Sealed("identity_checks.birth_date", date), nullable=False),
    sa.Column("city", Sealed("identity_checks.city"), nullable=False),
    sa.Column("postal_code", Sealed("identity_checks.postal_code"), nullable=False),
    sa.Column("activity", Sealed("identity_checks.activity"), nullable=False),
    sa.Column("submitted_at", _INSTANT, nullable=False),
    sa.Column("decided_at", _INSTANT),
    sa.CheckConstraint("status IN ('pending', 'accepted', 'rejected')", name="status"),
    sa.Index(
        "identity_checks_one_pending",
        "person_id",
        unique=True,
        postgresql_where=sa.text("status = 'pending'"),
    ),
    sa.Index("identity_checks_document_digests_idx", "document_digests", postgresql_using="gin"),
)

sign_up_forms = sa.Table(
    "sign_up_forms",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, sa.ForeignKey(persons.c.id), nullable=False, index=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("first_name", Sealed("sign_up_forms.first_name"), nullable=False),
    sa.Column("last_name", Sealed("sign_up_forms.last_name"), nullable=False),
    sa.Column("birth_date", Sealed("sign_up_forms.birth_date", date)),
    sa.Column("phone", Sealed("sign_up_forms.phone")),
    sa.Column("postal_code", Sealed("sign_up_forms.postal_code")),
    sa.Column("department_code", sa.Text),
    sa.Column(
        "structure_id",
        sa.Uuid,
        sa.ForeignKey(structures.c.id),
        index=True,
        comment="Of a pro form: whom it asked to act for",
    ),
    sa.Column("created_at", _INSTANT, nullable=False),
)

known_places = sa.Table(
    "known_places",
    METADATA,
    sa.Column("person_id", sa.Uuid, sa.ForeignKey(persons.c.id), primary_key=True),
    sa.Column(
        "place",
        sa.LargeBinary,
        primary_key=True,
        comment="Keyed digest of a network somebody has signed in from",
    ),
    sa.Column("last_seen_at", _INSTANT, nullable=False),
)

known_devices = sa.Table(
    "known_devices",
    METADATA,
    sa.Column("person_id", sa.Uuid, sa.ForeignKey(persons.c.id), primary_key=True),
    sa.Column(
        "device",
        sa.LargeBinary,
        primary_key=True,
        comment="Keyed digest of what a client calls itself that somebody has signed in with",
    ),
    sa.Column("last_seen_at", _INSTANT, nullable=False),
)

account_tokens = sa.Table(
    "account_tokens",
    METADATA,
    sa.Column("digest", sa.LargeBinary, primary_key=True, comment="The token itself is only in the mail"),
    sa.Column("person_id", sa.Uuid, sa.ForeignKey(persons.c.id), nullable=False, index=True),
    sa.Column("purpose", _Word(TokenPurpose), nullable=False),
    sa.Column("form_id", sa.Uuid, sa.ForeignKey(sign_up_forms.c.id, ondelete="CASCADE"), index=True),
    sa.Column("expires_at", _INSTANT, nullable=False),
    sa.Column("used_at", _INSTANT),
)

sessions = sa.Table(
    "sessions",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, sa.ForeignKey(persons.c.id), nullable=False, index=True),
    sa.Column("opened_at", _INSTANT, nullable=False),
    sa.Column("last_used_at", _INSTANT, nullable=False, comment="When its last tokens were given"),
    sa.Column("methods", _Words(Method, frozenset), nullable=False, server_default="{pwd}"),
    sa.Column("closed_at", _INSTANT),
    _changed_at(),
)

refresh_tokens = sa.Table(
    "refresh_tokens",
    METADATA,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("session_id", sa.Uuid, sa.ForeignKey(sessions.c.id), nullable=False, index=True),
    sa.Column("expires_at", _INSTANT, nullable=False),
    sa.Column("used_at", _INSTANT),
)

factors = sa.Table(
    "factors",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, sa.ForeignKey(persons.c.id), nullable=False, index=True),
    sa.Column("kind", _Word(Factor), nullable=False),
    sa.Column(
        "secret", Sealed("factors.secret", row="person_id"), comment="Of codes: sealed for this person"
    ),
    sa.Column(
        "last_step",
        sa.BigInteger,
        comment="Of codes: that of the last one taken; none up to it is taken again",
    ),
    sa.Column("credential_id", sa.LargeBinary, unique=True),
    sa.Column("public_key", sa.LargeBinary, comment="Of a key, COSE"),
    sa.Column("sign_count", sa.BigInteger, comment="Of a key: how often it said that it had signed"),
    sa.Column("enrolled_at", _INSTANT, nullable=False),
    sa.CheckConstraint(
        "CASE kind WHEN 'totp' THEN num_nonnulls(secret, last_step) = 2"
        " AND num_nonnulls(credential_id, public_key, sign_count) = 0"
        " WHEN 'passkey' THEN num_nonnulls(secret, last_step) = 0"
        " AND num_nonnulls(credential_id, public_key, sign_count) = 3 ELSE false END",
        name="kind",
    ),
    comment="What the team signs in with besides a password",
)

recovery_codes = sa.Table(
    "recovery_codes",
    METADATA,
    sa.Column("digest", sa.LargeBinary, primary_key=True, comment="The code itself was shown once"),
    sa.Column("person_id", sa.Uuid, sa.ForeignKey(persons.c.id), nullable=False, index=True),
    sa.Column("used_at", _INSTANT),
    comment="In the place of a lost factor, once each",
)

enrolments = sa.Table(
    "enrolments",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, sa.ForeignKey(persons.c.id), nullable=False, index=True),
    sa.Column("opened_by", sa.Uuid, comment="Who of the team reset the factor; null for an operator"),
    sa.Column("opened_at", _INSTANT, nullable=False),
    sa.Column("expires_at", _INSTANT, nullable=False),
    sa.Column("used_at", _INSTANT),
    sa.Index("enrolments_one_open", "person_id", unique=True, postgresql_where=sa.text("used_at IS NULL")),
    comment="Who of the team may register a first factor, until when",
)

staff_challenges = sa.Table(
    "staff_challenges",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column(
        "digest",
        sa.LargeBinary,
        nullable=False,
        unique=True,
        comment="The challenge itself is only with its client",
    ),
    sa.Column("person_id", sa.Uuid, sa.ForeignKey(persons.c.id), nullable=False, index=True),
    sa.Column("nonce", sa.LargeBinary, nullable=False, comment="What a key signs"),
    sa.Column(
        "secret",
        Sealed("staff_challenges.secret", row="person_id"),
        comment="Of codes offered to who has no factor: sealed for this person",
    ),
    sa.Column("expires_at", _INSTANT, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("answered_at", _INSTANT),
    comment="A right password of the team, which waits for its factor",
)

providers = sa.Table(
    "providers",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False, unique=True),
    sa.Column("created_by", sa.Uuid, nullable=False),
    sa.Column("created_at", _INSTANT, nullable=False),
    comment="Technical partners: ticketing and stock software",
)
