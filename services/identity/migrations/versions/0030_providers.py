"""The companies whose software asks the platform in the place of a person."""

from alembic import op

revision = "0030"
down_revision = "0024"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE providers (
            id uuid NOT NULL CONSTRAINT providers_pkey PRIMARY KEY,
            name text NOT NULL,
            name_key text NOT NULL CONSTRAINT providers_name_key_key UNIQUE,
            created_by uuid NOT NULL,
            created_at timestamptz NOT NULL
        )
        """
    )
    op.execute("COMMENT ON TABLE providers IS 'Technical partners: ticketing and stock software'")
