"""Outbox, idempotency keys, dead letters, outgoing mails, throttles."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        key uuid NOT NULL,
        type text NOT NULL,
        payload bytea NOT NULL,
        trace text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    # A queue: it is emptied as fast as it fills, so it must be vacuumed often.
    "ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)",
    """
    CREATE TABLE idempotency_keys (
        actor uuid NOT NULL,
        key uuid NOT NULL,
        operation text NOT NULL,
        fingerprint bytea NOT NULL,
        answer jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (actor, key)
    )
    """,
    """
    CREATE TABLE dead_letters (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        key bytea,
        value bytea,
        reason text NOT NULL,
        failed_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (topic, partition, "offset")
    )
    """,
    """
    CREATE TABLE outgoing_mails (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text NOT NULL,
        payload jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        attempts integer NOT NULL DEFAULT 0,
        sent_at timestamptz,
        failure text
    )
    """,
    "CREATE INDEX outgoing_mails_due ON outgoing_mails (next_attempt_at) WHERE sent_at IS NULL",
    """
    CREATE TABLE throttles (
        bucket text PRIMARY KEY,
        window_start timestamptz NOT NULL,
        hits integer NOT NULL
    )
    """,
)

COMMENTS = {
    "outbox": "Events committed with the change they tell, until the broker has acknowledged them",
    "idempotency_keys": "What each client-made key already did, and the answer it got",
    "dead_letters": "Messages that could not be applied; `replay` tries them again",
    "outgoing_mails": "Mails owed to people, written with the change that owes them",
    "throttles": "Attempts per key in the present window",
}


def upgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT to_regclass('outbox') IS NOT NULL")):
        return  # from before the chassis kept a history of its own
    for statement in STATEMENTS:
        op.execute(statement)
    for table, comment in COMMENTS.items():
        op.execute(f"COMMENT ON TABLE {table} IS $${comment}$$")
