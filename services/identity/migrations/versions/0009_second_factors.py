"""What the team signs in with besides a password; its sessions of before end."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("ALTER TABLE sessions ADD COLUMN methods text[] NOT NULL DEFAULT '{pwd}'")
    op.execute(
        """
        CREATE TABLE factors (
            id uuid NOT NULL CONSTRAINT factors_pkey PRIMARY KEY,
            person_id uuid NOT NULL CONSTRAINT factors_person_id_fkey REFERENCES persons (id),
            kind text NOT NULL,
            sealed_secret text,
            last_step bigint,
            credential_id bytea CONSTRAINT factors_credential_id_key UNIQUE,
            public_key bytea,
            sign_count bigint,
            enrolled_at timestamptz NOT NULL,
            CONSTRAINT factors_kind_check CHECK (
                CASE kind
                    WHEN 'totp' THEN num_nonnulls(sealed_secret, last_step) = 2
                        AND num_nonnulls(credential_id, public_key, sign_count) = 0
                    WHEN 'passkey' THEN num_nonnulls(sealed_secret, last_step) = 0
                        AND num_nonnulls(credential_id, public_key, sign_count) = 3
                    ELSE false
                END
            )
        )
        """
    )
    op.execute("CREATE INDEX factors_person_id_idx ON factors (person_id)")
    op.execute(
        """
        CREATE TABLE recovery_codes (
            digest bytea NOT NULL CONSTRAINT recovery_codes_pkey PRIMARY KEY,
            person_id uuid NOT NULL CONSTRAINT recovery_codes_person_id_fkey REFERENCES persons (id),
            used_at timestamptz
        )
        """
    )
    op.execute("CREATE INDEX recovery_codes_person_id_idx ON recovery_codes (person_id)")
    op.execute(
        """
        CREATE TABLE enrolments (
            id uuid NOT NULL CONSTRAINT enrolments_pkey PRIMARY KEY,
            person_id uuid NOT NULL CONSTRAINT enrolments_person_id_fkey REFERENCES persons (id),
            opened_by uuid,
            opened_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            used_at timestamptz
        )
        """
    )
    op.execute("CREATE INDEX enrolments_person_id_idx ON enrolments (person_id)")
    op.execute("CREATE UNIQUE INDEX enrolments_one_open ON enrolments (person_id) WHERE used_at IS NULL")
    op.execute(
        """
        CREATE TABLE staff_challenges (
            digest bytea NOT NULL CONSTRAINT staff_challenges_pkey PRIMARY KEY,
            person_id uuid NOT NULL CONSTRAINT staff_challenges_person_id_fkey REFERENCES persons (id),
            nonce bytea NOT NULL,
            sealed_secret text,
            expires_at timestamptz NOT NULL,
            tries integer NOT NULL DEFAULT 0,
            answered_at timestamptz
        )
        """
    )
    op.execute("CREATE INDEX staff_challenges_person_id_idx ON staff_challenges (person_id)")
    for thing, comment in {
        "TABLE factors": "What the team signs in with besides a password",
        "COLUMN factors.sealed_secret": "Of codes: sealed for this person",
        "COLUMN factors.last_step": "Of codes: that of the last one taken; none up to it is taken again",
        "COLUMN factors.public_key": "Of a key, COSE",
        "COLUMN factors.sign_count": "Of a key: how often it said that it had signed",
        "TABLE recovery_codes": "In the place of a lost factor, once each",
        "COLUMN recovery_codes.digest": "The code itself was shown once",
        "TABLE enrolments": "Who of the team may register a first factor, until when",
        "COLUMN enrolments.opened_by": "Who of the team reset the factor; null for an operator",
        "TABLE staff_challenges": "A right password of the team, which waits for its factor",
        "COLUMN staff_challenges.digest": "The challenge itself is only with its client",
        "COLUMN staff_challenges.nonce": "What a key signs",
        "COLUMN staff_challenges.sealed_secret": "Of codes offered to who has no factor: sealed for this person",
    }.items():
        op.execute(f"COMMENT ON {thing} IS '{comment}'")
    # Whoever is of the team already registers a factor at their next sign-in, as if their account were made today.
    op.execute(
        "INSERT INTO enrolments (id, person_id, opened_at, expires_at) "
        "SELECT gen_random_uuid(), id, now(), now() + interval '72 hours' FROM persons "
        "WHERE roles && '{admin,finance}'"
    )
    op.execute(
        "UPDATE sessions SET closed_at = now() FROM persons "
        "WHERE persons.id = sessions.person_id AND persons.roles && '{admin,finance}' AND closed_at IS NULL"
    )
