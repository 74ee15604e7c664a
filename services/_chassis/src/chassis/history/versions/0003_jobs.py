"""Jobs, and how far the timetable was seen to."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    """
    CREATE TABLE jobs (
        id uuid PRIMARY KEY,
        kind text NOT NULL,
        arguments jsonb NOT NULL,
        owner uuid,
        unique_key text,
        trace text NOT NULL,
        asked_at timestamptz NOT NULL,
        state text NOT NULL DEFAULT 'queued'
            CONSTRAINT jobs_known_state
            CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
        cursor jsonb,
        done integer NOT NULL DEFAULT 0,
        total integer,
        report text,
        result jsonb,
        failure text,
        error text,
        is_cancel_wanted boolean NOT NULL DEFAULT false,
        attempts integer NOT NULL DEFAULT 0,
        failures integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz,
        started_at timestamptz,
        finished_at timestamptz,
        CONSTRAINT jobs_leased_while_running CHECK ((state = 'running') = (lease_until IS NOT NULL)),
        CONSTRAINT jobs_finished_once_over
            CHECK ((state IN ('queued', 'running')) = (finished_at IS NULL))
    )
    """,
    "CREATE UNIQUE INDEX jobs_one_per_key ON jobs (kind, unique_key) WHERE unique_key IS NOT NULL",
    "CREATE INDEX jobs_due ON jobs (next_attempt_at) WHERE state IN ('queued', 'running')",
    "CREATE INDEX jobs_finished ON jobs (kind, finished_at)",
    "CREATE TABLE timetable_marks (row text PRIMARY KEY, due_at timestamptz NOT NULL)",
)

COMMENTS = {
    "TABLE jobs": "Work that is done aside, in steps: asked for, leased to one process, resumed, over",
    "TABLE timetable_marks": "The last instant of each row of the timetable that was seen to",
    "COLUMN jobs.owner": "who may see and cancel it; null: the service itself",
    "COLUMN jobs.unique_key": "asked for again under it, a kind's job exists once",
    "COLUMN jobs.asked_at": "its business instant",
    "COLUMN jobs.cursor": "how far its work got, written with the work's effect",
    "COLUMN jobs.failure": "why it failed, for its owner",
    "COLUMN jobs.error": "the last exception's class, for operators",
    "COLUMN jobs.attempts": "claims: the newest counts",
}


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for named, comment in COMMENTS.items():
        op.execute(f"COMMENT ON {named} IS $${comment}$$")
