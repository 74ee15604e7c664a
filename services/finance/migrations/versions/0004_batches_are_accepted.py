"""Who closed a fortnight, and who else accepted its transfers."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE batches
            ADD COLUMN closed_by uuid,
            ADD COLUMN accepted_by uuid,
            ADD COLUMN accepted_at timestamptz,
            ADD CONSTRAINT batches_accepted_by_somebody CHECK ((accepted_by IS NULL) = (accepted_at IS NULL)),
            ADD CONSTRAINT batches_accepted_by_another CHECK (accepted_by <> closed_by)
        """
    )
