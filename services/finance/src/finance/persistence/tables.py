"""The tables of finance. Amounts are integer cents, rates basis points, instants timestamptz.

The last guards live here: one price that holds per booking, one accepted account per structure, one
batch per cutoff, one close at a time, and a ledger that can only grow (see the migration for its triggers).
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from chassis.at_rest import Sealed

METADATA = sa.MetaData()


def _instant(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, **more)


def _changed_at() -> sa.Column[Any]:
    return _instant("changed_at", server_default=sa.func.now())


structures = sa.Table(
    "structures",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("siren", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("may_enter_bank_details", sa.Boolean, nullable=False, server_default=sa.true()),
    comment="Structures as identity tells them",
)

venues = sa.Table(
    "venues",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("structure_id", sa.Uuid, nullable=False),
    sa.Column("siret", sa.Text),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("street", sa.Text),
    sa.Column("postal_code", sa.Text),
    sa.Column("city", sa.Text),
    sa.Index("venues_of_structure", "structure_id"),
    comment="Venues as catalog tells them",
)

bookings = sa.Table(
    "bookings",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("structure_id", sa.Uuid, nullable=False),
    sa.Column("venue_id", sa.Uuid, nullable=False),
    sa.Column("offer_id", sa.Uuid, nullable=False),
    sa.Column("offer_name", sa.Text, nullable=False),
    sa.Column("subcategory_id", sa.Text, nullable=False),
    sa.Column("deposit_kind", sa.Text),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("unit_price_cents", sa.BigInteger, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    _instant("created_at"),
    _instant("used_at", nullable=True),
    _instant("starts_at", nullable=True),
    _instant("ordered_at", nullable=True),
    sa.Column("sealed", sa.Text, nullable=False, server_default=""),
    sa.CheckConstraint("quantity > 0", name="bookings_quantity_positive"),
    sa.CheckConstraint("unit_price_cents >= 0", name="bookings_price_not_negative"),
    sa.CheckConstraint("(used_at IS NULL) = (ordered_at IS NULL)", name="bookings_ordered_when_used"),
    sa.Index("bookings_due", "ordered_at", "used_at", "id", postgresql_where=sa.text("status = 'USED'")),
    sa.Index("bookings_due_of_structure", "structure_id", postgresql_where=sa.text("status = 'USED'")),
    comment="Bookings as booking tells them; ordered_at is the instant that orders them in a counter",
)

bank_accounts = sa.Table(
    "bank_accounts",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("structure_id", sa.Uuid, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("iban", Sealed("bank_accounts.iban"), nullable=False),
    sa.Column("bic", Sealed("bank_accounts.bic"), nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("submitted_by", sa.Uuid, nullable=False),
    _instant("submitted_at"),
    sa.Column("decided_by", sa.Uuid),
    _instant("decided_at", nullable=True),
    _changed_at(),
    sa.Index("bank_accounts_of_structure", "structure_id", "id"),
    sa.Index(
        "bank_accounts_one_accepted",
        "structure_id",
        unique=True,
        postgresql_where=sa.text("status = 'accepted'"),
    ),
    comment="Accounts of structures: one accepted at a time",
)

batches = sa.Table(
    "batches",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    sa.Column("last_day", sa.Date, nullable=False),
    _instant("cutoff", unique=True),
    _instant("closed_at"),
    sa.Column("transfer_label", sa.Text, nullable=False),
    sa.Column("execution_date", sa.Date, nullable=False),
    sa.Column("total_cents", sa.BigInteger, nullable=False),
    sa.Column("transfer_count", sa.Integer, nullable=False),
    sa.Column("booking_count", sa.Integer, nullable=False),
    sa.Column("closed_by", sa.Uuid),
    sa.Column("accepted_by", sa.Uuid),
    sa.Column("accepted_at", sa.DateTime(timezone=True)),
    _instant("settled_at", nullable=True),
    sa.CheckConstraint("(accepted_by IS NULL) = (accepted_at IS NULL)", name="batches_accepted_by_somebody"),
    sa.CheckConstraint("accepted_by <> closed_by", name="batches_accepted_by_another"),
    sa.CheckConstraint("accepted_at IS NULL OR settled_at IS NOT NULL", name="batches_accepted_once_settled"),
    sa.Index(
        "batches_one_under_way",
        sa.text("(settled_at IS NULL)"),
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    ),
    comment="Closed fortnights: one cash run each",
)

close_parts = sa.Table(
    "close_parts",
    METADATA,
    sa.Column("batch_id", sa.Uuid, sa.ForeignKey("batches.id"), primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True),
    sa.Column("structure_ids", pg.ARRAY(sa.Uuid), nullable=False),
    sa.Column("is_settled", sa.Boolean, nullable=False, server_default=sa.false()),
    comment="What is left to do of the close under way: structures settled, then published",
)

cashflows = sa.Table(
    "cashflows",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("batch_id", sa.Uuid, sa.ForeignKey("batches.id"), nullable=False),
    sa.Column("structure_id", sa.Uuid, nullable=False),
    sa.Column("bank_account_id", sa.Uuid, sa.ForeignKey("bank_accounts.id"), nullable=False),
    sa.Column("amount_cents", sa.BigInteger, nullable=False),
    sa.Column("end_to_end_id", sa.Text, nullable=False),
    sa.Column("recipient_name", sa.Text, nullable=False),
    sa.Column("recipient_siren", sa.Text, nullable=False),
    sa.CheckConstraint("amount_cents > 0", name="cashflows_amount_positive"),
    sa.UniqueConstraint("batch_id", "bank_account_id", name="cashflows_one_per_account_and_batch"),
    sa.Index("cashflows_of_account", "bank_account_id"),
    comment="What one bank account is paid in one batch",
)

sepa_files = sa.Table(
    "sepa_files",
    METADATA,
    sa.Column("batch_id", sa.Uuid, sa.ForeignKey("batches.id"), primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("sha256", sa.Text, nullable=False, unique=True),
    sa.Column("content", Sealed("sepa_files.content", row="batch_id"), nullable=False),
    sa.Column("transaction_count", sa.Integer, nullable=False),
    sa.Column("control_sum_cents", sa.BigInteger, nullable=False),
    comment="Transfer orders as given to the bank; a same file cannot be registered twice",
)

pricings = sa.Table(
    "pricings",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("booking_id", sa.Uuid, nullable=False),
    sa.Column("structure_id", sa.Uuid, nullable=False),
    sa.Column("venue_id", sa.Uuid, nullable=False),
    sa.Column("booked_cents", sa.BigInteger, nullable=False),
    sa.Column("reimbursed_cents", sa.BigInteger, nullable=False),
    sa.Column("rate_bp", sa.Integer),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("custom_rule_id", sa.Uuid),
    sa.Column("revenue_cents", sa.BigInteger, nullable=False),
    _instant("used_at"),
    _instant("ordered_at"),
    sa.Column("civil_year", sa.SmallInteger, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("priced_in", sa.Uuid, sa.ForeignKey("batches.id"), nullable=False),
    sa.Column("batch_id", sa.Uuid, sa.ForeignKey("batches.id")),
    sa.Column("cashflow_id", sa.Uuid, sa.ForeignKey("cashflows.id")),
    _instant("paid_at", nullable=True),
    sa.Column("reversal_of", sa.Uuid, sa.ForeignKey("pricings.id")),
    _instant("reversed_at", nullable=True),
    _changed_at(),
    sa.CheckConstraint(
        "reversed_at IS NULL OR status = 'processed'", name="pricings_only_processed_are_reversed"
    ),
    sa.CheckConstraint(
        "(status = 'processed') = (batch_id IS NOT NULL)", name="pricings_processed_in_a_batch"
    ),
    sa.CheckConstraint("(paid_at IS NULL) = (cashflow_id IS NULL)", name="pricings_paid_by_a_cashflow"),
    sa.Index(
        "pricings_one_active",
        "booking_id",
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled' AND reversal_of IS NULL AND reversed_at IS NULL"),
    ),
    sa.Index(
        "pricings_reversed_once",
        "reversal_of",
        unique=True,
        postgresql_where=sa.text("reversal_of IS NOT NULL"),
    ),
    sa.Index("pricings_of_structure", "structure_id", "ordered_at", "id"),
    sa.Index("pricings_of_counter", "venue_id", "civil_year", "ordered_at"),
    sa.Index("pricings_waiting", "structure_id", postgresql_where=sa.text("status = 'validated'")),
    sa.Index("pricings_of_batch", "batch_id", "structure_id"),
    comment="The price of a used booking for its place; a new row when it is priced again",
)

departures = sa.Table(
    "departures",
    METADATA,
    sa.Column("booking_id", sa.Uuid, primary_key=True),
    _instant("noticed_at"),
    comment="Bookings that left USED while a close ran: looked at when it is over",
)

debit_notes = sa.Table(
    "debit_notes",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("batch_id", sa.Uuid, sa.ForeignKey("batches.id"), nullable=False),
    sa.Column("structure_id", sa.Uuid, nullable=False),
    sa.Column("bank_account_id", sa.Uuid, sa.ForeignKey("bank_accounts.id"), nullable=False),
    sa.Column("amount_cents", sa.BigInteger, nullable=False),
    sa.CheckConstraint("amount_cents > 0", name="debit_notes_amount_positive"),
    sa.UniqueConstraint("batch_id", "bank_account_id", name="debit_notes_one_per_account_and_batch"),
    comment="What an account owed for too long and is claimed, once a batch",
)

ledger = sa.Table(
    "ledger",
    METADATA,
    sa.Column("line", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("entry_id", sa.Uuid, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("amount_cents", sa.BigInteger, nullable=False),
    sa.Column("structure_id", sa.Uuid, nullable=False),
    sa.Column("batch_id", sa.Uuid),
    sa.Column("subject_id", sa.Uuid, nullable=False),
    _instant("recorded_at"),
    sa.CheckConstraint("amount_cents <> 0", name="ledger_amount_not_zero"),
    sa.Index("ledger_of_batch", "batch_id", "account"),
    comment="Double entry, append-only: lines of an entry sum to zero; subject is a pricing or a cashflow",
)
