"""The secrets of the team's codes are sealed as what is personal is, by identity's own storage key.

The sealing key that they had lies in every context. Who is between the two steps of signing in begins again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0009"


def upgrade() -> None:
    attributes = op.get_context().config.attributes
    ring, sealer = attributes["ring"], attributes["sealer"]
    connection = op.get_bind()
    op.execute("LOCK TABLE factors, staff_challenges IN ACCESS EXCLUSIVE MODE")
    op.execute("ALTER TABLE factors ADD COLUMN secret bytea")
    rows = connection.execute(
        sa.text("SELECT id, person_id, sealed_secret FROM factors WHERE sealed_secret IS NOT NULL")
    ).all()
    for row in rows:
        try:
            secret = sealer.open(row.sealed_secret, ("identity.totp", row.person_id))["secret"]
        except ValueError:
            raise RuntimeError(
                f"no sealing key opens the secret of factor {row.id}: name its key in PASS_SEALING_KEYS_OLD, or "
                "delete the row; its person then registers another within three days of `job create-staff`"
            ) from None
        connection.execute(
            sa.text("UPDATE factors SET secret = :seal WHERE id = :id"),
            {"seal": ring.seal("factors.secret", row.person_id, secret.encode()), "id": row.id},
        )
    op.execute("ALTER TABLE factors DROP CONSTRAINT factors_kind_check")
    op.execute("ALTER TABLE factors DROP COLUMN sealed_secret")
    op.execute(
        """
        ALTER TABLE factors ADD CONSTRAINT factors_kind_check CHECK (
            CASE kind
                WHEN 'totp' THEN num_nonnulls(secret, last_step) = 2
                    AND num_nonnulls(credential_id, public_key, sign_count) = 0
                WHEN 'passkey' THEN num_nonnulls(secret, last_step) = 0
                    AND num_nonnulls(credential_id, public_key, sign_count) = 3
                ELSE false
            END
        )
        """
    )
    op.execute("DELETE FROM staff_challenges")
    op.execute("ALTER TABLE staff_challenges DROP CONSTRAINT staff_challenges_pkey")
    op.execute("ALTER TABLE staff_challenges DROP COLUMN sealed_secret")
    op.execute(
        "ALTER TABLE staff_challenges ADD COLUMN id uuid NOT NULL CONSTRAINT staff_challenges_pkey PRIMARY KEY"
    )
    op.execute("ALTER TABLE staff_challenges ADD CONSTRAINT staff_challenges_digest_key UNIQUE (digest)")
    op.execute("ALTER TABLE staff_challenges ADD COLUMN secret bytea")
    for column, comment in {
        "factors.secret": "Of codes: sealed for this person",
        "staff_challenges.secret": "Of codes offered to who has no factor: sealed for this person",
    }.items():
        op.execute(f"COMMENT ON COLUMN {column} IS '{comment}'")
