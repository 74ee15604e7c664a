"""Documents are recognised by digests of several keys, so that the digest key can be changed."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE identity_checks ADD COLUMN document_digests bytea[]")
    op.execute("UPDATE identity_checks SET document_digests = ARRAY[document_digest]")
    op.execute("ALTER TABLE identity_checks ALTER COLUMN document_digests SET NOT NULL")
    op.execute(
        "COMMENT ON COLUMN identity_checks.document_digests IS 'By the digest key of the day and older ones'"
    )
    op.execute(
        "CREATE INDEX identity_checks_document_digests_idx ON identity_checks USING gin (document_digests)"
    )
