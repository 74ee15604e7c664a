"""The notebook's own tables: the notes it owns, their readers, and the copies it keeps of notes it was told about."""

from datetime import date

import sqlalchemy as sa

from chassis.at_rest import Sealed

METADATA = sa.MetaData()

notes = sa.Table(
    "notes",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("title", sa.Text, nullable=False, unique=True),
    sa.Column("price_cents", sa.BigInteger, nullable=False),
    sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

copies = sa.Table(
    "copies",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
)

readers = sa.Table(
    "readers",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("note_id", sa.Uuid, nullable=False),
    sa.Column("name", Sealed("readers.name"), nullable=False),
    sa.Column("born_on", Sealed("readers.born_on", date)),
)
