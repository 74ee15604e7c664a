"""The tables that every service's database holds beside its own, as `chassis/history` makes them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

METADATA = sa.MetaData()

outbox = sa.Table(
    "outbox",
    METADATA,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("key", sa.Uuid, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("trace", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    comment="Events committed with the change they tell, until the broker has acknowledged them",
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    METADATA,
    sa.Column("actor", sa.Uuid, primary_key=True),
    sa.Column("key", sa.Uuid, primary_key=True),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    sa.Column("answer", pg.JSONB),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    comment="What each client-made key already did, and the answer it got",
)

revocations = sa.Table(
    "revocations",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column(
        "until",
        sa.DateTime(timezone=True),
        comment="Of a session: when its last access token has ended by itself",
    ),
    sa.Index("revocations_changed_at", "changed_at"),
    sa.Index("revocations_until", "until", postgresql_where=sa.text("until IS NOT NULL")),
    comment="Whose tokens are taken no more: people who were suspended once, and sessions that ended",
)

dead_letters = sa.Table(
    "dead_letters",
    METADATA,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("partition", sa.Integer, nullable=False),
    sa.Column("offset", sa.BigInteger, nullable=False),
    sa.Column("key", sa.LargeBinary),
    sa.Column("value", sa.LargeBinary),
    sa.Column("proof", sa.LargeBinary),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.UniqueConstraint("topic", "partition", "offset"),
    comment="Messages that could not be applied; `replay` tries them again",
)

outgoing_mails = sa.Table(
    "outgoing_mails",
    METADATA,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", pg.JSONB, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("sent_at", sa.DateTime(timezone=True)),
    sa.Column("failure", sa.Text),
    sa.Column("parked_at", sa.DateTime(timezone=True)),
    sa.Index(
        "outgoing_mails_due",
        "next_attempt_at",
        postgresql_where=sa.text("sent_at IS NULL AND parked_at IS NULL"),
    ),
    comment="Mails owed to people, written with the change that owes them",
)

throttles = sa.Table(
    "throttles",
    METADATA,
    sa.Column("bucket", sa.Text, primary_key=True),
    sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
    sa.Column("hits", sa.Integer, nullable=False),
    comment="Attempts per key in the present window",
)

jobs = sa.Table(
    "jobs",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("arguments", pg.JSONB, nullable=False),
    sa.Column("owner", sa.Uuid, comment="who may see and cancel it; null: the service itself"),
    sa.Column("unique_key", sa.Text, comment="asked for again under it, a kind's job exists once"),
    sa.Column("trace", sa.Text, nullable=False),
    sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, comment="its business instant"),
    sa.Column("state", sa.Text, nullable=False, server_default="queued"),
    sa.Column(
        "cursor", pg.JSONB(none_as_null=True), comment="how far its work got, written with the work's effect"
    ),
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("total", sa.Integer),
    sa.Column("report", sa.Text),
    sa.Column("result", pg.JSONB(none_as_null=True)),
    sa.Column("failure", sa.Text, comment="why it failed, for its owner"),
    sa.Column("error", sa.Text, comment="the last exception's class, for operators"),
    sa.Column("is_cancel_wanted", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column(
        "attempts", sa.Integer, nullable=False, server_default="0", comment="claims: the newest counts"
    ),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("lease_until", sa.DateTime(timezone=True)),
    sa.Column("started_at", sa.DateTime(timezone=True)),
    sa.Column("finished_at", sa.DateTime(timezone=True)),
    sa.CheckConstraint(
        "state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="jobs_known_state"
    ),
    sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="jobs_leased_while_running"),
    sa.CheckConstraint(
        "(state IN ('queued', 'running')) = (finished_at IS NULL)", name="jobs_finished_once_over"
    ),
    sa.Index(
        "jobs_one_per_key",
        "kind",
        "unique_key",
        unique=True,
        postgresql_where=sa.text("unique_key IS NOT NULL"),
    ),
    sa.Index("jobs_due", "next_attempt_at", postgresql_where=sa.text("state IN ('queued', 'running')")),
    sa.Index("jobs_finished", "kind", "finished_at"),
    comment="Work that is done aside, in steps: asked for, leased to one process, resumed, over",
)

timetable_marks = sa.Table(
    "timetable_marks",
    METADATA,
    sa.Column("row", sa.Text, primary_key=True),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    comment="The last instant of each row of the timetable that was seen to",
)
