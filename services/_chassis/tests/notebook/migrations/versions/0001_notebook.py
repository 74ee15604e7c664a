"""Notes, copies and the chassis' tables."""

from alembic import op
from notebook.tables import METADATA

from chassis.migrations import create_chassis_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_chassis_tables(op)
    METADATA.create_all(op.get_bind())
