"""People, structures, attachments, grants, identity checks, tokens and sessions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("department_code", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "likeness_digest",
            sa.LargeBinary(),
            nullable=True,
            comment="Set for beneficiaries: one credit a person",
        ),
        sa.Column(
            "document_digest",
            sa.LargeBinary(),
            nullable=True,
            comment="Of the accepted document: serves one person",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "NOT (roles && '{admin,finance}' AND roles && '{beneficiary,underage_beneficiary}')",
            name="persons_staff_holds_no_credit_check",
        ),
        sa.CheckConstraint("email = lower(email) AND length(email) <= 120", name="persons_email_check"),
        sa.PrimaryKeyConstraint("id", name="persons_pkey"),
        sa.UniqueConstraint("document_digest", name="persons_document_digest_key"),
        sa.UniqueConstraint("email", name="persons_email_key"),
        sa.UniqueConstraint("likeness_digest", name="persons_likeness_digest_key"),
    )
    op.create_table(
        "structures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("validated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(status IN ('validated', 'closed')) = (validated_at IS NOT NULL)",
            name="structures_validated_at_check",
        ),
        sa.CheckConstraint("siren ~ '^[0-9]{9}$'", name="structures_siren_check"),
        sa.CheckConstraint(
            "status IN ('pending', 'validated', 'rejected', 'closed')", name="structures_status_check"
        ),
        sa.PrimaryKeyConstraint("id", name="structures_pkey"),
        sa.UniqueConstraint("siren", name="structures_siren_key"),
    )
    op.create_table(
        "account_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="The token itself is only in the mail"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="account_tokens_person_id_fkey"),
        sa.PrimaryKeyConstraint("digest", name="account_tokens_pkey"),
    )
    op.create_index("account_tokens_person_id_idx", "account_tokens", ["person_id"], unique=False)
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "right_held", sa.Text(), nullable=True, comment="As given at sign-up; null since rights are gone"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('pending', 'validated', 'rejected')", name="attachments_status_check"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="attachments_person_id_fkey"),
        sa.ForeignKeyConstraint(["structure_id"], ["structures.id"], name="attachments_structure_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="attachments_pkey"),
        sa.UniqueConstraint("person_id", "structure_id", name="attachments_person_id_structure_id_key"),
    )
    op.create_index("attachments_structure_id_idx", "attachments", ["structure_id"], unique=False)
    op.create_table(
        "grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("digital_cap_cents", sa.BigInteger(), nullable=True),
        sa.Column("physical_cap_cents", sa.BigInteger(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("top_ups", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("replaces_grant_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "amount_cents >= 0 AND digital_cap_cents >= 0 AND physical_cap_cents >= 0",
            name="grants_amounts_check",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="grants_person_id_fkey"),
        sa.ForeignKeyConstraint(["replaces_grant_id"], ["grants.id"], name="grants_replaces_grant_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="grants_pkey"),
        sa.UniqueConstraint("person_id", "family", name="grants_person_id_family_key"),
    )
    op.create_table(
        "identity_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "document_digest",
            sa.LargeBinary(),
            nullable=False,
            comment="Keyed digest: the number is not kept",
        ),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'accepted', 'rejected')", name="identity_checks_status_check"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="identity_checks_person_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="identity_checks_pkey"),
    )
    op.create_index(
        "identity_checks_one_pending",
        "identity_checks",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index("identity_checks_person_id_idx", "identity_checks", ["person_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="sessions_person_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="sessions_pkey"),
    )
    op.create_index("sessions_person_id_idx", "sessions", ["person_id"], unique=False)
    op.create_table(
        "refresh_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="refresh_tokens_session_id_fkey"),
        sa.PrimaryKeyConstraint("digest", name="refresh_tokens_pkey"),
    )
    op.create_index("refresh_tokens_session_id_idx", "refresh_tokens", ["session_id"], unique=False)
