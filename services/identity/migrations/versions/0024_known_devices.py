"""Devices that people have signed in with: one that is new is asked about."""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE known_devices (
            person_id uuid NOT NULL CONSTRAINT known_devices_person_id_fkey REFERENCES persons (id),
            device bytea NOT NULL,
            last_seen_at timestamptz NOT NULL,
            CONSTRAINT known_devices_pkey PRIMARY KEY (person_id, device)
        )
        """
    )
    op.execute(
        "COMMENT ON COLUMN known_devices.device IS "
        "'Keyed digest of what a client calls itself that somebody has signed in with'"
    )
